#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# scripts/servers may be pointed anywhere: it uses and empties only folders that it has made.
set -euo pipefail
servers=$(dirname "$(readlink -f "$0")")/../../../scripts/servers
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

# refused WORD...: the call fails, and says why.
refused() {
  local reason=$1
  shift
  ! "$servers" "$@" >"$place/said" 2>&1 || fail "not refused: $*"
  grep -q "$reason" "$place/said" || fail "'$reason' is not in: $(cat "$place/said")"
}

mkdir -p "$place/photos/redis/ports"
echo precious >"$place/photos/redis/picture"
for word in stop status env; do refused 'not made by scripts/servers' --dir "$place/photos" "$word"; done
refused 'not made by scripts/servers' --dir "$place/photos" start redis
[ "$(cat "$place/photos/redis/picture")" = precious ] || fail "the files of somebody else are gone"

mkdir "$place/empty"
ln -s "$place/empty" "$place/link"
refused 'symbolic link' --dir "$place/link" stop

# A folder of its own goes, but not what was put there later, nor what a link in it leads to.
"$servers" --dir "$place/own" status
echo note >"$place/own/note"
ln -s "$place/photos/redis" "$place/own/redis"
"$servers" --dir "$place/own" stop
[ -f "$place/own/note" ] || fail "a file that came later is gone"
[ -f "$place/photos/redis/picture" ] || fail "a link was followed"
"$servers" --dir "$place/gone" status
"$servers" --dir "$place/gone" stop
[ ! -e "$place/gone" ] || fail "an own folder is left behind"

# Without --dir: always the same folder for one user, and no name that can be guessed.
export XDG_STATE_HOME=$place/state
unset MBENCH_SERVERS_DIR
eval "$("$servers" env)"
first=$MBENCH_SERVERS_DIR
unset MBENCH_SERVERS_DIR
eval "$("$servers" env)"
[ "$first" = "$MBENCH_SERVERS_DIR" ] || fail "two calls, two folders"
"$servers" stop
[ ! -e "$first" ] || fail "the folder of this test is left behind"
