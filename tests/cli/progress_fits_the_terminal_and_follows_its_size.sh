#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
source "$(dirname "$0")/lib.sh"
script -qec true /dev/null </dev/null >/dev/null 2>&1 || skip 'needs script (package bsdutils) and a terminal to make'
workload '{use: sim, error_rate: 1%}' 4s
escape=$'\e'
export LC_ALL=C.UTF-8

# What was drawn in `out`, without escape sequences: a line per line.
drawn() { tr -d '\r' <out | sed -E "s/$escape\\[[0-9;]*[A-Za-z]//g"; }

cat >session.sh <<SH
stty cols 100 rows 24
rm -rf results
(until [ "\$(cat results/*/series.jsonl | wc -l)" -ge 2 ]; do :; done 2>/dev/null; stty cols 40 </dev/tty) &
"$MBENCH" run w.yaml >table || true
grep -q offered table
SH
script -qec 'bash session.sh' /dev/null </dev/null >out 2>err || fail 'the run failed'
drawn >lines
expect_in lines '^stage   steady at 2 clients'
expect_in lines '^measure +(100|[0-9]+)%  [0-9]s of 4s, [0-9]s left  [█░]{40}$'
expect_in lines '^errors  [0-9]+ \([0-9.]+%\): simulated error [0-9]+$'
expect_in out "$escape\\[31merrors"
# The blocks after the change.
tac lines | sed -n '1,/^stage/p' >last
[ "$(wc -L <last)" -le 39 ] || fail "a line of $(wc -L <last) columns: $(cat last)"

NO_COLOR=1 script -qec 'bash session.sh' /dev/null </dev/null >out 2>err || fail 'the run failed'
expect_in out "$escape\\[J"
expect_not_in out "$escape\\[[0-9;]*m"

# A terminal that cannot move its cursor gets plain lines, as a file does.
TERM=dumb script -qec 'bash session.sh' /dev/null </dev/null >out 2>err || fail 'the run failed'
expect_not_in out "$escape"
expect_in out ' measure  2 clients, .* done, .*p50 .* errors [0-9]+ '
