#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Results that never arrived are not a success: a full disk behind stdout.
source "$(dirname "$0")/lib.sh"
[ -w /dev/full ] || skip 'no /dev/full here'
workload '{use: memory}' 1s

# onto_a_full_disk ARGS...
onto_a_full_disk() {
  status=0
  "$MBENCH" "$@" >/dev/full 2>err || status=$?
}
for words in 'run w.yaml --results kept' 'check w.yaml' 'drivers' '--help' '--version'; do
  # shellcheck disable=SC2086  # several words
  onto_a_full_disk $words
  [ "$status" -eq 4 ] || fail "$words: status $status"
  expect_in err 'cannot write to stdout: No space left on device'
done
expect_json "$(result_folder kept)/run.json"

# A reader that has seen enough is no error.
"$MBENCH" drivers 2>err | head -n 1 >out
[ "${PIPESTATUS[0]}" -eq 0 ] || fail 'a closed pipe is an error'
expect_empty err
