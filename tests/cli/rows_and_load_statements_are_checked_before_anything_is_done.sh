#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Rows are read when the workload file is, so all that is wrong with them is told at once and with its place; a driver
# that cannot load by statement says so before anything is done.
source "$(dirname "$0")/lib.sh"

printf 'id,age\n1,34\n2,old\n3\n' >people.csv
workload '{use: mongodb}' 1s
sed -i '/^data:/d' w.yaml
cat >>w.yaml <<'YAML'
data:
  rows: {csv: people.csv, columns: {age: int}}
  load_statement: {insert: people, batch: 2, document: {_id: "{row.id}", age: "{row.age}"}}
YAML

mbench run w.yaml
expect_status 2
expect_in err "people.csv:3:3: error: not a whole number: 'old' in column 'age'"
expect_in err "people.csv:4:1: error: the row has 1 fields, and the first line names 2; 'age' is missing"
expect_in err '2 errors; nothing was run'

printf 'id,age\n1,34\n2,35\n3,36\n' >people.csv
mbench check w.yaml
expect_status 0
expect_in out 'data +3.* records by statement, 2 in a batch, from 3 rows'

# A driver without statements is found out by both.
sed -i 's/mongodb/memory/' w.yaml
for command in run check; do
  mbench $command w.yaml
  expect_status 2
  expect_in err '^w.yaml:8:3: error: load_statement: driver memory has no load_statement; it loads its own records only'
done
[ -z "$(ls results 2>/dev/null)" ] || fail 'a result folder was made'
