#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# A large change is seen at the first look, after three rounds; a budget ends what would go on.
source "$(dirname "$0")/lib.sh"
workload '{use: noop}' 1s 'compare: {primary: [rate]}'
sed -i 's/at: 2/at: 4, think: 20ms/' w.yaml

mbench diff w.yaml --vs load.think=200ms --until decided --rounds 9 --progress none
expect_status 1
expect_in out '^WORSE: rate is [0-9]+ % lower'
expect_in out '^B .*, 3 runs'
mbench diff w.yaml --vs load.think=200ms --until decided --budget 4s --progress none
expect_status 3
expect_in out 'the budget of 4.00s had room for [1-4] rounds'
