# SPDX-License-Identifier: Apache-2.0
#
# GET of 100 bytes, one key of 100,000.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154,SC2317

compare_redis() { redis_gets 50 1 0.60 800000; }
compare_redis_1000() { redis_gets 1000 1 0.60 600000; }
compare_redis_pipeline() { redis_gets 50 16 0.70 5000000; }

# redis_gets CONNECTIONS PIPELINE LIMIT OPS
redis_gets() {
  connections=$1 depth=$2 limits=("$3") ops=$4 short_ops=$(($4 / 5)) peers=(redis_benchmark)
  work="Redis GET 100 B, $connections connections"
  [ "$depth" -eq 1 ] || work+=", pipeline $depth"
  start_servers redis
  fill_redis
  redis_workload
  has_memtier && peers+=(memtier) limits+=(-)
  has_floor "$MBENCH_TEST_REDIS_PORT" "$connections" "$depth" $'*2\r\n$3\r\nGET\r\n$16\r\nkey:000000000001\r\n'
}

# Debian has no memtier_benchmark: it takes part where the user has installed it.
has_memtier() { command -v memtier_benchmark >/dev/null || ! say 'memtier_benchmark is not installed: left out'; }
run_memtier() {
  memtier_benchmark -s 127.0.0.1 -p "$MBENCH_TEST_REDIS_PORT" --ratio=0:1 --key-prefix=key:0000000 --key-minimum=10000 --key-maximum=99999 \
    --threads=1 --clients="$connections" --pipeline="$depth" --requests=$(($1 / connections)) --hide-histogram
}
done_memtier() { echo $(($1 / connections * connections)); }

# The keys redis-benchmark asks for.
fill_redis() {
  awk 'BEGIN {for (i = 0; i < 100000; i++) printf "SET key:%012d %0100d\r\n", i, i}' |
    quietly redis-cli -p "$MBENCH_TEST_REDIS_PORT" --pipe
}

redis_workload() {
  workload $((connections * depth)) <<YAML
driver: {use: redis, url: "\${MBENCH_TEST_REDIS_URL}", pipeline: $depth}
data: {records: 100k, key: {prefix: "key:", digits: 12, order: ordered}}
keys: {choose: uniform}
statements:
  get: {weight: 1, redis: [GET, "{key}"]}
YAML
}

run_redis_benchmark() {
  redis-benchmark -p "$MBENCH_TEST_REDIS_PORT" -t get -d 100 -r 100000 -n "$1" -c "$connections" -P "$depth" -q
}
done_redis_benchmark() { echo "$1"; }
