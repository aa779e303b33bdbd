#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
source "$(dirname "$0")/lib.sh"
workload '{use: rocksdb, path: data/one}' 60s

mbench check w.yaml
expect_status 0
expect_in out 'rocksdb'
expect_in out '60 ?s|1 ?m'
expect_empty err
[ ! -e data ] || fail 'the store was made'
[ ! -e results ] || fail 'a result folder was made'
