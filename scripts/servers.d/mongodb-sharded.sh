# SPDX-License-Identifier: Apache-2.0
#
# MongoDB 8.2, a sharded cluster: a mongos (process 3), and two shards of one node each, the first of which is the config
# server too.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154

source "$ROOT/scripts/servers.d/mongodb.sh"
processes=3

command_line() {
  case $1 in
    1) node 1 shard1 && argv+=(--configsvr) ;;
    2) node 2 shard2 && argv+=(--shardsvr) ;;
    3)
      # shellcheck disable=SC2207  # two words
      argv=($(with_library) "$mongos" --bind_ip 127.0.0.1 --port "$(port node3)" --unixSocketPrefix "$data" --quiet
        --configdb "shard1/127.0.0.1:$(port node1)" --setParameter mongosShutdownTimeoutMillisForSignaledShutdown=100)
      ;;
  esac
}

# The mongos answers when the config server is set up, which is after the first start.
ready() {
  if [ "$1" = 3 ] && [ ! -f "$home/facts" ]; then return 0; fi
  listening "$(port "node$1")"
}

finish() {
  set_up config-server shard1 "$(port node1)" && set_up replica-set shard2 "$(port node2)" &&
    wait_for 60 listening "$(port node3)" && set_up shards "mongodb://127.0.0.1:$(port node3)" "shard2/127.0.0.1:$(port node2)" &&
    set_up user "mongodb://127.0.0.1:$(port node3)"
}

facts() {
  cat <<FACTS
URL=mongodb://127.0.0.1:$(port node3)/
HOST=127.0.0.1
PORT=$(port node3)
USER=mbench
PASSWORD=$(password)
FACTS
}
