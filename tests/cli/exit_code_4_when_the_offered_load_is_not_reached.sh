#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# A simulated server that needs 10 ms per request and does one at a time cannot answer 1000 a second: the
# run is invalid, says so with the reason, on the table and in run.json.
source "$(dirname "$0")/lib.sh"
workload '{use: sim, service: 10ms, capacity: 1}' 2s
sed -i 's|^load:.*|load: {model: open, profile: steady, at: 1k/s, over: 2s, drain: 1s}|' w.yaml

mbench run w.yaml
expect_status 4
expect_in out -i 'invalid'
folder=$(result_folder results)
[ "$(json "$folder/run.json" 'v.invalid.length > 0')" = true ] || fail 'run.json does not say that it is invalid'
