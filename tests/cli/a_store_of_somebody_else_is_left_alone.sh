#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# A folder with files that are not ours is neither cleared nor written into.
source "$(dirname "$0")/lib.sh"
mkdir -p data/mine
echo 'thesis, only copy' >data/mine/thesis.txt

workload '{use: rocksdb, path: data/mine}' 1s
mbench run w.yaml
[ "$(cat data/mine/thesis.txt)" = 'thesis, only copy' ] || fail 'the file is gone'
workload '{use: sqlite, path: data/mine/thesis.txt}' 1s
mbench run w.yaml --results other
expect_status 5
[ "$(cat data/mine/thesis.txt)" = 'thesis, only copy' ] || fail 'the file is gone'
