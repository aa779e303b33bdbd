#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The simulated server stands still for exactly 700 ms: so long it was down, to 10 ms.
source "$(dirname "$0")/lib.sh"
cat >w.yaml <<'YAML'
driver: {use: sim, service: 200us, distribution: constant, capacity: 8, stalls: 2s+700ms}
load: {model: open, profile: steady, at: 500/s, over: 5s, connections: 1000}
mix: {read: 1}
events:
  - {at: 1.9s, name: stopped, run: "echo stopping; exit 0", outage: {of: read, at_most: 3s}}
  - {after: stopped, name: looked after, run: "true", must: succeed}
recovered: {errors: "< 0.1%", for: 1s}
slo: [rto(stopped) < 1s, rto(stopped) < 100ms]
YAML

mbench run w.yaml
# The second objective; 4 when the host has other work to do.
[ "$status" -eq 1 ] || [ "$status" -eq 4 ] || fail "exit code $status"
expect_in out '^outage +op +first error +last error +RTO'
expect_in out '^stopped +read .*recovered'
expect_in out '^commands +stopped .*\(exit code 0\), looked after .*\(exit code 0\)'
expect_in out 'rto\(stopped\) < 1s +pass'
expect_in out 'rto\(stopped\) < 100ms +BROKEN'
python3 - results/*/run.json <<'PYTHON'
import json, sys
run = json.load(open(sys.argv[1]))
outage, = run["outages"]
assert outage["state"] == "recovered" and outage["op"] == "read", outage
assert abs(outage["rto_s"] - 0.7) < 0.01, outage
assert outage["before"]["errors"] == 0 and outage["before"]["ended"] > 900, outage
event = run["events"][0]
assert event["output"] == "stopping\n" and event["exit_code"] == 0 and event["took_s"] > 0, event
PYTHON
grep -q 'id="outage-table"' results/*/report.html || fail 'no table on the page'

# Without a declaration a gap of a second or more is told, and breaks nothing.
sed -i -e 's/+700ms/+1500ms/' -e 's/, outage: {of: read, at_most: 3s}//' -e '/^recovered/d' -e '/^slo/d' w.yaml
mbench run w.yaml
expect_in out '^none declared, after .* read '
expect_in out 'no read was answered from .* on for 1\.5[0-9]*s'
