#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# A server that answers after a minute: the first Ctrl-C waits for what is in flight, the second does not.
source "$(dirname "$0")/lib.sh"
workload '{use: sim, service: 60s, distribution: constant}' 60s 'run: {timeout: 50s}'

start_mbench run w.yaml
wait_until 30 'two seconds of the run' has_intervals 2
kill -INT "$pid"
wait_until 10 'an answer to the first Ctrl-C' grep -q 'once more to abort' err
kill -0 "$pid" 2>/dev/null || fail 'it did not wait for what is in flight'
begin=$SECONDS
kill -INT "$pid"
finish_mbench
expect_status 130
[ $((SECONDS - begin)) -le 3 ] || fail "it took $((SECONDS - begin)) s to end"
