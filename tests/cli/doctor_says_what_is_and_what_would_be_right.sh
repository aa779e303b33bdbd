#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# What it says depends on the host; that each row has its parts does not.
source "$(dirname "$0")/lib.sh"

expect_examined() { [ "$status" -le 1 ] || fail "exit code $status, neither 0 nor 1"; }

mbench doctor
expect_examined
for row in cores governor 'clock source' 'transparent huge pages' swappiness 'file system' somaxconn 'open files' 'CPU limit' lag noise noop loopback; do
  expect_in out "^  (ok|mind|change|[?]) +$row  "
done
expect_in out 'nothing was changed$'

mbench doctor --no-self-test --json --data "$PLACE"
expect_examined
expect_json out
[ "$(json out 'v.well')" = "$([ "$status" -eq 0 ] && echo true || echo false)" ] || fail "exit code and 'well' differ"
[ "$(json out 'v.groups.map(g => g.name).join()')" = cpu,memory,disk,network,limits ] || fail "other groups"
[ "$(json out 'v.groups.every(g => g.findings.every(f => ["well","mind","change","unknown"].includes(f.state) && f.right && f.why))')" = true ] ||
  fail "a finding lacks its parts"

# A system that has no settings to tell of, a mistake, and a server that is not there.
workload '{use: memory}' 1s
mbench doctor w.yaml --no-self-test
expect_examined
expect_in out 'driver memory knows no settings of its system'
workload '{use: sqlite, path: x.db}' 1s
mbench doctor w.yaml --no-self-test
[ ! -e x.db ] || fail 'it has made a database'
workload '{use: memory}' 1s
mbench doctor w.yaml --no-self-test --set load.at=x
expect_status 2
mbench doctor nothing://127.0.0.1
expect_status 2
mbench doctor redis://user:sesame@127.0.0.1:1 --no-self-test
expect_status 5
expect_not_in err sesame
