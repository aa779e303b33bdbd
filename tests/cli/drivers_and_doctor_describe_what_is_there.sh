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

mbench doctor
expect_status 0
expect_in out -i 'clock'
