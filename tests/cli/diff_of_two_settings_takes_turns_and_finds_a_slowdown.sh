#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Five rounds of clients that think for 50 ms and such that think for 200 ms: a quarter of the rate, exit code
# 1, in the order A B B A; and the stored runs say the same once they are told what is compared. The driver is
# noop because its runs are valid on a busy host too.
source "$(dirname "$0")/lib.sh"
workload '{use: noop}' 1s 'compare: {primary: [rate]}'
sed -i 's/at: 2/at: 4, think: 50ms/' w.yaml

mbench diff w.yaml --set run.seed=7 --vs load.think=200ms --rounds 5 --progress plain
expect_status 1
expect_in out '^compared +load.think_s: 0.05 -> 0.2'
expect_in out '^rate +[0-9.]+/s +[0-9.]+/s +0\.[1-4][0-9]+ '
expect_in out '^WORSE: rate is [0-9]+ % lower \([0-9]+ to [0-9]+ %\), .*/s -> .*/s; your margin is 5 %'
expect_in out 'differ in what is asked of the system \(load.think_s\)'
order=$(sed -nE 's/^run [0-9]+ of 10, ([AB]): .*/\1/p' err | tr -d '\n')
[ "$order" = ABBAABBAAB ] || fail "the order is $order"
folder=$(result_folder results)
[ "$(find "$folder/a" "$folder/b" -name run.json | wc -l)" -eq 10 ] || fail 'not every run is stored'

mbench diff "$folder"/a/* -- "$folder"/b/*
expect_status 4
expect_in out 'load.think_s is 0.05 in one and 0.2 in the other'
expect_in out -i 'incomparable'
expect_in out 'allow load.think_s'
mbench diff "$folder"/a/* -- "$folder"/b/* --allow load --json
expect_status 1
expect_json out
[ "$(json out 'v.verdict')" = worse ] || fail 'not worse'
[ "$(json out 'v.metrics.filter(m => m.primary).length')" -eq 2 ] || fail 'not the one primary metric and errors'
[ "$(json out 'v.a.runs + v.b.runs')" -eq 10 ] || fail 'not ten runs'
mbench diff "$folder"/b/* --against "$folder"/a/* --allow load
expect_status 0
expect_in out '^BETTER: rate is [0-9]+ % higher '

# One run each is not enough for anything but a suspicion.
mbench diff "$(find "$folder/a" -name run.json | head -n 1)" "$(find "$folder/b" -name run.json | head -n 1)" --allow load
expect_status 3
expect_in out '^SUGGESTIVE: '
expect_not_in out 'nan|inf'

# The same runs as a file of Google Benchmark.
mbench report "$folder"/a/* --format gbench
expect_status 0
cp out a.json
[ "$(json a.json 'v.benchmarks.filter(b => b.name == "small/all/p50").length')" -eq 5 ] || fail 'not an entry per run'
mbench report "$folder"/b/* --format gbench
expect_status 0
cp out b.json
mbench diff a.json b.json --json
case $status in 2 | 4) fail "exit code $status" ;; esac
[ "$(json out 'v.metrics.find(m => m.metric == "rate(small/all/time_per_op)").ratio.estimate < 0.5')" = true ] ||
  fail 'the files of Google Benchmark say something else'
mbench diff a.json a.json
expect_status 2
expect_in err 'same measurements'

# In the order of time the second five are slower.
as_older "$folder"/b/*/run.json
for run in "$folder"/b/*/run.json; do sed -i 's/"started_at": *"20/"started_at":"21/' "$run"; done
mbench history "$folder"/b/* "$folder"/a/* --allow load --metric 'p99.9(read)'
expect_status 1
expect_in out '10 runs'
expect_in out '^WORSE +rate '
expect_in out '^p99.9\(read\) '

# What is known and wanted raises no alarm again.
mbench history "$folder"/b/* "$folder"/a/* --allow load --accept 'clients think longer now'
expect_status 0
expect_in err 'accepted [1-9] changes? in baselines/accepted.json'
mbench history "$folder"/b/* "$folder"/a/* --allow load
expect_status 0
expect_in out '^worse +rate '
expect_in out 'accepted: clients think longer now'
mbench history "$folder"/a/* "$folder"/b/*
expect_status 4
expect_in err 'load.think_s'
mbench history "$folder"/a/*
expect_status 3
expect_in out '5 valid runs in all'
