#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Nobody listens on port 1: the address and the reason are said, the password is not, and nothing is stored.
source "$(dirname "$0")/lib.sh"

export SECRET=open-sesame
refused() { # DRIVER URL PATTERN
  cat >w.yaml <<YAML
driver: {use: $1, url: "$2"}
load: {model: closed, profile: steady, at: 3, over: 1s}
YAML
  if [ "$1" = http ]; then
    echo 'statements: {get: {weight: 1, http: "GET /"}}' >>w.yaml
  else
    echo 'mix: {read: 1}' >>w.yaml
  fi
  mbench run w.yaml
  expect_status 5
  expect_empty out
  expect_in err "$3"
  expect_not_in err "$SECRET"
  [ ! -e results ] || [ -z "$(ls results)" ] || fail 'a run that never began was stored'
}

# shellcheck disable=SC2016  # the program replaces ${SECRET}
{
  refused redis 'redis://anna:${SECRET}@127.0.0.1:1' '^mbench: Redis at 127\.0\.0\.1:1: connection refused$'
  refused memcached memcached://127.0.0.1:1 '^mbench: memcached at 127\.0\.0\.1:1: connection refused$'
  refused http http://127.0.0.1:1/ '^mbench: http://127\.0\.0\.1:1: connection refused$'
  refused postgres 'postgres://anna:${SECRET}@127.0.0.1:1/db' '^mbench: PostgreSQL at 127\.0\.0\.1:1: .*refused'
  refused mysql 'mysql://anna:${SECRET}@127.0.0.1:1/db' "^mbench: MySQL at 127\\.0\\.0\\.1:1: Can't connect"
}
