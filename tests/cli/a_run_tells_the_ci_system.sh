#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
source "$(dirname "$0")/lib.sh"

workload '{use: sim, service: 1ms}' 1s 'slo: [p99 < 10s, p50 < 1us]'
export GITHUB_STEP_SUMMARY=$PWD/summary
mbench run w.yaml --junit run.xml --markdown run.md --github --progress none
[ "$status" -eq 1 ] || [ "$status" -eq 4 ] || fail "exit code $status"
expect_in run.xml '<testcase classname="mbench.small" name="run"'
expect_in run.xml 'name="p99 &lt; 10s"'
expect_in run.md '^### small: '
expect_in run.md 'p50 &#60; 1us'
cmp -s <(cat run.md; echo) summary || fail "the summary is not the Markdown"
if [ "$status" -eq 1 ]; then
  expect_in run.xml 'failures="1" errors="0"'
  expect_in out '^::error file=w.yaml,title=small%3A p50 < 1us is broken::measured'
fi

# A run that could not begin is an error there, and not a test that was not run.
workload '{use: redis, url: "redis://127.0.0.1:1"}' 1s
mbench run w.yaml --junit run.xml
expect_status 5
expect_in run.xml 'errors="1"'

mbench run w.yaml --junit no/such/folder.xml
expect_status 2
