#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
source "$(dirname "$0")/lib.sh"

mbench drivers
expect_status 0
for driver in noop memory rocksdb sqlite sim memcached mysql; do expect_in out "^ *$driver "; done

mbench drivers rocksdb
expect_status 0
expect_in out 'path'
expect_in out 'cache'

# A driver whose library is not to be had, or damaged, is named with the reason; the others go on.
mkdir broken
echo 'no library' >broken/libmbench_driver_sqlite.so
export MBENCH_MODULES=$PWD/broken
mbench drivers
expect_status 0
expect_in out '^sqlite +not here: it cannot be loaded: .*libmbench_driver_sqlite.so'
expect_in out '^rocksdb +RocksDB'
mbench drivers sqlite
expect_status 2
expect_in err 'driver sqlite is not here: it cannot be loaded'
printf '%s\n' 'driver: {use: sqlite, path: db}' 'load: {model: closed, profile: steady, at: 1, over: 1s}' 'mix: {read: 1}' >sqlite.yaml
mbench check sqlite.yaml
expect_status 2
expect_in err "1:15: error: driver 'sqlite' is not here: it cannot be loaded"
unset MBENCH_MODULES
