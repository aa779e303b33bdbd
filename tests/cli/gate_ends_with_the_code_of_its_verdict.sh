#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# 0: the same. 1: a planted slowdown, or ops that fail. 3: too few runs. 4: an invalid run. And every asked-for file is
# written, whatever the verdict is.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/gate_lib.sh"
gated_workload
make_baseline main

gate() {
  rm -f gate.*
  mbench gate "$@" --baseline main --junit gate.xml --markdown gate.md --json gate.json
  for file in gate.xml gate.md gate.json; do expect_file "$file"; done
  xmllint --noout gate.xml || fail 'gate.xml is not well-formed'
}

copy_runs for-main same
gate same/*
expect_status 0
expect_in out '^SAME'
expect_in gate.xml '<testsuites tests="3" failures="0" errors="0" skipped="0"'
[ "$(json gate.json v.verdict)" = same ] || fail 'gate.json does not say same'

SLOW=100% measure 5 slow
gate slow/*
expect_status 1
expect_in out '^WORSE'
expect_in gate.xml '<failure message="worse: [0-9.]+ms -&gt; [0-9.]+ms, B/A 1\.[5-9]|2\.[0-4]'
expect_in gate.md '^### gated: worse'
expect_in gate.md '\*\*worse\*\*'
[ "$(json gate.json v.verdict)" = worse ] || fail 'gate.json does not say worse'

# Nobody asked for errors, and p50 is the same.
ERRORS=30% measure 5 failing
gate failing/*
expect_status 1
expect_in out '^errors .* worse$'
expect_in gate.md '\| errors .*\*\*worse\*\*'

mkdir few && cp -r same/run-[012] few
gate few/*
expect_status 3
expect_in out '^SUGGESTIVE'
expect_in gate.xml '<skipped '

cp -r same broken
sed -i 's/"status": "complete"/"status": "interrupted"/' broken/run-3/run.json
gate broken/*
expect_status 4
expect_in out '^INVALID'
expect_in out 'a gate does not pass over them'
expect_in gate.xml '<error message='
