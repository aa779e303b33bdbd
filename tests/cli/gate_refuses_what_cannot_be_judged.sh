#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Bad input: a clear message each, the code that CI needs, and nothing overwritten.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/gate_lib.sh"
gated_workload
make_baseline main
measure 5 new
cp -r baselines before

refused() {
  expect_status "$1"
  expect_in "$2" "$3"
  diff -r before baselines || fail 'a baseline was changed'
}

# baselines that are not there
mbench gate new/* --baseline mian
refused 2 err "there is no baseline 'mian' in baselines; did you mean 'main'"
mbench gate new/* --baseline ../main
refused 2 err 'is no name for a baseline'
mbench gate new/* --baseline main --baselines elsewhere
refused 2 err 'nor any other in elsewhere'

# results that are not there, damaged, cut short
mbench gate new/* nowhere --baseline main
refused 2 err "there is no file or result 'nowhere'"
cp -r new torn
head -c 500 new/run-0/run.json >torn/run-0/run.json
mbench gate torn/* --baseline main --junit torn.xml
refused 4 err 'torn/run-0/run.json'
expect_in torn.xml '<error message='
xmllint --noout torn.xml

# the same run twice, or on both sides
mbench gate new/* new/run-0 --baseline main
refused 2 err 'are the same run'
mbench gate for-main/* --baseline main
refused 2 err 'are the same run'

# runs of something else: another plan, driver, host, version of run.json
measure 1 plan --set load.at=3
mbench gate plan/* --baseline main
refused 4 out 'load\.stages\.0\.from'
measure 1 driver --set 'driver={use: memory}'
mbench gate driver/* --baseline main
refused 4 out 'driver\.use'
cp -r new host
sed -i 's/"cores": [0-9]*/"cores": 4096/' host/*/run.json
mbench gate host/* --baseline main
refused 4 out 'host\.cores'
cp -r new schema
sed -i 's/"schema": 1/"schema": 99/' schema/*/run.json
mbench gate schema/* --baseline main
refused 4 err 'schema 99'

# a baseline of another workload
sed -i 's/^name: .*/name: another/; s/at: 2/at: 1/' w.yaml
mbench gate w.yaml --baseline main --results never
refused 4 out "baseline main is of the workload 'gated', not 'another'"
[ ! -e never ] || fail 'something was run'
gated_workload

# one run only, all errors, an op of which there were none
mbench gate new/run-0 --baseline main
refused 3 out 'fewer than 5 runs'
ERRORS=100% mbench run w.yaml --results errors --progress none
expect_status 4
mbench gate errors/* --baseline main
refused 4 out 'of the ops ended in errors'
sed -i 's/primary: .p50./primary: [p50, p50(update)]/; s/read: 100/read: 9999, update: 1/' w.yaml
measure 1 none
mbench baseline save none none/* --baselines others
expect_status 0
measure 1 none2
mbench gate none2/* --baseline none --baselines others
refused 3 out 'measured no p50\(update\)'

# files that cannot be written are found before anything is run
gated_workload
for flag in --junit --markdown --json; do
  mbench gate w.yaml --baseline main "$flag" no/such/folder/file --results never
  refused 2 err 'no/such/folder/file: cannot write to it'
done
mbench gate w.yaml --baseline main --junit "$PWD" --results never
refused 2 err 'cannot write to it'
[ ! -e never ] || fail 'something was run'

# nothing is left of a file that got nothing, and what was there stays
echo precious >kept.md
mbench gate new/* --baseline mian --markdown kept.md --json new.json
refused 2 err 'mian'
[ "$(cat kept.md)" = precious ] || fail 'a file was emptied'
[ ! -e new.json ] || fail 'an empty file was left'

mbench gate new/* w.yaml --baseline main
refused 2 err 'a gate takes results, or one workload file'
mbench gate w.yaml w.yaml --baseline main
refused 2 err 'one workload file'
mbench gate new/* --baseline main --rounds 5
refused 2 err 'for a workload file'
mbench gate new/*
refused 2 err -- '--baseline'
