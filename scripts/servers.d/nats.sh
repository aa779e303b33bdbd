# SPDX-License-Identifier: Apache-2.0
#
# nats-server with JetStream, its store in the folder. URL takes USER with PASSWORD or nobody in particular, who may do everything;
# READER, with the same password, may publish to `open.>` alone and subscribe to nothing but inboxes. A message has 100 kB at most.
# MONITOR is its port for monitoring. TLS_URL is a second one that wants TLS (CA signed its certificate) and TOKEN.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154

program=nats-server package=nats-server processes=2

prepare() {
  tls_files
  cat >"$data/main.conf" <<CONF
host: 127.0.0.1
port: $(port main)
http: 127.0.0.1:$(port monitor)
server_name: main
max_payload: 100000
jetstream { store_dir: "$data/jetstream" }
no_auth_user: anybody
authorization {
  users = [
    { user: anybody, password: "$(password)-anybody" }
    { user: mbench, password: "$(password)" }
    { user: reader, password: "$(password)", permissions: { publish: "open.>", subscribe: "_INBOX.>" } }
  ]
}
CONF
  cat >"$data/tls.conf" <<CONF
host: 127.0.0.1
port: $(port tls)
server_name: tls
authorization { token: "$(password)" }
tls { cert_file: "$data/tls/server.crt", key_file: "$data/tls/server.key" }
CONF
  chmod 600 "$data"/{main,tls}.conf && give_to_user "$data"
}

command_line() {
  case $1 in
    1) argv=(nats-server -c "$data/main.conf") ;;
    2) argv=(nats-server -c "$data/tls.conf") ;;
  esac
}
ready() {
  case $1 in
    1) listening "$(port main)" && listening "$(port monitor)" ;;
    2) listening "$(port tls)" ;;
  esac
}

facts() {
  cat <<FACTS
URL=nats://127.0.0.1:$(port main)
PORT=$(port main)
MONITOR=http://127.0.0.1:$(port monitor)
TLS_URL=tls://127.0.0.1:$(port tls)
USER=mbench
READER=reader
PASSWORD=$(password)
TOKEN=$(password)
CA=$dir/tls/ca.crt
OTHER_CA=$dir/tls/other-ca.crt
FACTS
}
