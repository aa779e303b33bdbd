#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
source "$(dirname "$0")/lib.sh"

printf "import http from 'k6/http';\nexport default function () { http.get('http://127.0.0.1/'); }\n" >load.js
mbench run load.js
expect_status 2
expect_in err 'a script for k6'
expect_in err 'mbench run URL'
expect_not_in err 'YAML'

printf '<?xml version="1.0"?>\n<jmeterTestPlan version="1.2">\n</jmeterTestPlan>\n' >plan.jmx
mbench check plan.jmx
expect_status 2
expect_in err 'a test plan of JMeter'

printf '# YCSB\nrecordcount=1000\nworkload=site.ycsb.workloads.CoreWorkload\n' >workloada
mbench run workloada
expect_status 2
expect_in err 'mbench ycsb -P'

# A workload file may speak of them.
workload '{use: memory}' 100ms "about: \"what was import http from 'k6/http'\""
mbench check w.yaml
expect_status 0

printf 'driver: memory\nload:\n\tprofile: steady\n' >tab.yaml
mbench check tab.yaml
expect_status 2
expect_in err 'tab.yaml:3:1: error: a tab stands here'
