#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Before the store is touched: a load of an hour must not end with "cannot write".
source "$(dirname "$0")/lib.sh"
workload '{use: rocksdb, path: data/one}' 1s

echo 'a file' >taken
mbench run w.yaml --results taken
expect_status 2
expect_in err 'taken'
[ "$(cat taken)" = 'a file' ] || fail 'the file was changed'
[ ! -e data ] || fail 'the store was made'

if [ "$(id -u)" -ne 0 ]; then
  mkdir readonly
  chmod 555 readonly
  mbench run w.yaml --results readonly/results
  expect_status 2
  expect_in err 'readonly'
else
  mbench run w.yaml --results /proc/results
  expect_status 2
  expect_in err '/proc/results'
fi
