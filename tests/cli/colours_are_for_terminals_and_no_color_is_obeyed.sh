#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
source "$(dirname "$0")/lib.sh"
script -qec true /dev/null </dev/null >/dev/null 2>&1 || skip 'needs script (package bsdutils) and a terminal to make'
workload '{use: memory}' 1s 'slo: ["errors < 1%"]'
escape=$'\e'

on_a_terminal() { script -qec "$*" /dev/null </dev/null >out 2>err || fail 'the run failed'; }
colour="$escape\\[[0-9;]*m"

on_a_terminal "$MBENCH run w.yaml --results a"
expect_in out "$colour"
on_a_terminal "NO_COLOR=1 $MBENCH run w.yaml --results b"
expect_not_in out "$colour"
on_a_terminal "$MBENCH run w.yaml --results c | cat"
expect_in out 'offered'
sed -n '/read .*[0-9]/p' out >rows
expect_not_in rows "$colour"
