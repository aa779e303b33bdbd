#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Statements and options are checked where they are written, by check and by run alike, and nobody asks a server for it.
source "$(dirname "$0")/lib.sh"

cat >shop.yaml <<'YAML'
driver: {use: http, url: "http://127.0.0.1:1", pipeline: 0}
load: {profile: steady, at: 1, over: 1s}
statements:
  shop: {weight: 1, htpp: "GET /", expekt: {status: 200}}
YAML
cat >good.yaml <<'YAML'
driver: noop
load: {profile: steady, at: 1, over: 1s}
mix: {read: 1}
YAML

for command in run check; do
  mbench $command shop.yaml
  expect_status 2
  expect_in err "^shop\.yaml:1:58: error: '0' is out of range for pipeline; expected 1 to 10k"
  expect_in err "^shop\.yaml:4:21: error: unknown key 'htpp' in statement 'shop'; did you mean 'http'\?"
  expect_in err "^shop\.yaml:4:36: error: unknown key 'expekt' in statement 'shop'; did you mean 'expect'\?"
  expect_in err '3 errors; nothing was run'
  expect_empty out
done

# Of several files each is looked at.
mbench check good.yaml shop.yaml missing.yaml
expect_status 2
expect_in out '^good.yaml: no mistakes$'
expect_in err '^shop\.yaml:4:21: error'
expect_in err '^missing\.yaml: error'

mbench check good.yaml good.yaml
expect_status 0

# When the file is right, it is the server's turn.
mbench run shop.yaml --set driver.pipeline=1 --set 'statements.shop={weight: 1, http: GET /}'
expect_status 5

mbench drivers redis
expect_status 0
expect_in out 'ops in flight on one connection'
expect_in out '1 to 10k'
expect_in out '^  label '
expect_in out 'such as "GET user:\{key\}"'
