#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# A run ends with 0, a table, the accounting identity, the verdict and the name of its result folder.
source "$(dirname "$0")/lib.sh"
workload '{use: memory}' 2s 'slo: ["p99(read) < 10s", "errors < 1%"]'

mbench run w.yaml --results results
expect_status 0
expect_in out 'read .*[0-9]'
expect_in out 'update .*[0-9]'
expect_in out 'p99\.9'
expect_in out 'offered'
expect_in out 'p99\(read\) < 10s'
folder=$(result_folder results)
expect_in out "$(basename "$folder")"
expect_file "$folder/run.json"
expect_file "$folder/latency.hlog"
expect_json "$folder/run.json"

cp out table
mbench report "$folder"
expect_status 0
diff <(grep -E '^ *(read|update) ' table) <(grep -E '^ *(read|update) ' out) || fail 'report prints another table'
