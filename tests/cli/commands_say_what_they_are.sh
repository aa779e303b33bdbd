#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
source "$(dirname "$0")/lib.sh"
workload '{use: memory}' 1s

# Alone it lists all commands, with an example each.
mbench
expect_status 2
expect_empty out
for command in run check init diff find history report export gate baseline calibrate ycsb bisect drivers doctor schema completion; do
  expect_in err "^  $command +[A-Z]"
  expect_in err "^ +\\$ .*mbench $command"
done
mbench help
expect_status 0
expect_in out '^  run +Run a workload'

mbench help run
expect_status 0
cp out help_run
mbench run --help
cmp -s out help_run || fail "help run and run --help differ"
expect_in out '^  mbench run http'

for word in version -V --version; do
  mbench "$word"
  expect_status 0
  expect_in out '^mbench [0-9]+\.[0-9]+\.[0-9]+'
done

mbench --versoin
expect_status 2
expect_in err "did you mean '--version'"
mbench --json run w.yaml
expect_status 2
expect_in err 'options come behind it'

# A result that is not there is a mistake of the command line.
mbench report nope
expect_status 2
mbench report nope -o page.html
expect_status 2

# Completions are scripts that the shells can read.
mbench completion bash
expect_status 0
expect_in out '--print-yaml'
bash -n out
# What bash would offer for `mbench run --prin`.
bash -c 'source out; COMP_WORDS=(mbench run --prin); COMP_CWORD=2; _mbench; printf "%s\n" "${COMPREPLY[@]}"' >offered
grep -qx -- '--print-yaml' offered || fail "bash does not complete --print-yaml"
for shell in zsh fish; do
  mbench completion $shell
  expect_status 0
  expect_in out 'print-yaml'
  if command -v $shell >/dev/null; then $shell -n out || fail "$shell cannot read its completion"; fi
done
mbench completion tcsh
expect_status 2
