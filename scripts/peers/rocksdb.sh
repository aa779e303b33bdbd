# SPDX-License-Identifier: Apache-2.0
#
# Point reads of records of 16 + 100 bytes, one thread, in a store of its own for each tool.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154,SC2317

compare_rocksdb() {
  local records=1000000 store
  work="RocksDB read, $records x 16+100 B, cache 1 GiB, 1 thread" peers=(db_bench) limits=(-)
  # Longer than it takes to have read every block once, so that both runs end with the same warm cache.
  short_ops=$((records / 2)) ops=2000000
  common=(--num="$records" --key_size=16 --value_size=100 --compression_type=none --bloom_bits=10
    --cache_size=1073741824)
  workload 1 <<YAML
driver: {use: rocksdb, path: "$place/mbench", cache: 1GiB, compression: none, bloom_bits: 10}
data:
  records: $records
  key: {prefix: "", digits: 16, order: ordered}
  value: {fields: 1, size: 100B}
keys: {choose: uniform}
mix: {read: 1}
YAML
  say 'loading both stores'
  quietly db_bench --db="$place/db_bench" --benchmarks=fillseq "${common[@]}"
  quietly run_mbench 1
  for store in db_bench mbench; do
    quietly db_bench --db="$place/$store" --use_existing_db=1 --benchmarks=compact "${common[@]}"
  done
}

run_db_bench() {
  db_bench --db="$place/db_bench" --use_existing_db=1 --benchmarks=readrandom --threads=1 --reads="$1" "${common[@]}"
}
done_db_bench() { echo "$1"; }
