#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The scenario that is shipped, on a real server, beside a log of pings that knows nothing of mbench.
source "$(dirname "$0")/lib.sh"
ROOT=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
command -v redis-server >/dev/null || skip 'no redis-server'
chmod 755 "$PLACE" # servers run as nobody
export MBENCH_SERVERS_DIR=$PLACE/servers
trap '"$ROOT/scripts/servers" stop >/dev/null 2>&1; leave' EXIT
"$ROOT/scripts/servers" start redis >/dev/null 2>&1 || skip 'redis does not start here'
eval "$("$ROOT/scripts/servers" env)"
export STOP="$ROOT/scripts/servers kill redis" START="$ROOT/scripts/servers start redis"

python3 - "$MBENCH_TEST_REDIS_PORT" >pings 2>/dev/null <<'PYTHON' &
import socket, sys, time
down = None
while True:
    try:
        with socket.create_connection(("127.0.0.1", int(sys.argv[1])), 0.2) as line:
            line.settimeout(0.2)
            while True:
                line.sendall(b"PING\r\n")
                if line.recv(100)[:1] != b"+":
                    raise OSError
                now = time.monotonic()
                if down is not None and now - down > 0.5:
                    print(now - down, flush=True)
                down = now
                time.sleep(0.001)
    except OSError:
        time.sleep(0.001)
PYTHON
started+=("$!")

mbench run "$ROOT/workloads/scenarios/redis-restart.yaml"
[ "$status" -eq 0 ] || [ "$status" -eq 4 ] || fail "exit code $status" # a busy host makes runs invalid
expect_in out '^redis killed +read .*recovered'
expect_in out '^redis killed +update .*recovered'
if grep -q 'outside of declared outages\|did not reach its offered load' out; then fail 'its errors made the run invalid'; fi
python3 - results/*/run.json pings <<'PYTHON'
import json, sys
run = json.load(open(sys.argv[1]))
seen = [float(line) for line in open(sys.argv[2])]
assert len(seen) == 1, seen
for outage in run["outages"]:
    print(outage["op"], "rto", outage["rto_s"], "silence", outage["silence_s"], "log", seen[0])
    assert outage["during"]["errors"] > 0, outage
    # Connections are made again with a pause that grows, so that load is back a little later than pings are.
    assert seen[0] - 0.05 < outage["silence_s"] < seen[0] + 1.5, (outage, seen)
PYTHON
