#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
source "$(dirname "$0")/lib.sh"
cat >w.yaml <<'YAML'
driver: {use: sim, service: 200us, distribution: constant, die_at: 2s}
load: {model: open, profile: steady, at: 500/s, over: 4s}
mix: {read: 1}
events:
  - {at: 1.9s, name: killed, run: "true", outage: {of: read, at_most: 30s}}
  - {after: {killed: 1s}, name: promoted, run: "echo 'no such host' >&2; exit 3"}
slo: [rto(killed) < 30s]
YAML

mbench run w.yaml
[ "$status" -eq 1 ] || [ "$status" -eq 4 ] || fail "exit code $status" # 4: the host has other work to do
expect_in out '^killed +read .*NEVER ENDED'
expect_in out 'rto\(killed\) < 30s +BROKEN'
expect_in out "warning +event 'promoted' failed with exit code 3; it said: 'no such host'"

# Without what had to be done, it is no experiment.
sed -i 's/exit 3"/exit 3", must: succeed/' w.yaml
mbench run w.yaml
expect_in out "INVALID +event 'promoted' failed with exit code 3.*had to succeed"
