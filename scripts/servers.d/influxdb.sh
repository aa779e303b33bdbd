# SPDX-License-Identifier: Apache-2.0
#
# InfluxDB 1.6 with its log kept short: URL takes everybody; AUTH_URL, of a second process, asks for USER and PASSWORD.
# DATABASE is there on both, empty; on the second one USER may read and write it and nothing else.
# In DATABASE the retention policy "short" keeps an hour: what is older is refused.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154

program=influxd package=influxdb processes=2

prepare() { mkdir -p "$data/1" "$data/2" && configuration 1 false && configuration 2 true && give_to_user "$data"; }

# configuration K AUTH
configuration() {
  cat >"$data/$1.conf" <<CONF
reporting-disabled = true
bind-address = "127.0.0.1:$(port "rpc$1")"
[meta]
  dir = "$data/$1/meta"
[data]
  dir = "$data/$1/data"
  wal-dir = "$data/$1/wal"
  query-log-enabled = false
[http]
  bind-address = "127.0.0.1:$(http_port "$1")"
  log-enabled = false
  auth-enabled = $2
[monitor]
  store-enabled = false
[subscriber]
  enabled = false
[continuous_queries]
  enabled = false
CONF
}

http_port() { if [ "$1" = 1 ]; then port main; else port auth; fi; }
command_line() { argv=(influxd -config "$data/$1.conf"); }
ready() { curl -sf -o /dev/null "http://127.0.0.1:$(http_port "$1")/ping"; }

# influxql K USER:PASSWORD TEXT
influxql() { curl -sf -o /dev/null ${2:+-u "$2"} "http://127.0.0.1:$(http_port "$1")/query" --data-urlencode "q=$3"; }

finish() {
  local root
  root=root:$(password)
  influxql 1 '' 'CREATE DATABASE mbench' &&
    influxql 1 '' 'CREATE RETENTION POLICY short ON mbench DURATION 1h REPLICATION 1' &&
    influxql 2 '' "CREATE USER root WITH PASSWORD '$(password)' WITH ALL PRIVILEGES" &&
    influxql 2 "$root" 'CREATE DATABASE mbench' &&
    influxql 2 "$root" "CREATE USER mbench WITH PASSWORD '$(password)'" &&
    influxql 2 "$root" 'GRANT ALL ON mbench TO mbench'
}

facts() {
  cat <<FACTS
URL=http://127.0.0.1:$(port main)
AUTH_URL=http://127.0.0.1:$(port auth)
HOST=127.0.0.1
PORT=$(port main)
DATABASE=mbench
USER=mbench
PASSWORD=$(password)
FACTS
}
