# SPDX-License-Identifier: Apache-2.0
#
# PostgreSQL that fails over by itself: two nodes under Patroni with synchronous replication, etcd for their vote, and HAProxy, which asks Patroni
# who leads. URL leads to the leader. When it is lost the standby takes over after about 20 s (ttl).
# SCRIPTS/kill-leader ends the leader as a power failure does. The processes: 1 etcd, 2 and 3 the nodes, 4 HAProxy.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154

source "$ROOT/scripts/servers.d/postgres.sh"
program=patroni package=patroni setup_group=faults processes=4 stop_signal=TERM

prepare() {
  local node
  mkdir "$data/etcd" && proxy_configuration >"$data/haproxy.cfg" || return 1
  for node in 2 3; do node_configuration "$node" >"$data/node$node.yml" || return 1; done
  script kill-leader <<SCRIPT && give_to_user "$data"
for node in 2:$(port node2) 3:$(port node3); do
  if [ "\$(PGPASSWORD=$(password) psql -XtA -h 127.0.0.1 -p "\${node#*:}" -U mbench postgres -c 'select pg_is_in_recovery()')" = f ]; then
    exec '$ROOT/scripts/servers' --dir '$dir' kill "$name:\${node%:*}"
  fi
done
echo 'nobody leads' >&2
exit 1
SCRIPT
}

node_configuration() {
  cat <<YAML
scope: mbench
name: node$1
restapi: {listen: '127.0.0.1:$(port "api$1")', connect_address: '127.0.0.1:$(port "api$1")'}
etcd3: {host: '127.0.0.1:$(port etcd)'}
bootstrap:
  dcs:
    ttl: 20
    loop_wait: 2
    retry_timeout: 5
    synchronous_mode: true
    postgresql: {use_pg_rewind: true}
  initdb: [{encoding: UTF8}, {locale: C}, {auth-local: trust}, {auth-host: scram-sha-256}]
  pg_hba: ['local all all trust', 'host all all 127.0.0.1/32 scram-sha-256', 'host replication all 127.0.0.1/32 scram-sha-256']
postgresql:
  listen: 127.0.0.1:$(port "node$1")
  connect_address: 127.0.0.1:$(port "node$1")
  bin_dir: $bin
  data_dir: $data/db$1
  pgpass: $data/pgpass$1
  authentication:
    superuser: {username: mbench, password: $(password)}
    replication: {username: copier, password: $(password)}
  parameters: {unix_socket_directories: $data, shared_buffers: 64MB, max_connections: 300, jit: 'off'}
YAML
}

proxy_configuration() {
  cat <<CFG
$(haproxy_head 1000)
frontend leader
  bind 127.0.0.1:$(port main)
  default_backend nodes
backend nodes
  option httpchk GET /primary
  default-server check inter 500ms fall 2 rise 1 on-marked-down shutdown-sessions
  server node2 127.0.0.1:$(port node2) check port $(port api2)
  server node3 127.0.0.1:$(port node3) check port $(port api3)
CFG
}

command_line() {
  case $1 in
    1) argv=(etcd --data-dir "$data/etcd" --listen-client-urls "http://127.0.0.1:$(port etcd)"
      --advertise-client-urls "http://127.0.0.1:$(port etcd)" --listen-peer-urls "http://127.0.0.1:$(port peer)"
      --initial-advertise-peer-urls "http://127.0.0.1:$(port peer)" --initial-cluster "default=http://127.0.0.1:$(port peer)") ;;
    4) argv=(haproxy -db -f "$data/haproxy.cfg") ;;
    *)
      rm -f "$data/db$1/postmaster.pid"  # of one that was killed
      argv=(patroni "$data/node$1.yml")
      ;;
  esac
}

ready() {
  case $1 in
    1) listening "$(port etcd)" ;;
    4) listening "$(port main)" ;;
    *) listening "$(port "node$1")" ;;
  esac
}

both() { ask -d postgres -tAc "select count(*) from pg_stat_replication where sync_state = 'sync'" | grep -qx 1; }
finish() { wait_for 60 both && ask -d postgres -c 'create database mbench'; }

facts() {
  cat <<FACTS
URL=postgresql://mbench:$(password)@127.0.0.1:$(port main)/mbench?sslmode=disable
HOST=127.0.0.1
PORT=$(port main)
SCRIPTS=$data/scripts
FACTS
}
