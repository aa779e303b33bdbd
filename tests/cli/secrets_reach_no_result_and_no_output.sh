#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# A value that came from the environment is used, and appears as ${VAR} or *** wherever it is shown or kept, whatever
# the variable is called.
source "$(dirname "$0")/lib.sh"
# shellcheck disable=SC2016
workload '{use: rocksdb, path: "${PLACE_OF_DATA}/one"}' 500ms \
  'events: [{at: 100ms, name: "of ${SOMEBODY}", run: "true ${SOMEBODY}"}]' 'about: "for ${SOMEBODY}"'
export PLACE_OF_DATA=$PLACE/hunter2 SOMEBODY=hunter2

mbench run w.yaml --progress plain --set keys.theta=0.5 --set keys.choose=zipfian
expect_status 0
[ -d "$PLACE/hunter2/one" ] || fail 'the variable was not used'
expect_not_in out hunter2
expect_not_in err hunter2
! grep -r hunter2 results || fail 'the value is in the result'
expect_in "$(result_folder results)/run.json" 'keys.theta=0.5'
mbench check w.yaml
expect_status 0
expect_not_in out hunter2

# What is written down would be stored.
sed -i 's/^driver: .*/driver: {use: http, url: "http:\/\/127.0.0.1:1"}/; /^mix:/d; /^data:/d' w.yaml
echo 'statements: {get: {weight: 1, http: "GET /", headers: {cookie: session=hunter2}}}' >>w.yaml
mbench run w.yaml
expect_status 2
expect_in err 'must come from the environment'
expect_not_in err hunter2
