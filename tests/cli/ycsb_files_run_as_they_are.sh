#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
source "$(dirname "$0")/lib.sh"
cat >workloada <<'PROPERTIES'
recordcount=1000
operationcount=2000
workload=site.ycsb.workloads.CoreWorkload
readallfields=true
readproportion=0.5
updateproportion=0.5
scanproportion=0
insertproportion=0
requestdistribution=zipfian
PROPERTIES
echo 'recordcount=500' >more.properties

mbench ycsb -P workloada -P more.properties -p threadcount=2 --driver rocksdb load
expect_status 0
mbench ycsb -P workloada -P more.properties -p threadcount=2 --driver rocksdb run --results ran --json
expect_status 0
expect_json out
folder=$(result_folder ran)
expect_in "$folder/run.json" '"records": ?500'
mbench ycsb -P workloada --driver memory
expect_status 0
expect_in out 'read .*[0-9]'

mbench ycsb -P workloada -p readproportio=1 --driver memory
expect_status 2
expect_in err "readproportio.*did you mean 'readproportion'"
mbench ycsb -P absent --driver memory
expect_status 2
expect_in err 'absent'
mbench ycsb -P workloada --driver nosuch
expect_status 2
expect_in err 'nosuch'
