# SPDX-License-Identifier: Apache-2.0
#
# YCSB C and A on documents of ten fields of 100 bytes, 100,000 of them: mbench's own protocol beside mbench on libmongoc, and
# a program of threads on pymongo.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154,SC2317

compare_mongodb() { mongodb_ycsb "find by _id, 1 KB" 50 60000 0; }
compare_mongodb_1000() { mongodb_ycsb "find by _id, 1 KB" 1000 60000 0; }
compare_mongodb_updates() { mongodb_ycsb "half find, half update of a field" 50 30000 50; }

# mongodb_ycsb WORK CONNECTIONS OPS UPDATES: of a hundred ops, so many are updates.
mongodb_ycsb() {
  connections=$2 ops=$3 updates=$4 short_ops=$(($3 / 4)) peers=(libmongoc pymongo) limits=(0.50 -)
  work="MongoDB $1, $2 connections"
  start_servers mongodb
  workload "$2" <<YAML
driver: {use: mongodb, uri: "\${MBENCH_TEST_MONGODB_URL}", client: direct}
data: {records: 100k, value: {fields: 10, size: 100B}}
mix: {read: $((100 - updates)), update: $updates}
YAML
  sed -e '/^run:/d' -e 's/client: direct/client: libmongoc/' "$place/ours.yaml" >"$place/libmongoc.yaml"
  ours "$place/ours.yaml" 1000 >/dev/null # loads
}

run_libmongoc() { ours "$place/libmongoc.yaml" "$1"; }
done_libmongoc() { ok_of_mbench "$place/libmongoc.out" "$1"; }

run_pymongo() { "$ROOT/scripts/peers/mongodb-pymongo" "$MBENCH_TEST_MONGODB_URL" "$connections" "$1" "$updates"; }
done_pymongo() { cat "$place/pymongo.out"; }
