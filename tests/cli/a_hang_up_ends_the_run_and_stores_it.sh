#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
source "$(dirname "$0")/lib.sh"
workload '{use: memory}' 60s

has_run_json() { find results -name run.json | grep -q .; }

start_mbench run w.yaml
wait_until 30 'two seconds of the run' has_intervals 2
kill -HUP "$pid"
finish_mbench
expect_status 130
expect_in out -i 'interrupted'
expect_json "$(result_folder results)/run.json"

# A run that was cut off at once is invalid too, and still an interrupted one to the shell.
rm -r results
workload '{use: memory}' 60s 'slo: [rate > 1M/s]'
start_mbench run w.yaml
wait_until 30 'the run' has_run_json
kill -TERM "$pid"
finish_mbench
expect_status 130
