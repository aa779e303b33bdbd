# SPDX-License-Identifier: Apache-2.0
#
# MongoDB 8.2, a replica set of three nodes that elects a new primary about two seconds after the old one has gone. With the
# server's commands for tests (failCommand).
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154

source "$ROOT/scripts/servers.d/mongodb.sh"
processes=3

command_line() {
  node "$1" "$replica_set"
  argv+=(--setParameter enableTestCommands=1)
}

ports() { echo "$(port node1) $(port node2) $(port node3)"; }
hosts() { printf '127.0.0.1:%s' "$(port node1)" && printf ',127.0.0.1:%s' "$(port node2)" "$(port node3)"; }

# shellcheck disable=SC2046  # several words
finish() { set_up replica-set "$replica_set" $(ports) && set_up user "mongodb://$(hosts)/?replicaSet=$replica_set"; }

facts() {
  cat <<FACTS
URL=mongodb://$(hosts)/?replicaSet=$replica_set
PORTS=$(ports | tr ' ' ,)
REPLICA_SET=$replica_set
USER=mbench
PASSWORD=$(password)
FACTS
}
