#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# What find says of bad input, of a system that holds all that is asked, of one that holds nothing; and that
# a search goes on where it ended.
source "$(dirname "$0")/lib.sh"
cat >w.yaml <<'YAML'
name: small
driver: {use: noop}
data: {records: 100, value: {fields: 1, size: 20B}}
load: {model: open, profile: steady, at: 400/s, over: 5s}
mix: {read: 1}
YAML

mbench find w.yaml
expect_status 2
expect_in err "no objective that more load could break.*--slo"
mbench find w.yaml --slo 'p99 < 5ms' --budget 3s
expect_status 2
expect_in err "too short for one probe, which takes 5"
mbench find w.yaml --slo 'p99(reed) < 5ms'
expect_status 2
expect_in err "did you mean 'read'"
mbench find w.yaml --slo 'p99 < 5 parsecs'
expect_status 2
expect_in err '^mbench: --slo: '
mbench find w.yaml --slo 'p99 < 5ms' --from 0/s
expect_status 2
mbench find w.yaml --slo 'p99 < 5ms' --resume nowhere
expect_status 2
expect_in err "no search in 'nowhere'"
[ ! -e results ] || fail "a refused search left results"

# Nothing breaks up to the level that was asked for. The first search ends after a probe.
mbench find w.yaml --slo 'errors < 50%' --to 800/s --window 2s --warmup 0s --rest 0s --probes 1
if [ "$status" -eq 4 ]; then  # on a host that has other work to do no probe counts, and that is said
  expect_in err 'not counted'
  exit 0
fi
expect_status 0
expect_in err '^ +1 +400/s .* holds \(scout\)'
expect_in out '^CAPACITY +at least 400/s hold errors < 50%'
folder=$(result_folder results)
mbench find w.yaml --slo 'errors < 50%' --to 800/s --window 2s --warmup 0s --rest 0s --budget 30s --resume "$folder" --json
expect_status 0
expect_json out
[ "$(json out 'v.capacity.end + v.capacity.low + v.probes.length')" = at_least8002 ] || fail "not at least 800 after two probes"
[ "$(json out 'v.use.levels.capacity')" = 800 ] || fail "no use at the capacity"
expect_file "$folder/find.json"
expect_in err "^page +$folder/report.html"
expect_file "$folder/report.html"
expect_in "$folder/report.html" '<title>Capacity of small: At least</title>'
probe=$(basename "$(find "$folder/probes" -mindepth 1 -maxdepth 1 | head -1)")
expect_in "$folder/report.html" "href=\"./probes/$probe/report.html\""
expect_file "$folder/probes/$probe/report.html"
# The same from what is stored, as any result; from elsewhere the links lead there.
mbench report "$folder"
expect_status 0
expect_in out '^CAPACITY +at least 800/s hold'
expect_in out '^LIMIT  '
expect_in out '^the busiest worker of the load generator +[0-9]+\.[0-9]+%'
mbench report "$folder" --format html
expect_status 0
expect_in out '<title>Capacity of small: At least</title>'
mbench report "$folder/find.json" -o search.html
expect_status 0
expect_in search.html "href=\"./$folder/probes/$probe/report.html\""
mbench report "$folder" --format csv
expect_status 2
mbench report "$folder" "$folder/probes/$probe"
expect_status 2
[ "$(find "$folder/probes" -name run.json | wc -l)" -eq 2 ] || fail "not two stored probes"
mbench find w.yaml --slo 'errors < 40%' --resume "$folder"
expect_status 2
expect_in err 'another workload, or with other objectives'

# Not even one per second holds.
rm -r results
mbench find w.yaml --slo 'p99 <= 1ns' --from 2/s --window 2s --warmup 0s --rest 0s --budget 1m
expect_status 1
expect_in out '^CAPACITY +none: even at 1/s p99 is .*, and p99 <= 1ns was asked for'
