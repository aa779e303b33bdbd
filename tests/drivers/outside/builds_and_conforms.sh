#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds the driver of this folder with nothing but what `cmake --install` gives, puts it through the
# suite that holds every driver to the contract, and drives it.
#
#   builds_and_conforms.sh PROGRAM BUILD_DIR CONFORMANCE_PROGRAM
here=$(dirname "$(readlink -f "$0")")
source "$here/../../cli/lib.sh"
build=$2 conformance=$3

cmake --install "$build" --component development --prefix "$PWD/installed" >out
cp -r "$here" driver # where no header of the tree is in reach
if ! { cmake -S driver -B build -DCMAKE_PREFIX_PATH="$PWD/installed" && cmake --build build; } >out 2>err; then
  fail 'the driver does not build'
fi
export MBENCH_MODULES=$PWD/nothing_here:$PWD/build

"$conformance" --gtest_brief=1 --gtest_filter='*/files' >out 2>err || fail 'the driver does not conform'
grep -q '^\[  PASSED  \] [1-9][0-9] tests' out || fail 'the suite did not take the driver as a subject'

mbench drivers
expect_status 0
expect_in out '^files +a folder in which every record is a file$'
cat >files.yaml <<YAML
name: files
driver: {use: files, path: records}
data: {records: 100}
load: {model: closed, profile: steady, at: 1, over: 200ms}
mix: {read: 90, update: 10}
verify: true
YAML
mbench run files.yaml
expect_status 0
expect_in out '^ *read '
