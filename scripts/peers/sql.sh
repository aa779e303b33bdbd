# SPDX-License-Identifier: Apache-2.0
#
# Point selects of a text of 120 characters by primary key, one of 100,000 rows (sysbench's table); pgbench selects a number
# from its own table, which is less to carry.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154,SC2317

compare_postgres() {
  work='PostgreSQL prepared select, 50 connections' peers=(sysbench pgbench) limits=(0.75 -) ops=150000 short_ops=30000
  start_servers postgres
  fill_postgres
  sql_workload 50 postgres MBENCH_TEST_POSTGRES_URL
}

compare_postgres_pipeline() {
  work='PostgreSQL prepared select, 50 connections, pipeline 16, one Sync per batch'
  peers=(pgbench_pipeline) limits=(0.70) ops=800000 short_ops=160000
  start_servers postgres
  fill_postgres
  {
    printf '%s\n' '\startpipeline'
    for _ in {1..16}; do
      printf '%s\n' '\set aid random(1, 100000)' 'select abalance from pgbench_accounts where aid = :aid;'
    done
    printf '%s\n' '\endpipeline'
  } >"$place/pipeline.sql"
  workload 800 <<YAML
driver: {use: postgres, url: "\${MBENCH_TEST_POSTGRES_URL}", pipeline: 16, sync: batch}
statements:
  get: {weight: 1, sql: "select abalance from pgbench_accounts where aid = {id}"}
generators: {id: {from: 1, to: 100k}}
YAML
}

compare_mariadb() {
  work='MariaDB point select, 50 connections' peers=(sysbench) limits=(1.00) ops=200000 short_ops=40000
  start_servers mariadb
  sysbench_options=(--db-driver=mysql --mysql-host=127.0.0.1 --mysql-port="$MBENCH_TEST_MARIADB_PORT" --mysql-user=mbench
    --mysql-password="$MBENCH_TEST_MARIADB_PASSWORD" --mysql-db=mbench)
  quietly sysbench oltp_point_select "${sysbench_options[@]}" --table-size=100000 prepare
  sql_workload 50 mysql MBENCH_TEST_MARIADB_URL
}

fill_postgres() {
  export PGSSLMODE=disable PGPASSWORD=$MBENCH_TEST_POSTGRES_PASSWORD PGHOST=127.0.0.1 PGPORT=$MBENCH_TEST_POSTGRES_PORT
  export PGUSER=mbench PGDATABASE=mbench
  sysbench_options=(--db-driver=pgsql --pgsql-host=127.0.0.1 --pgsql-port="$PGPORT" --pgsql-user=mbench
    --pgsql-password="$PGPASSWORD" --pgsql-db=mbench)
  quietly sysbench oltp_point_select "${sysbench_options[@]}" --table-size=100000 prepare
  quietly pgbench -i -q -s 1
  quietly psql -c 'vacuum analyze'
}

# sql_workload CONNECTIONS DRIVER VARIABLE
sql_workload() {
  workload "$1" <<YAML
driver: {use: $2, url: "\${$3}"}
statements:
  get: {weight: 1, sql: "select c from sbtest1 where id = {id}"}
generators: {id: {from: 1, to: 100k}}
YAML
}

run_sysbench() {
  sysbench oltp_point_select "${sysbench_options[@]}" --table-size=100000 --rand-type=uniform --threads=50 --events="$1" \
    --time=0 run
}
done_sysbench() { sed -n 's/^ *total number of events: *//p' "$place/sysbench.out"; }

run_pgbench() { pgbench -n -S -M prepared -c 50 -j 1 -t $(($1 / 50)); }
done_pgbench() { pgbench_transactions "$place/pgbench.out"; }
run_pgbench_pipeline() { pgbench -n -f "$place/pipeline.sql" -M prepared -c 50 -j 1 -t $(($1 / 800)); }
done_pgbench_pipeline() { echo $(($(pgbench_transactions "$place/pgbench_pipeline.out") * 16)); }
pgbench_transactions() { sed -n 's/^number of transactions actually processed: \([0-9]*\).*/\1/p' "$1"; }
