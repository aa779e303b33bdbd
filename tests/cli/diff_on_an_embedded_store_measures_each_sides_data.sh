#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Two settings of an embedded store. A cache: both use the same data, loaded once. Compression: B must not
# read what A has written. Other records: neither finds the other's.
source "$(dirname "$0")/lib.sh"
workload '{use: rocksdb, path: data/store}' 1s
mbench drivers
grep -qE '^rocksdb ' out || skip 'built without rocksdb'

mbench diff w.yaml --set driver.cache=1MiB --vs driver.cache=8MiB --rounds 2
expect_status 3
expect_in out 'driver.cache: 1MiB -> 8MiB'
[ "$(find data -mindepth 1 -maxdepth 1 | wc -l)" -eq 1 ] || fail 'the data are not shared'
reused=$(grep -h '"reused"' results/*/*/*/run.json | grep -c true)
[ "$reused" -eq 3 ] || fail "the data were loaded in $((4 - reused)) of 4 runs"

mbench diff w.yaml --vs driver.compression=lz4 --rounds 1
expect_status 3
expect_in err 'each has its own data: data/store-[0-9a-f]{8} and data/store-[0-9a-f]{8}'
[ "$(find data -mindepth 1 -maxdepth 1 | wc -l)" -eq 3 ] || fail 'not a place for each'
mbench diff w.yaml --vs data.records=500 --rounds 1
expect_status 3
expect_in out 'differ in what is asked of the system'
