#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Progress goes to stderr, `--json` is one object, and no escape sequences reach a pipe.
source "$(dirname "$0")/lib.sh"
workload '{use: memory}' 2s
escape=$'\e'

mbench run w.yaml --json --progress plain
expect_status 0
expect_json out
[ -s err ] || fail 'no progress on stderr'
expect_not_in out "$escape"
expect_not_in err "$escape"

mbench run w.yaml --progress none --results quiet
expect_status 0
expect_empty err
expect_not_in out "$escape"
