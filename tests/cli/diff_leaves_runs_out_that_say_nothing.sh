#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# All ops fail on one side: its runs are invalid, and after three of them nobody waits for five more. No op of
# a kind that decides: that metric is open, and says why.
source "$(dirname "$0")/lib.sh"
workload '{use: sim, service: 80ms, distribution: constant, capacity: 100}' 1s

mbench diff w.yaml --vs driver.error_rate=1 --progress none
expect_status 4
expect_in out '^INVALID: no run of [AB] is valid'
expect_in out 'given up after 3 rounds'
expect_in out 'left out +B '
# All figures are there all the same.
expect_in out 'not all are valid, so nothing is concluded'
expect_in out '^errors +[0-9.]+% +100.00%'
expect_in out 'errors'

workload '{use: noop}' 1s 'compare: {primary: [p99(scan), rate]}'
sed -i 's/^mix:.*/mix: {read: 1000000, scan: 0.0001}/; s/at: 2/at: 2, think: 5ms/' w.yaml
mbench diff w.yaml --vs load.think=6ms --rounds 1 --progress none
expect_status 3
expect_in out 'measured no p99\(scan\)'
