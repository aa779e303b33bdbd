# SPDX-License-Identifier: Apache-2.0
#
# HAProxy in front of the servers `postgres` and `postgres-replica`, which are started first. URL leads to the primary; the
# standby behind it is disabled until somebody switches by ADMIN, as operators do. It looks after both twice a second and
# cuts sessions to a server that is down. STATS_URL is the page of statistics (with ;csv at the end for programs), METRICS_URL the same for Prometheus.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154

program=haproxy package=haproxy
needed=(postgres postgres-replica)

password() { cat "$dir/postgres/password"; }

prepare() {
  cat >"$data/haproxy.cfg" <<CFG && give_to_user "$data/haproxy.cfg"
$(haproxy_head 4000 "stats socket ipv4@127.0.0.1:$(port admin) level admin")
frontend writes
  bind 127.0.0.1:$(port main)
  default_backend postgres
backend postgres
  option pgsql-check user mbench
  default-server check inter 500ms fall 2 rise 1 on-marked-down shutdown-sessions
  server primary 127.0.0.1:$(of postgres)
  server standby 127.0.0.1:$(of postgres-replica) disabled
frontend statistics
  mode http
  timeout client 10s
  bind 127.0.0.1:$(port stats)
  http-request use-service prometheus-exporter if { path /metrics }
  stats enable
  stats uri /stats
CFG
}

command_line() { argv=("$program" -db -f "$data/haproxy.cfg"); }

facts() {
  cat <<FACTS
URL=postgresql://mbench:$(password)@127.0.0.1:$(port main)/mbench?sslmode=disable
STATS_URL=http://127.0.0.1:$(port stats)/stats
METRICS_URL=http://127.0.0.1:$(port stats)/metrics
ADMIN=127.0.0.1:$(port admin)
HOST=127.0.0.1
PORT=$(port main)
FACTS
}
