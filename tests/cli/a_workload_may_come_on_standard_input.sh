#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# `-` is standard input; what it names lies in the current folder.
source "$(dirname "$0")/lib.sh"

# with FILE ARGUMENTS...: mbench with the file on its standard input.
with() {
  status=0
  "$MBENCH" "${@:2}" >out 2>err <"$1" || status=$?
}

printf 'id,name\n1,Ann\n2,Bob\n' >users.csv
workload '{use: memory}' 1s

with w.yaml check -
expect_status 0
expect_in out 'memory'
with w.yaml run --progress none -
expect_status 0
expect_in out 'offered'
[ "$(ls results)" != "" ] || fail 'nothing was stored'
with w.yaml run - --set load.over=oops
expect_status 2
expect_in err 'oops'

# Both sides of a comparison.
with w.yaml check - -
expect_status 0

cat >feeder.yaml <<'YAML'
driver: {use: redis}
load: {profile: steady, at: 1, over: 1s}
generators: {name: {rows: users.csv, column: name}, id: {rows: users.csv, column: ident}}
statements: {get: {weight: 1, redis: [GET, "u:{name}:{id}"]}}
YAML
with feeder.yaml check -
expect_status 2
expect_in err 'stdin:3:'
expect_in err "the rows have no column 'ident'"
with feeder.yaml check - --set generators.id.column=id
expect_status 0
expect_in out 'name of 2 rows of users.csv, uniform'

with /dev/null run -
expect_status 2
expect_in err 'the file is empty'
