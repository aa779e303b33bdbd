# SPDX-License-Identifier: Apache-2.0
#
# Shared by the scripts of this folder; sourced, never run.
# shellcheck shell=bash
set -euo pipefail

# The top of the source tree.
ROOT=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)

# What people are told goes to stderr: stdout belongs to the results of what a script runs.
say() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; }
die() {
  say "$@"
  exit 1
}

# head_of FILE: the comment at the top of a script, as its help text.
head_of() { sed -n '3,/^[^#]/{/^#/s/^# \{0,1\}//p}' "$1"; }

# Runs a command quietly; shows what it wrote only if it fails.
quietly() {
  local log status=0
  log=$(mktemp)
  "$@" >"$log" 2>&1 || status=$?
  [ "$status" -eq 0 ] || cat "$log" >&2
  rm -f "$log"
  return "$status"
}

# Of what ninja says, what a log should hold: every twentieth step, and all that is no step.
steps_of_a_log() {
  awk '{
    if (match($0, /^\[[0-9]+\/[0-9]+\]/)) {
      split(substr($0, 2, RLENGTH - 2), step, "/")
      if (step[1] % 20 != 0 && step[1] != step[2]) next
    }
    print
    fflush()
  }'
}

# configure PRESET: once; later ninja sees to it.
configure() {
  [ ! -f "$ROOT/build/$1/build.ninja" ] || return 0
  say "configuring build/$1"
  quietly cmake -S "$ROOT" --preset "$1"
}

# build PRESET TARGET...: what is not built, as ninja decides. Says nothing when nothing is to be done.
build() {
  local preset=$1 dir="$ROOT/build/$1"
  shift
  configure "$preset"
  if ninja -C "$dir" -n "$@" 2>/dev/null | grep -q 'no work to do'; then return 0; fi
  say "building $* in build/$preset (the first time it takes some minutes)"
  if [ -t 2 ]; then
    ninja -C "$dir" -j "$(nproc)" "$@" >&2
  else
    ninja -C "$dir" -j "$(nproc)" "$@" 2>&1 | steps_of_a_log >&2
  fi
}

# Files of the project, tracked or about to be, that match the patterns of git.
project_files() { git -C "$ROOT" ls-files --cached --others --exclude-standard -- "$@"; }
