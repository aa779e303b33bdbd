#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
source "$(dirname "$0")/lib.sh"
workload '{use: memory}' 1s 'slo: ["max(read) < 1ns"]'

mbench run w.yaml
expect_status 1
expect_in out 'max\(read\) < 1ns'
