#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
source "$(dirname "$0")/lib.sh"

mbench drivers
expect_status 0
mapfile -t drivers < <(sed '/^$/,$d; / not here: /d' out | cut -d' ' -f1)
[ "${#drivers[@]}" -gt 5 ] || fail "only ${#drivers[@]} drivers"
for driver in "${drivers[@]}"; do
  mbench init "$driver"
  expect_status 0
  cp out "$driver.yaml"
  mbench init "$driver" spike
  expect_status 0
  cp out "$driver-spike.yaml"
done
for profile in steady ramp soak step sine; do
  mbench init memory $profile
  expect_status 0
  cp out "memory-$profile.yaml"
done
export AWS_ACCESS_KEY_ID=me AWS_SECRET_ACCESS_KEY=mine  # secrets have no default
mbench check ./*.yaml
expect_status 0

mbench init spike
expect_status 0
expect_in out 'profile: spike'
mbench init rediss
expect_status 2
expect_in err "did you mean 'redis'"
