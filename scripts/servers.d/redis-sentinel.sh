# SPDX-License-Identifier: Apache-2.0
#
# Redis that fails over by itself: a master, a replica (asynchronous, as Redis is), three sentinels that need two votes and wait
# 2 s, and HAProxy, which sends clients to whoever says that it is the master: URL leads there.
# SCRIPTS/kill-master ends the master as a power failure does; SCRIPTS/cut-off-replica stops replication first.
# The processes: 1 and 2 Redis, 3 to 5 sentinels, 6 HAProxy.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154

program=redis-sentinel package=redis-sentinel setup_group=faults processes=6

prepare() {
  local each
  proxy_configuration >"$data/haproxy.cfg" || return 1
  for each in 1 2; do mkdir "$data/node$each" || return 1; done
  for each in 3 4 5; do sentinel_configuration "$each" >"$data/sentinel$each.conf" || return 1; done
  script cut-off-replica <<<"for port in $(port node1) $(port node2); do
  redis-cli -p \$port info replication | grep -q role:slave && redis-cli -p \$port replicaof 127.0.0.1 1
done"
  script kill-master <<<"for node in 1:$(port node1) 2:$(port node2); do
  redis-cli -p \${node#*:} info replication | grep -q role:master && exec '$ROOT/scripts/servers' --dir '$dir' kill $name:\${node%:*}
done
echo 'nobody leads' >&2
exit 1"
  give_to_user "$data"
}

sentinel_configuration() {
  cat <<CFG
bind 127.0.0.1
port $(port "sentinel$1")
dir $data
sentinel monitor mbench 127.0.0.1 $(port node1) 2
sentinel down-after-milliseconds mbench 2000
sentinel failover-timeout mbench 10000
CFG
}

proxy_configuration() {
  cat <<CFG
$(haproxy_head 2000)
frontend master
  bind 127.0.0.1:$(port main)
  default_backend nodes
backend nodes
  option tcp-check
  tcp-check send "info replication\r\nquit\r\n"
  tcp-check expect string role:master
  default-server check inter 200ms fall 2 rise 1 on-marked-down shutdown-sessions
  server node1 127.0.0.1:$(port node1)
  server node2 127.0.0.1:$(port node2)
CFG
}

command_line() {
  case $1 in
    1 | 2)
      argv=(redis-server --bind 127.0.0.1 --port "$(port "node$1")" --save '' --appendonly no --dir "$data/node$1")
      [ "$1" = 1 ] || argv+=(--replicaof 127.0.0.1 "$(port node1)")
      ;;
    6) argv=(haproxy -db -f "$data/haproxy.cfg") ;;
    *) argv=("$program" "$data/sentinel$1.conf") ;;
  esac
}

ready() {
  case $1 in
    1 | 2) redis-cli -p "$(port "node$1")" ping | grep -qx PONG ;;
    6) listening "$(port main)" ;;
    *) listening "$(port "sentinel$1")" ;;
  esac
}

# All sentinels know each other and the replica, and the proxy has found the master.
agreed() {
  local each of_master
  for each in 3 4 5; do
    of_master=$(redis-cli -p "$(port "sentinel$each")" sentinel master mbench | paste -sd ' ') || return 1
    [[ " $of_master " == *' num-slaves 1 '* && " $of_master " == *' num-other-sentinels 2 '* ]] || return 1
  done
  redis-cli -p "$(port main)" info replication | grep -q 'role:master'
}
finish() { wait_for 60 agreed; }

facts() {
  cat <<FACTS
URL=redis://127.0.0.1:$(port main)
HOST=127.0.0.1
PORT=$(port main)
MASTER_URL=redis://127.0.0.1:$(port node1)
REPLICA_URL=redis://127.0.0.1:$(port node2)
SCRIPTS=$data/scripts
FACTS
}
