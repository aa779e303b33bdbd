#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# `-` is standard input; what it names lies in the current folder.
source "$(dirname "$0")/lib.sh"
printf 'id,name\n1,Ann\n2,Bob\n' >users.csv
cat >w.yaml <<'YAML'
driver: {use: sim, service: 10us}
load: {model: closed, profile: steady, at: 1, over: 300ms}
mix: {read: 1}
YAML

mbench check - <w.yaml
expect_status 0
expect_in out 'stdin'
mbench run --progress none - <w.yaml
expect_status 0
expect_in out 'offered'
[ "$(ls results)" != "" ] || fail 'nothing was stored'
mbench run - --set load.over=oops <w.yaml
expect_status 2
expect_in err 'load.over'

# Both sides of a comparison.
mbench check - - <w.yaml
expect_status 0

cat >feeder.yaml <<'YAML'
driver: {use: redis}
load: {profile: steady, at: 1, over: 1s}
generators: {name: {rows: users.csv, column: name}, id: {rows: users.csv, column: ident}}
statements: {get: {weight: 1, get: "u:{name}:{id}"}}
YAML
mbench check - <feeder.yaml
expect_status 2
expect_in err "stdin:3:88: error: the rows have no column 'ident'; expected one of id, name"
mbench check - <feeder.yaml --set generators.id.column=id
expect_status 0
expect_in out 'name of 2 rows of users.csv, uniform'

mbench run - </dev/null
expect_status 2
expect_in err 'stdin: error: the file is empty'
