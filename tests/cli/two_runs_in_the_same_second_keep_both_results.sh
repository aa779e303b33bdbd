#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
source "$(dirname "$0")/lib.sh"
workload '{use: memory}' 1s

for i in 1 2 3; do
  "$MBENCH" run w.yaml >"out$i" 2>"err$i" </dev/null &
  started+=("$!")
done
for pid in "${started[@]}"; do
  finish_mbench
  expect_status 0
done
found=$(find results -mindepth 2 -name run.json | wc -l)
[ "$found" -eq 3 ] || fail "$found results, not 3"
