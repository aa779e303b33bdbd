# SPDX-License-Identifier: Apache-2.0
#
# PostgreSQL as it is measured: fsync=off, jit=off, 1,200 connections. USER owns DATABASE and may do all. URL is without TLS,
# TLS_URL checks the certificate against CA.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154

bin=$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)
program=$bin/postgres package=postgresql stop_signal=INT

prepare() {
  tls_files && password >"$data/first-password" && give_to_user "$data/first-password" &&
    as_user "$bin/initdb" -D "$data/db" -U mbench -A scram-sha-256 --pwfile="$data/first-password" -E UTF8 --locale=C -N &&
    rm "$data/first-password"
}

command_line() {
  # Left by one that was killed and perhaps not waited for yet.
  rm -f "$data/db/postmaster.pid" "$data"/.s.PGSQL.*
  argv=("$program" -D "$data/db" -p "$(port main)" -k "$data" -c listen_addresses=127.0.0.1 -c max_connections=1200
    -c shared_buffers=128MB -c fsync=off -c jit=off -c ssl=on -c ssl_cert_file="$data/tls/server.crt"
    -c ssl_key_file="$data/tls/server.key")
}

ask() { PGPASSWORD=$(password) "$bin/psql" -X -h 127.0.0.1 -p "$(port main)" -U mbench -v ON_ERROR_STOP=1 "$@"; }
ready() { ask -d postgres -c 'select 1'; }
finish() { ask -d postgres -c 'create database mbench'; }

facts() {
  local at
  at="mbench:$(password)@127.0.0.1:$(port main)/mbench"
  cat <<FACTS
URL=postgresql://$at?sslmode=disable
TLS_URL=postgresql://$at?sslmode=verify-full&sslrootcert=$dir/tls/ca.crt
HOST=127.0.0.1
PORT=$(port main)
SOCKET=$data
USER=mbench
PASSWORD=$(password)
DATABASE=mbench
CA=$dir/tls/ca.crt
OTHER_CA=$dir/tls/other-ca.crt
FACTS
}
