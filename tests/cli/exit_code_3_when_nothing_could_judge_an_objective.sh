#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# An objective for which nothing was measured neither held nor broke: 3, on the table, on the page and in run.json; 1
# when another one is broken.
source "$(dirname "$0")/lib.sh"
# A read of one op in a billion never comes.
workload '{use: noop}' 1s 'slo: [p99(read) < 10s, p99(update) < 10s]'
sed -i 's/read: 50, update: 50/read: 0.0000001, update: 99.9999999/; s/at: 2/at: 2, think: 10ms/' w.yaml

mbench run w.yaml
expect_status 3
expect_in out 'p99\(read\) < 10s +NONE +nothing was measured to judge it by'
expect_in out 'p99\(update\) < 10s +pass'
folder=$(result_folder results)
[ "$(json "$folder/run.json" 'v.slo[0].judged')" = false ] || fail 'run.json does not say that it was not judged'
expect_in "$folder/report.html" 'Not judged'

mbench run w.yaml --results broken --set 'slo=[p99(read) < 10s, rate > 1000k/s]'
expect_status 1
mbench run w.yaml --results window --set 'slo=[p99(read) < 10s for 1s]'
expect_status 3
