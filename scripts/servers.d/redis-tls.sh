# SPDX-License-Identifier: Apache-2.0
#
# Redis behind TLS and a password: CA signed its certificate, OTHER_CA did not.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154

program=redis-server package=redis-server

prepare() { tls_files; }

command_line() {
  argv=(redis-server --bind 127.0.0.1 --port 0 --tls-port "$(port main)" --save '' --appendonly no --dir "$data"
    --requirepass "$(password)" --tls-auth-clients no --tls-ca-cert-file "$data/tls/ca.crt"
    --tls-cert-file "$data/tls/server.crt" --tls-key-file "$data/tls/server.key")
}

ask() { REDISCLI_AUTH=$(password) redis-cli --tls --cacert "$dir/tls/ca.crt" -h 127.0.0.1 -p "$(port main)" "$@"; }
ready() { ask ping | grep -qx PONG; }
halt() { ask shutdown save; }

facts() {
  cat <<FACTS
URL=rediss://127.0.0.1:$(port main)
HOST=127.0.0.1
PORT=$(port main)
PASSWORD=$(password)
CA=$dir/tls/ca.crt
OTHER_CA=$dir/tls/other-ca.crt
FACTS
}
