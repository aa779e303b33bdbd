#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Annotations are workflow commands on stdout, and the summary is appended to. What strangers can do with names is in
# tests/reports/ci_report_test.cc.
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/gate_lib.sh"
gated_workload
make_baseline main
echo 'before' >summary.md
export GITHUB_STEP_SUMMARY=$PWD/summary.md

copy_runs for-main same
mbench gate same/* --baseline main --github
expect_status 0
expect_in out '^::notice title=gated%3A same::'
expect_in summary.md '^before$'
expect_in summary.md '^### gated: same'

SLOW=100% measure 5 slow
mbench gate slow/* --baseline main --github
expect_status 1
expect_in out '^::error title=gated%3A worse::'
expect_in out '^::error title=gated%3A p50 is worse::'
[ "$(grep -c '^### ' summary.md)" -eq 2 ] || fail 'the summary does not have both'

GITHUB_STEP_SUMMARY=$PWD/no/such/file mbench gate w.yaml --baseline main --github --results never
expect_status 2
[ ! -e never ] || fail 'something was run'

unset GITHUB_STEP_SUMMARY
mbench gate same/* --baseline main --github
expect_status 0
expect_in err 'GITHUB_STEP_SUMMARY is not set'
