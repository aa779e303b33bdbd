#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Each bad file gives one clear message that names it, and leaves nothing behind.
source "$(dirname "$0")/lib.sh"

refused() {
  mbench run "$1"
  expect_status 2
  expect_in err "$1"
  expect_empty out
  [ ! -e results ] || fail "a result folder was made for $1"
}

refused absent.yaml
: >empty.yaml
refused empty.yaml
head -c 4096 /dev/urandom >binary.yaml
refused binary.yaml
mkdir folder.yaml
refused folder.yaml
printf 'name: [unclosed\n' >broken.yaml
refused broken.yaml
{ echo 'name: x'; head -c 10485760 /dev/zero | tr '\0' '#'; } >huge.yaml
refused huge.yaml
{ printf '['%.0s {1..20000}; } >deep.yaml
refused deep.yaml
{
  echo 'a0: &a0 [x, x, x, x, x, x, x, x, x]'
  for i in {1..12}; do
    echo "a$i: &a$i [$(printf "*a$((i - 1)), %.0s" {1..9})]"
  done
} >bomb.yaml
refused bomb.yaml
if [ "$(id -u)" -ne 0 ]; then
  echo 'name: x' >secret.yaml
  chmod 000 secret.yaml
  refused secret.yaml
fi
