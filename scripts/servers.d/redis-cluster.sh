# SPDX-License-Identifier: Apache-2.0
#
# Redis Cluster: three nodes that share the slots, no replicas. Where a node is down, the others go on.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154

program=redis-server package=redis-server processes=3

prepare() { mkdir "$data"/node{1,2,3} && give_to_user "$data"; }

command_line() {
  argv=(redis-server --bind 127.0.0.1 --port "$(port "node$1")" --save '' --appendonly no --dir "$data/node$1"
    --cluster-enabled yes --cluster-port "$(port "bus$1")" --cluster-node-timeout 2000
    --cluster-require-full-coverage no)
}

ask() { redis-cli -h 127.0.0.1 -p "$(port "node$1")" "${@:2}"; }
ready() { ask "$1" ping | grep -qx PONG; }
halt() { ask "$1" shutdown save; }
joined() { ask "$1" cluster info | grep -q cluster_state:ok && ask "$1" cluster info | grep -q cluster_known_nodes:3; }

finish() {
  ask 1 cluster addslotsrange 0 5460 && ask 2 cluster addslotsrange 5461 10922 &&
    ask 3 cluster addslotsrange 10923 16383 || return 1
  local each
  for each in 1 2 3; do ask "$each" cluster set-config-epoch "$each"; done
  for each in 2 3; do ask 1 cluster meet 127.0.0.1 "$(port "node$each")" "$(port "bus$each")"; done
  for each in 1 2 3; do wait_for 30 joined "$each" || return 1; done
}

facts() {
  cat <<FACTS
URL=redis://127.0.0.1:$(port node1)
HOST=127.0.0.1
PORT=$(port node1)
PORTS=$(port node1),$(port node2),$(port node3)
FACTS
}
