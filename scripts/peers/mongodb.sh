# SPDX-License-Identifier: Apache-2.0
#
# Reads of a document of ten fields of 100 bytes by _id, one of 100,000: mbench's own protocol beside mbench on libmongoc,
# and a program of threads on pymongo.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154,SC2317

compare_mongodb() { mongodb_reads 50 60000; }
compare_mongodb_1000() { mongodb_reads 1000 60000; }

# mongodb_reads CONNECTIONS OPS
mongodb_reads() {
  connections=$1 ops=$2 short_ops=$(($2 / 4)) peers=(libmongoc pymongo) limits=(0.50 -)
  work="MongoDB find by _id, 1 KB, $connections connections"
  start_servers mongodb
  workload "$1" <<YAML
driver: {use: mongodb, uri: "\${MBENCH_TEST_MONGODB_URL}", client: direct}
data: {records: 100k, value: {fields: 10, size: 100B}}
mix: {read: 1}
YAML
  sed -e '/^run:/d' -e 's/client: direct/client: libmongoc/' "$place/ours.yaml" >"$place/libmongoc.yaml"
  ours "$place/ours.yaml" 1000 >/dev/null # loads
}

run_libmongoc() { ours "$place/libmongoc.yaml" "$1"; }
done_libmongoc() { ok_of_mbench "$place/libmongoc.out" "$1"; }

run_pymongo() { "$ROOT/scripts/peers/mongodb-pymongo" "$MBENCH_TEST_MONGODB_URL" "$connections" "$1"; }
done_pymongo() { cat "$place/pymongo.out"; }
