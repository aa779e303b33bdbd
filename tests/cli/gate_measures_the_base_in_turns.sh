#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Without a baseline, or when that cannot tell, the gate measures the base itself, in turns with the change: with other
# settings, or after a command that puts the base in place.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/gate_lib.sh"
cat >w.yaml <<'YAML'
name: turns
driver: {use: noop}
data: {records: 100}
load: {model: closed, profile: steady, at: 2, over: 300ms, think: 20ms}
mix: {read: 100}
compare: {primary: [rate], margin: {rate: 30%}}
YAML

mbench gate w.yaml --base load.think=100ms --rounds 5 --results new --progress none
expect_status 0
expect_in out '^BETTER: rate is [0-9]+ % higher'
expect_in out '^compared +load.think_s: 0.1 -> 0.02'
[ "$(find new/base new/change -name run.json | wc -l)" -eq 10 ] || fail 'not five rounds'
mbench gate w.yaml --base load.think=4ms --until decided --budget 1m --results until --progress none
expect_status 1
expect_in out '^WORSE: rate is [0-9]+ % lower'
[ "$(find until -name run.json | wc -l)" -le 10 ] || fail 'more than five rounds'

# A command before every run of a side. Runs of one plan on both sides are the same.
mbench gate w.yaml --base-command 'echo base >>order' --command 'echo change >>order' --rounds 5 --results commands
[ "$status" -eq 0 ] || [ "$status" -eq 3 ] || fail "exit code $status"
[ "$(tr '\n' ' ' <order)" = 'base change change base base change change base base change ' ] || fail "$(cat order)"
mbench gate w.yaml --base-command 'exit 7' --rounds 5 --results never
expect_status 2
expect_in err "ended with 7"

# A baseline of four runs cannot tell.
make_baseline main 4
mbench gate w.yaml --baseline main --base load.think=100ms --again --rounds 5 --results again --progress none
expect_status 0
expect_in out '^BETTER: '
expect_in out 'the baseline could not tell \(suggestive\), so both were measured, in turns'

mbench gate w.yaml
expect_status 2
expect_in err 'what is it to be held against'
mbench gate w.yaml --again --baseline main
expect_status 2
expect_in err 'it needs --baseline, and --base'
