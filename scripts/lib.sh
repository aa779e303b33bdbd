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

# build PRESET TARGET...: configures once, then lets ninja decide. Says nothing when nothing is to be done.
build() {
  local preset=$1 dir="$ROOT/build/$1" show=()
  shift
  if [ ! -f "$dir/build.ninja" ]; then
    say "configuring build/$preset"
    quietly cmake -S "$ROOT" --preset "$preset"
  fi
  if ninja -C "$dir" -n "$@" 2>/dev/null | grep -q 'no work to do'; then return 0; fi
  say "building $* in build/$preset (a minute or two the first time)"
  [ -t 2 ] || show=(--quiet)  # a progress line is for a terminal, not for a log
  ninja -C "$dir" "${show[@]}" -j "$(nproc)" "$@" >&2
}

# Files of the project, tracked or about to be, that match the patterns of git.
project_files() { git -C "$ROOT" ls-files --cached --others --exclude-standard -- "$@"; }
