# SPDX-License-Identifier: Apache-2.0
#
# get of 100 bytes, one key of 100,000. No other tool for it is a Debian package: the measure is our own Redis GET.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154,SC2317

compare_memcached() {
  work='memcached get 100 B, 50 connections' peers=(mbench_on_redis) limits=(1.10) ops=800000 short_ops=160000
  connections=50 depth=1
  start_servers redis memcached
  fill_redis
  redis_workload
  mv "$place/ours.yaml" "$place/redis.yaml"
  workload 50 <<YAML
driver: {use: memcached, url: "\${MBENCH_TEST_MEMCACHED_URL}"}
data: {records: 100k, key: {prefix: "key:", digits: 12, order: ordered}, value: {fields: 1, size: 100B}}
keys: {choose: uniform}
mix: {read: 1}
YAML
  quietly run_mbench 1
  has_floor "$MBENCH_TEST_MEMCACHED_PORT" 50 1 $'get key:000000000001\r\n'
}

run_mbench_on_redis() { ours "$place/redis.yaml" "$1"; }
done_mbench_on_redis() { ok_of_mbench "$place/mbench_on_redis.out" "$1"; }
