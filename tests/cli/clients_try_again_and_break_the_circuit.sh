#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# retry and breaker are of every driver: what they came to is in the table and in the result, and the account balances.
source "$(dirname "$0")/lib.sh"
command -v node >/dev/null || skip 'needs node (scripts/setup test)'

workload '{use: sim, service: 1ms, error_rate: 20%}' 2s 'retry: {times: 5, backoff: 1ms, most: 2ms}'
mbench run w.yaml
expect_ran
expect_in out '^ +1 retry +[0-9]'
expect_in out '^ +attempt +[0-9]'
run=$(result_folder results)/run.json
[ "$(json "$run" 'v.account.balances')" = true ] || fail 'the account does not balance'
# One attempt in five fails, so that six in a row do once in 15,625 times.
[ "$(json "$run" 'v.account.ended.failed * 100 < v.account.offered')" = true ] || fail 'too many ops failed for all'
expect_in "$run" '"retries": "[1-9][0-9]* of [1-9][0-9]* ops, of which [1-9][0-9]* were answered in the end"'
[ "$(json "$run" 'v.plan.retry.times')" = 5 ] || fail 'the policy is not in the result'

rm -rf results
mbench run w.yaml --set 'breaker={open_after: 2, for: 100ms}' --set retry.times=1 --set driver.error_rate=60%
expect_status 4
expect_in out 'refused by the circuit breaker [1-9]'
run=$(result_folder results)/run.json
[ "$(json "$run" 'v.account.balances')" = true ] || fail 'the account does not balance'
expect_in "$run" '"circuit breaker": "opened [1-9][0-9]* times, refused [1-9][0-9]* ops, not closed for '
