#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
source "$(dirname "$0")/lib.sh"
workload '{use: memory}' 60s

mbench run w.yaml --set load.over=1s --set 'mix={read: 100}' --set data.records=50 --json
expect_status 0
expect_json out
folder=$(result_folder results)
expect_in "$folder/run.json" '"records": ?50'

mbench check w.yaml --set load.ovre=1s
expect_status 2
expect_in err "ovre.*did you mean 'over'"
expect_in err '--set'

mbench check w.yaml --set load.over
expect_status 2
expect_in err -i 'path=value'

mbench check w.yaml --set load.over=long
expect_status 2
expect_in err 'long'
