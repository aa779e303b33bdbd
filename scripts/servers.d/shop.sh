# SPDX-License-Identifier: Apache-2.0
#
# A product API as many are built: reads go through a cache (the server `redis`, 60 s, emptied by an update) to a streaming
# standby, writes through HAProxy to the primary of PostgreSQL. All of these are started first. It has 1,000 products:
#   GET URL/products/{1..1000}    {"id": 7, "price": 0, "stock": 1, "source": "cache" or "replica"}
#   PUT URL/products/{1..1000}    takes {"price": N, "stock": N}; 503 where the database did not say that it has it
#   GET URL/health
# SCRIPTS is a folder with what an operator does: stop-primary, cut-off-standby, promote, switch.
# STATS_URL is the statistics page of HAProxy.
# DATABASE_URL is PostgreSQL through HAProxy, with its password.
# LOG is an independent judge for tests: lines for writes, when they came and when they were acknowledged (put, ack: id, price), and for
# reads, when they came and what they were answered (get: id, number; got: number, price, source); and those it knew to be old (stale).
# CACHE=off when it starts: without the cache. READS=primary: reads go where writes go.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154

program=node package=nodejs
needed=(redis postgres postgres-replica haproxy)
modules=$cache/shop-$(md5sum <"$ROOT/scripts/servers.d/shop/package-lock.json" | cut -c 1-10)

# Its libraries, as package-lock.json pins them.
obtain() {
  local new
  [ ! -d "$modules" ] || return 0
  command -v npm >/dev/null || { say "no npm; scripts/setup servers installs it" && return 1; }
  say "fetching what the shop needs, once"
  new=$(new_in_cache) && cp "$ROOT"/scripts/servers.d/shop/package*.json "$new" || return 1
  if (cd "$new" && npm ci --ignore-scripts --no-audit --no-fund --omit=dev) >/dev/null 2>&1 && keep "$new" "${modules##*/}"; then
    return 0
  fi
  say "npm did not get them"
  rm -rf "$new"
  return 1
}

password() { cat "$dir/postgres/password"; }
database() { echo "postgresql://mbench:$(password)@127.0.0.1:$1/mbench"; }

prepare() {
  local psql
  install -m 644 "$ROOT/scripts/servers.d/shop/server.js" "$data/server.js" &&
    ln -s "$modules/node_modules" "$data/node_modules" || return 1
  psql="psql -qXtA -v ON_ERROR_STOP=1 '$(database "$(of postgres-replica)")'"
  script stop-primary <<<"exec '$ROOT/scripts/servers' --dir '$dir' kill postgres"
  script cut-off-standby <<<"exec $psql -c \"alter system set primary_conninfo = ''\" -c 'select pg_reload_conf()'"
  script promote <<<"exec $psql -c 'select pg_promote()'"
  script switch <<SCRIPT
exec bash -c 'exec 3<>/dev/tcp/127.0.0.1/$(of haproxy admin) &&
  echo "disable server postgres/primary; enable server postgres/standby" >&3 && cat <&3'
SCRIPT
  give_to_user "$data"
  psql -qX "$(database "$(of postgres)")" -v ON_ERROR_STOP=1 <<'SQL'
drop table if exists products;
create table products (id int primary key, price bigint not null, stock int not null);
insert into products select id, 0, 1 from generate_series(1, 1000) as id;
SQL
}

command_line() {
  local reads=postgres-replica
  [ "${READS:-replica}" = replica ] || reads=haproxy
  argv=(env "PORT=$(port main)" "CACHE=${CACHE:-redis://127.0.0.1:$(of redis)}" "LOG=$data/log"
    "WRITES=$(database "$(of haproxy)")" "READS=$(database "$(of "$reads")")" "SOURCE=${READS:-replica}" "$program" server.js)
}

facts() {
  cat <<FACTS
URL=http://127.0.0.1:$(port main)
HOST=127.0.0.1
PORT=$(port main)
SCRIPTS=$data/scripts
LOG=$data/log
DATABASE_URL=$(database "$(of haproxy)")?sslmode=disable
STATS_URL=http://127.0.0.1:$(of haproxy stats)/stats
FACTS
}
