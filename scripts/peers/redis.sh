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
}

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
