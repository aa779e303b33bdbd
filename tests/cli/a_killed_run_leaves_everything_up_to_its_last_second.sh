#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
source "$(dirname "$0")/lib.sh"
workload '{use: memory}' 60s

start_mbench run w.yaml
wait_until 30 'three seconds of the run' has_intervals 3
kill -KILL "$pid"
finish_mbench
expect_status 137
folder=$(result_folder results)
cp -r "$folder" before

mbench report "$folder"
expect_status 0
expect_in out -i 'ended early'
expect_in out 'read .*[0-9]'
diff -r before "$folder" || fail 'the report changed what the run left'

mbench report "$folder" --json
expect_json out
