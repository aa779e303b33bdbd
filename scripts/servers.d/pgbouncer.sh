# SPDX-License-Identifier: Apache-2.0
#
# PgBouncer in front of the server `postgres`, which is started first: transaction pooling, three connections to the server. It
# knows nothing of prepared statements (1.21 does).
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154

program=pgbouncer package=pgbouncer
needed=(postgres)

of_server() { (home=$dir/postgres && "$@"); }
password() { cat "$dir/postgres/password"; }

prepare() {
  printf '"mbench" "%s"\n' "$(password)" >"$data/users" &&
    cat >"$data/pgbouncer.ini" <<INI && give_to_user "$data/users" "$data/pgbouncer.ini"
[databases]
mbench = host=127.0.0.1 port=$(of_server port main) dbname=mbench
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = $(port main)
unix_socket_dir =
auth_type = scram-sha-256
auth_file = $data/users
pool_mode = transaction
default_pool_size = 3
max_client_conn = 500
server_tls_sslmode = disable
INI
}

command_line() { argv=(pgbouncer "$data/pgbouncer.ini"); }

facts() {
  cat <<FACTS
URL=postgresql://mbench:$(password)@127.0.0.1:$(port main)/mbench?sslmode=disable
SERVER_URL=postgresql://mbench:$(password)@127.0.0.1:$(of_server port main)/mbench?sslmode=disable
HOST=127.0.0.1
PORT=$(port main)
FACTS
}
