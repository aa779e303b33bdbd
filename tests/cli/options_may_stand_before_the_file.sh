#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# An option takes its own value and not the word behind it.
source "$(dirname "$0")/lib.sh"
workload '{use: memory}' 1s

mbench check --set name=other w.yaml
expect_status 0
expect_in out 'other'
mbench check --set name=first --set name=second w.yaml
expect_status 0
expect_in out 'second'

printf 'workload=CoreWorkload\nrecordcount=100\noperationcount=100\n' >small.properties
mbench ycsb --driver memory -p fieldcount=1 -P small.properties load
expect_status 0
[ ! -d results ] || [ -z "$(ls results)" ] || fail 'more than the load phase was run'

mbench run --serve --prometheus=127.0.0.1:0 --progress none w.yaml
expect_status 0
expect_in out 'offered'
mbench run --serve 127.0.0.1:0 --progress none w.yaml
expect_status 0
