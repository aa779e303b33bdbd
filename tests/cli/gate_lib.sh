# SPDX-License-Identifier: Apache-2.0
#
# What the tests of the gate share; sourced after lib.sh.
# shellcheck shell=bash disable=SC2154,SC2016 # $status is of lib.sh; JavaScript is not bash

# gated_workload -> w.yaml: short runs of a simulated server that can be made slower, or fail, from outside ($SLOW,
# $ERRORS), so that the plan stays the same. Slow enough that what else the host does is little beside it.
gated_workload() {
  cat >w.yaml <<'YAML'
name: gated
driver: {use: sim, service: 50ms, distribution: constant, slowdown: "${SLOW:-0}", error_rate: "${ERRORS:-0}"}
data: {records: 100}
load: {model: closed, profile: steady, at: 2, over: 400ms}
mix: {read: 100}
compare: {primary: [p50], margin: {p50: 20%}}
YAML
  export SLOW=0 ERRORS=0
}

# measure COUNT FOLDER [ARGUMENT...]: one run, and copies of it that began at other times; their folders are
# FOLDER/*. On a busy host the run may be invalid: here it counts as one of an idle host.
measure() {
  local first
  mbench run w.yaml --results "$2" --progress none "${@:3}"
  [ "$status" -eq 0 ] || [ "$status" -eq 4 ] || fail "the run ended with $status"
  first=$(result_folder "$2")
  node -e '
    const fs = require("fs"), [first, folder, count] = process.argv.slice(1);
    const text = fs.readFileSync(first + "/run.json", "utf8")
      .replace(/"schema": 2/, `"schema": 1`)  // which has no digest
      .replace(/"valid": false/, `"valid": true`).replace(/"invalid": \[[^\]]*\]/, `"invalid": []`);
    for (let i = 0; i < Number(count); ++i) {
      const to = folder + "/run-" + i;
      fs.mkdirSync(to);
      fs.writeFileSync(to + "/run.json", text.replace(/"started_at": "[^"]*"/,
        `"started_at": "2026-01-0${i + 1}T00:00:00.${String(process.pid % 1000).padStart(3, "0")}Z"`));
      fs.copyFileSync(first + "/latency.hlog", to + "/latency.hlog");
    }' "$first" "$2" "$1"
  rm -r "$first"
}

# copy_runs FROM TO: the same runs on another day.
copy_runs() {
  cp -r "$1" "$2"
  sed -i 's/"started_at": "2026-01/"started_at": "2025-01/' "$2"/*/run.json
}

# make_baseline NAME [COUNT]
make_baseline() {
  measure "${2:-5}" "for-$1"
  mbench baseline save "$1" "for-$1"/*
  expect_status 0
}

# quiet_workload -> w.yaml: runs that are valid however busy the host is, because the harness measures itself, and
# of which the compared metric is always the same.
quiet_workload() {
  cat >w.yaml <<'YAML'
name: quiet
driver: {use: noop}
data: {records: 100}
load: {model: closed, profile: steady, at: 1, over: 300ms}
mix: {read: 100}
compare: {primary: [errors]}
YAML
}
