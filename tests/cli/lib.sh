# SPDX-License-Identifier: Apache-2.0
#
# What the tests of the command line share. A test is a script that sources this, gets the program as its
# only argument, and runs in an empty folder of its own:
#
#   mbench run steady.yaml        -> files `out` and `err`, and $status
#   expect_status 0
#   expect_in out 'offered'
# shellcheck shell=bash
set -eEuo pipefail
trap 'echo "FAILED: $0: line $LINENO: $BASH_COMMAND" >&2' ERR

MBENCH=$(readlink -f "${1:?usage: $0 PROGRAM}")
TEST=$(basename "$0" .sh)
PLACE=$(mktemp -d)
started=()

leave() {
  local pid
  for pid in "${started[@]}"; do kill -KILL "$pid" 2>/dev/null || true; done
  mountpoint -q "$PLACE/disk" && umount -l "$PLACE/disk"
  chmod -R u+w "$PLACE" && rm -rf "$PLACE"
}
trap leave EXIT
cd "$PLACE"

# Nothing of the caller's taste gets in, and a report of a sanitizer is no exit code of ours.
unset NO_COLOR CLICOLOR_FORCE MBENCH_DATA
export LC_ALL=C TERM=xterm
export ASAN_OPTIONS="exitcode=99:${ASAN_OPTIONS:-}" UBSAN_OPTIONS="exitcode=99:${UBSAN_OPTIONS:-}"
export LSAN_OPTIONS="exitcode=99:${LSAN_OPTIONS:-}"

fail() {
  {
    echo "FAILED: $TEST: $*"
    for stream in out err; do
      [ -s "$stream" ] && printf -- '--- %s\n%s\n' "$stream" "$(head -c 4000 "$stream" | tr -d '\0')"
    done
  } >&2
  exit 1
}

# The code that ctest knows as "skipped".
skip() {
  echo "skipped: $TEST: $*"
  exit 77
}

mbench() {
  status=0
  "$MBENCH" "$@" >out 2>err </dev/null || status=$?
}

# The same in the background; its process id is in $pid.
start_mbench() { start "$MBENCH" "$@"; }
start() {
  rm -f out err  # nobody takes what an earlier one said for an answer of this one
  "$@" >out 2>err </dev/null &
  pid=$!
  started+=("$pid")
}

# Waits for $pid to end.
finish_mbench() {
  status=0
  { wait "$pid"; } 2>/dev/null || status=$?  # without bash's note on the one that was killed
}

expect_status() { [ "$status" -eq "$1" ] || fail "exit code $status, not $1"; }
# Of a run of some seconds: a host that has other work to do makes it invalid.
expect_ran() { [ "$status" -eq 0 ] || [ "$status" -eq 4 ] || fail "exit code $status, neither 0 nor 4"; }
# expect_in FILE [-i] PATTERN
expect_in() { grep -qE "${@:2:$#-2}" -e "${*: -1}" -- "$1" || fail "nothing like '${*: -1}' in $1"; }
expect_not_in() { ! grep -qE -e "$2" -- "$1" || fail "'$2' is in $1"; }
expect_empty() { [ ! -s "$1" ] || fail "$1 is not empty"; }
expect_file() { [ -s "$1" ] || fail "no file $1, or it is empty"; }
# One JSON object and nothing else.
expect_json() {
  node -e 'const v = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"));
           process.exit(v !== null && typeof v === "object" && !Array.isArray(v) ? 0 : 1)' "$1" \
    2>/dev/null || fail "$1 is not one JSON object"
}
# json FILE EXPRESSION: the value of an expression in v, the object of the file.
json() { node -p 'const v = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8")); '"$2" "$1"; }

# wait_until SECONDS WHAT COMMAND...: asks again and again, ends as soon as the command succeeds.
wait_until() {
  local end=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$end" ] || fail "$what: not within the time given"
    read -rt 0.02 <> <(:) || true
  done
}

# result_folder ROOT: the only one there.
result_folder() {
  local folders
  mapfile -t folders < <(find "$1" -mindepth 1 -maxdepth 1 -type d)
  [ "${#folders[@]}" -eq 1 ] || fail "${#folders[@]} result folders, not 1"
  echo "${folders[0]}"
}

# as_older RUN_JSON...: as an mbench wrote it that knew no digests, so that a test may change it.
as_older() { sed -i 's/"schema": 2/"schema": 1/' "$@"; }

# The intervals in the log of the run that is going on are COUNT or more.
has_intervals() {
  local log
  log=$(find results -name latency.hlog | head -n 1)
  [ -n "$log" ] && [ "$(grep -cE '^[0-9]' "$log")" -ge "$1" ]
}

# workload DRIVER LENGTH [LINE...] -> w.yaml
workload() {
  local driver=$1 length=$2
  shift 2
  cat >w.yaml <<YAML
name: small
driver: $driver
data: {records: 1000, value: {fields: 2, size: 20B}}
load: {model: closed, profile: steady, at: 2, over: $length}
mix: {read: 50, update: 50}
YAML
  printf '%s\n' "$@" >>w.yaml
}
