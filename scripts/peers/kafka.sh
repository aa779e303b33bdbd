# SPDX-License-Identifier: Apache-2.0
#
# Messages of 100 bytes, acks 1, as fast as they go, beside a loop that does nothing else.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154,SC2317

compare_kafka() {
  in_flight=10000 limits=(1.10) ops=2000000 short_ops=400000 peers=(bare_librdkafka)
  work="Kafka produce 100 B, acks 1, $in_flight in flight"
  start_servers kafka
  c++ -std=c++20 -O2 -o "$place/kafka_loop" "$ROOT/scripts/peers/kafka_loop.cc" -lrdkafka
  workload "$in_flight" <<YAML
driver: {use: kafka, brokers: "\${MBENCH_TEST_KAFKA_BROKERS}", acks: "1", linger: 5ms, partitions: 4}
statements:
  send: {weight: 1, produce: peers, value: "$(printf 'x%.0s' {1..100})"}
YAML
  quietly ours "$place/ours.yaml" 1000 # makes the topic
}

run_bare_librdkafka() { "$place/kafka_loop" "$MBENCH_TEST_KAFKA_BROKERS" peers "$in_flight" "$1"; }
done_bare_librdkafka() { cat "$place/bare_librdkafka.out"; }
