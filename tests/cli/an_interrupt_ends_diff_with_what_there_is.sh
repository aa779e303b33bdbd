#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
source "$(dirname "$0")/lib.sh"
workload '{use: memory}' 1s

start_mbench diff w.yaml --vs load.at=1 --rounds 200 --progress plain
wait_until 60 'the end of two rounds' grep -qE '^run 4 of 400, A: ' err
kill -INT "$pid"
finish_mbench
expect_status 130
expect_in out 'interrupted after [2-9] rounds'
expect_in out '^rate '
expect_in out '^SUGGESTIVE: '
[ "$(find results -name run.json | wc -l)" -ge 4 ] || fail 'the runs are not stored'
