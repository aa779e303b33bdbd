# SPDX-License-Identifier: Apache-2.0
#
# A streaming standby of the server `postgres`, which is started first: it answers reads and refuses writes.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154

source "$ROOT/scripts/servers.d/postgres.sh"
needed=(postgres)

of_primary() { (home=$dir/postgres && "$@"); }
password() { cat "$dir/postgres/password"; }

prepare() {
  tls_files &&
    PGPASSWORD=$(password) as_user "$bin/pg_basebackup" -D "$data/db" -h 127.0.0.1 -p "$(of_primary port main)" -U mbench -R -c fast
}

streams() {
  ask -d postgres -tAc "select pg_is_in_recovery() and status = 'streaming' from pg_stat_wal_receiver" | grep -qx t
}
finish() { wait_for 30 streams; }
