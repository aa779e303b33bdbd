#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# A load by statement into a real mongod is killed in its middle. The next run goes on where it was: it writes only what
# is missing, and ends with each record once.
#
#   MBENCH_SERVERS_DIR=... a_killed_load_goes_on_without_duplicates.sh PROGRAM
here=$(dirname "$(readlink -f "$0")")
servers=$here/../../../scripts/servers
# shellcheck source=../../cli/lib.sh
source "$here/../../cli/lib.sh"
"$servers" start mongodb >servers.out 2>servers.err || skip "no mongodb"
uri=$(grep -oE 'mongodb://[^ ]+' servers.out | head -n 1 || true)
[ -n "$uri" ] || skip "no mongodb"
export URI=$uri

records=300000
cat >load.yaml <<YAML
name: load
driver: {use: mongodb, uri: "\${URI}", database: killed_load_$$, collection: people}
data:
  records: $records
  load_statement: {insert: people, batch: 500, document: {_id: "{record}", name: "{name}", mail: "{mail}", note: "{note}"}}
  before_load: [{name: early_index, index: people, key: {name: 1}}]
  after_load:
    - name: count_is_right
      aggregate: people
      pipeline: [{\$count: n}, {\$project: {right: {\$cond: [{\$eq: [\$n, $records]}, 1, {\$divide: [1, {\$multiply: [\$n, 0]}]}]}}}]
load: {profile: steady, at: 1, over: 1s}
generators: {name: {name: full}, mail: {email: example.com}, note: {text: 50..100}}
statements:
  get: {weight: 1, find: people, filter: {_id: "{record}"}}
YAML

# ask EXPRESSION: of db, the database of this test.
ask() {
  /usr/bin/python3 -c 'import os, pymongo, sys
db = pymongo.MongoClient(os.environ["URI"])[sys.argv[1]]
print(eval(sys.argv[2]))' "killed_load_$$" "$1"
}
under_way() { [[ $(ask 'db.mbench_dataset.find_one()["mark"]') =~ ^unfinished\ at\ [1-9] ]]; }

start_mbench run load.yaml
wait_until 60 "a mark of the load" under_way
kill -KILL "$pid"
finish_mbench
[ "$status" -eq 137 ] || fail "exit code $status, not that of a kill"
before=$(ask 'db.people.count_documents({})')
[ "$before" -lt "$records" ] || fail "the load was over before it could be killed; give it more records"

mbench run load.yaml --json
expect_status 0
loaded=$(json out 'v.load.records')
resumed=$(json out 'v.load.resumed_at')
there=$(json out 'v.load.already_there || 0')
[ "$resumed" -gt 0 ] || fail "it has begun anew"
[ $((loaded + resumed + there)) -eq "$records" ] || fail "$resumed + $loaded + $there are not $records"
[ $((loaded + before)) -eq "$records" ] || fail "$before were there and $loaded were written, not $records"
[ "$(ask 'db.people.count_documents({})')" -eq "$records" ] || fail "not every record is there once"
[ "$(json out 'v.load.set_up.map(s => s.name).join()')" = count_is_right ] || fail "set-up was done again"
ask 'db.client.drop_database(db.name)' >dropped
