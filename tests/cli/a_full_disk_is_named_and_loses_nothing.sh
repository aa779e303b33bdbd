#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Results on a disk of 64 KiB: the run says so, ends with a code for it, and what fitted stays readable.
#
# Who is not root may mount it in a namespace of its own.
if [ "$(id -u)" -ne 0 ] && unshare -rm true 2>/dev/null; then exec unshare -rm "$0" "$@"; fi
source "$(dirname "$0")/lib.sh"
mkdir disk
mount -t tmpfs -o size=64k tmpfs disk 2>/dev/null || skip 'needs the right to mount a small disk'
workload '{use: memory}' 120s

start_mbench run w.yaml --results disk
finish_mbench
expect_status 4
expect_in err 'disk full'
expect_in err 'disk/'
folder=$(result_folder disk)
mbench report "$folder"
expect_status 0
