#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Invalid, cut off, damaged, or of different things: each is refused with its reason, and nothing is stored.
source "$(dirname "$0")/lib.sh"

refused() {
  expect_status "$1"
  expect_in err "$2"
  expect_empty out
  [ ! -e baselines ] || fail 'something was stored'
}

workload '{use: memory}' 1s
mbench run w.yaml --results good
good=$(result_folder good)
mbench run w.yaml --results other --set load.at=3
other=$(result_folder other)
mbench run w.yaml --results broken --set 'driver={use: sim, service: 1ms, error_rate: 50%}'
expect_status 4
broken=$(result_folder broken)

mbench baseline save main "$good" "$broken"
refused 4 'only valid runs make a baseline'
expect_in err "$broken: .*of the ops ended in errors"

mbench baseline save main "$good" "$other"
refused 4 'runs of different things do not make a baseline'
expect_in err 'load\.stages\.0\.from is 2 in one and 3 in the other'

mbench baseline save main "$good" nowhere
refused 2 'nowhere: there is no such result'

cp -r "$good" torn
head -c 300 "$good/run.json" >torn/run.json
mbench baseline save main torn
refused 4 'torn/run.json'

start_mbench run w.yaml --set load.over=30s
wait_until 20 'two seconds are stored' has_intervals 2
kill -INT "$pid"
finish_mbench
expect_status 130
cut=$(result_folder results)
mbench baseline save main "$cut"
refused 4 "$cut: the run was cut off after"

mbench baseline save main
refused 2 'results'
