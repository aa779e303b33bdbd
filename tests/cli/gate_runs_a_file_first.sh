#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# With a workload file the gate runs it: a fixed number of rounds, or until the verdict is clear.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/gate_lib.sh"
quiet_workload
make_baseline main 6

mbench gate w.yaml --baseline main --rounds 5 --results new
expect_status 0
[ "$(find new -name run.json | wc -l)" -eq 5 ] || fail 'not five runs'

# Sequential: it ends as soon as it is decided, long before the budget does.
mbench gate w.yaml --baseline main --until decided --budget 2m --results until --progress none
expect_status 0
[ "$(find until -name run.json | wc -l)" -eq 3 ] || fail 'not three runs'

# A run that is not valid ends it, because no further one could make it a pass.
# shellcheck disable=SC2016
sed 's/use: noop/use: sim, error_rate: "${ERRORS:-0}"/' w.yaml >sim.yaml
cp w.yaml noop.yaml && cp sim.yaml w.yaml
ERRORS=0 make_baseline sim
ERRORS=100% mbench gate w.yaml --baseline sim --rounds 5 --results failing
expect_status 4
expect_in out 'a gate does not pass over them'
[ "$(find failing -name run.json | wc -l)" -lt 5 ] || fail 'it went on'
cp noop.yaml w.yaml

mbench gate w.yaml --baseline main --until decided --budget 500ms
expect_status 2
expect_in err 'a verdict needs 3 runs, and these take 900ms at least'
for flags in '--until decided' '--budget 1m' '--until green --budget 1m' '--rounds 5 --until decided --budget 1m'; do
  # shellcheck disable=SC2086
  mbench gate w.yaml --baseline main $flags
  expect_status 2
done

# What is not comparable is known before anything is run.
mbench gate w.yaml --baseline main --set load.at=3 --results never
expect_status 4
expect_in out 'load\.stages\.0\.from'
expect_in out 'nothing was run'
[ ! -e never ] || fail 'something was run'

start_mbench gate w.yaml --baseline main --rounds 100 --results cut --progress none
wait_until 20 'a run is stored' test -d cut
kill -INT "$pid"
finish_mbench
expect_status 130
