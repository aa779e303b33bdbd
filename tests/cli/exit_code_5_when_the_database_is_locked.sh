#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# While one process has the store open, a second one is refused with a clear message, and the first goes on.
source "$(dirname "$0")/lib.sh"
workload '{use: rocksdb, path: data/one}' 60s

start_mbench run w.yaml
wait_until 30 'two seconds of the first run' has_intervals 2
first=$pid
cp out first.out
status=0
"$MBENCH" run w.yaml --results other >out 2>err </dev/null || status=$?
expect_status 5
expect_in err 'data/one'
expect_in err -i 'lock|another process|in use'
kill -INT "$first"
pid=$first
finish_mbench
expect_status 130
