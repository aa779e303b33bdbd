# SPDX-License-Identifier: Apache-2.0
#
# MariaDB; USER owns DATABASE and may do all. URL is without TLS unless a client asks for it; CA signed its certificate.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154

program=mariadbd package=mariadb-server

prepare() {
  tls_files &&
    as_user mariadb-install-db --no-defaults --datadir="$data/db" --auth-root-authentication-method=normal --skip-test-db
}

command_line() {
  argv=(mariadbd --no-defaults --datadir="$data/db" --bind-address=127.0.0.1 --port="$(port main)"
    --socket="$data/socket" --pid-file="$data/pid" --max-connections=1200 --innodb-flush-log-at-trx-commit=0
    --ssl-ca="$data/tls/ca.crt" --ssl-cert="$data/tls/server.crt" --ssl-key="$data/tls/server.key")
}

ask() { mariadb --no-defaults --socket="$data/socket" -u root "$@"; }
ready() { ask -e 'select 1'; }

finish() {
  ask <<SQL
create database mbench;
create user mbench@'127.0.0.1' identified by '$(password)';
create user mbench@localhost identified by '$(password)';
grant all on *.* to mbench@'127.0.0.1' with grant option;
grant all on *.* to mbench@localhost with grant option;
SQL
}

facts() {
  cat <<FACTS
URL=mysql://mbench:$(password)@127.0.0.1:$(port main)/mbench
HOST=127.0.0.1
PORT=$(port main)
SOCKET=$data/socket
USER=mbench
PASSWORD=$(password)
DATABASE=mbench
CA=$dir/tls/ca.crt
OTHER_CA=$dir/tls/other-ca.crt
FACTS
}
