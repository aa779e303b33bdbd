#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
source "$(dirname "$0")/lib.sh"
workload '{use: memory}' 1s

mbench rnu w.yaml
expect_status 2
expect_in err "rnu"
expect_in err "did you mean 'run'"
expect_empty out

mbench run w.yaml --resluts there
expect_status 2
expect_in err "run has no option '--resluts'; did you mean '--results'"
expect_empty out

mbench run w.yaml --zzzzzzzz
expect_status 2
expect_in err "run has no option '--zzzzzzzz'"

mbench baseline list --jsn
expect_status 2
expect_in err "list has no option '--jsn'; did you mean '--json'"

mbench run
expect_status 2
expect_empty out

mbench drivers rocksbd
expect_status 2
expect_in err "did you mean 'rocksdb'"

mbench
expect_status 2
expect_in err '--help'

mbench --help
expect_status 0
expect_in out 'run'
expect_empty err

mbench --version
expect_status 0
expect_in out '^mbench [0-9]+\.[0-9]+\.[0-9]+'
