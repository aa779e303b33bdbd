#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Does mbench tell the truth about a server that freezes? 200 requests a second on 10 connections for 20 s against
# freeze_server, whose response times are known: requests are due every 5 ms, four times 100 of them hit a freeze, and one
# that is due t ms after its begin takes 501 - t. Percentiles fall exactly between two requests, 5 ms apart (the slowest 5 %
# of 4,000 are 200): that of the slower one and that of the faster one are both true, p95 is 256 or 251.
#
#   tests/accuracy/freeze.sh PROGRAM FREEZE_SERVER
#
# The bars leave room for the loopback and for a host that wakes threads late, not for more. A host that has other things to
# do makes response times longer and none shorter: where mbench itself says that it was held up, only the lower bars are
# judged, which is where tools fall that leave out what a freeze delays.
server=$(readlink -f "${2:?usage: $0 PROGRAM FREEZE_SERVER}")
source "$(dirname "$(readlink -f "$0")")/../cli/lib.sh"

cat >freeze.yaml <<'YAML'
name: freeze
driver: {use: http, url: "${FREEZE_URL}"}
load: {model: open, profile: steady, at: 200/s, over: 20s, connections: 10, arrivals: constant}
statements:
  get: {weight: 1, http: "GET /"}
YAML

run_once() {
  local port
  exec 3< <(exec "$server")
  started+=("$!")
  read -r port <&3
  rm -rf results
  FREEZE_URL=http://127.0.0.1:$port/ mbench run freeze.yaml
  [ "$status" -eq 4 ] || expect_status 0  # 4: it says itself that it was held up
  kill "$!"
}

# Prints "name value truth bar step" of every figure, times in ms: right within the bar of truth or of truth - step.
figures() {
  json "$1/run.json" '
    const ms = ns => ns / 1e6, r = v.all.response;
    [["n", r.samples, 4000, 0, 0], ["ok", v.account.ended.ok, 4000, 0, 0],
     ["rate", +(v.all.rate_per_s.toFixed(1)), 200, 0, 0],
     ["p50", ms(r.p50_ns), 1, 0.3, 0], ["p90", ms(r.p90_ns), 6, 2, 5], ["p95", ms(r.p95_ns), 256, 3, 5],
     ["p99", ms(r.p99_ns), 456, 3, 5], ["p99.9", ms(r.p99_9_ns), 501, 2, 5],
     ["max", ms(r.max_ns), 501, 2, 0], ["mean", ms(r.mean_ns), 26.25, 0.5, 0]]
      .map(row => row.join(" ")).join("\n")'
}

# outside UPPER: figures that are beyond their bars, and with UPPER = 0 only those below; fails when there are none. What was
# offered and answered is exact on any host, the rate within what may still be on its way at the end.
outside() {
  awk -v upper="$1" '
    $1 == "rate" && !upper {if ($2 < 198 || $2 > 200) {print $1 " is " $2 ", not 200"; bad = 1}; next}
    $1 == "n" || $1 == "ok" {if ($2 != $3) {print $1 " is " $2 ", not " $3; bad = 1}; next}
    {low = $2 < $3 - $5 - $4; between = $5 > 0 && $2 > $3 - $5 + $4 && $2 < $3 - $4; high = $2 > $3 + $4}
    low || (upper && (between || high)) {print $1 " is " $2 ", not " $3 " +- " $4; bad = 1}
    END {exit !bad}'
}
# The delay of sending that is not the server's doing: the bars have room for no more than 1 ms.
held_up() { [ "$(json "$1/run.json" 'v.all.delay.max_ns > 1e6')" = true ]; }

run_once
folder=$(result_folder results)
figures "$folder" | column -t
if ! wrong=$(figures "$folder" | outside 1); then exit 0; fi
held_up "$folder" || fail "$wrong"
echo "the host held mbench up for $(json "$folder/run.json" 'v.all.delay.max_ns / 1e6') ms: lower bars only"
if wrong=$(figures "$folder" | outside 0); then fail "$wrong"; fi
