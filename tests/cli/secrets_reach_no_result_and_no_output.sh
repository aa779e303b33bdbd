#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# A value that came from the environment is used, and appears as ${VAR} wherever it is shown or kept.
source "$(dirname "$0")/lib.sh"
# shellcheck disable=SC2016
workload '{use: rocksdb, path: "${PLACE_OF_DATA}/one"}' 1s
export PLACE_OF_DATA=$PLACE/hunter2

mbench run w.yaml --progress plain
expect_status 0
[ -d "$PLACE/hunter2/one" ] || fail 'the variable was not used'
expect_not_in out hunter2
expect_not_in err hunter2
! grep -r hunter2 results || fail 'the value is in the result'
mbench check w.yaml
expect_status 0
expect_not_in out hunter2
