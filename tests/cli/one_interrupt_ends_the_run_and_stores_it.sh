#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
source "$(dirname "$0")/lib.sh"
workload '{use: memory}' 60s

start_mbench run w.yaml
wait_until 30 'two seconds of the run' has_intervals 2
kill -INT "$pid"
finish_mbench
expect_status 130
expect_in out 'read .*[0-9]'
expect_in out -i 'interrupted'
folder=$(result_folder results)
expect_json "$folder/run.json"
mbench report "$folder"
expect_status 0
expect_in out -i 'interrupted'
