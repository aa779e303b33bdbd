# SPDX-License-Identifier: Apache-2.0
#
# MongoDB 8.2 without a replica set, as it comes out of its package: no transactions, no change streams.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154

source "$ROOT/scripts/servers.d/mongodb.sh"

command_line() {
  node "$1" none
  local -a all=("${argv[@]}")
  argv=()
  for ((i = 0; i < ${#all[@]}; ++i)); do
    if [ "${all[i]}" = --replSet ]; then ((++i)); else argv+=("${all[i]}"); fi
  done
}

finish() { :; }

facts() {
  cat <<FACTS
URL=mongodb://127.0.0.1:$(port node1)/
HOST=127.0.0.1
PORT=$(port node1)
FACTS
}
