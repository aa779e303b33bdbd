#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
source "$(dirname "$0")/lib.sh"
workload '{use: memory}' 1s 'sloo: []' 'run: {timeout: -1s}'

for command in run check; do
  mbench $command w.yaml
  expect_status 2
  expect_in err "^w\.yaml:6:1: error: unknown key 'sloo'.*did you mean 'slo'"
  expect_in err '^w\.yaml:7:[0-9]+: error: .*-1s'
  expect_in err '2 errors; nothing was run'
  expect_empty out
done
[ ! -e results ] || fail 'a result folder was made'
