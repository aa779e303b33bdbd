// SPDX-License-Identifier: Apache-2.0
//
// What librdkafka alone costs a client: a loop that sends the same message again and again, has so
// many on their way, and counts their delivery reports. It keeps no time and looks at no answer.
//
//   kafka_loop BROKERS TOPIC IN_FLIGHT MESSAGES
#include <librdkafka/rdkafka.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

struct Counts {
  long in_flight = 0, ok = 0;
};

void OnDelivery(rd_kafka_t*, const rd_kafka_message_t* message, void* opaque) {
  auto* const counts = static_cast<Counts*>(opaque);
  --counts->in_flight;
  counts->ok += message->err == RD_KAFKA_RESP_ERR_NO_ERROR ? 1 : 0;
}

void Set(rd_kafka_conf_t* conf, const char* name, const char* value) {
  std::array<char, 512> why{};
  if (rd_kafka_conf_set(conf, name, value, why.data(), why.size()) == RD_KAFKA_CONF_OK) return;
  std::fprintf(stderr, "%s\n", why.data());
  std::exit(1);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  const long most = std::atol(argv[3]), messages = std::atol(argv[4]);
  Counts counts;
  rd_kafka_conf_t* const conf = rd_kafka_conf_new();
  Set(conf, "bootstrap.servers", argv[1]);
  Set(conf, "acks", "1");
  Set(conf, "linger.ms", "5");
  rd_kafka_conf_set_dr_msg_cb(conf, OnDelivery);
  rd_kafka_conf_set_opaque(conf, &counts);
  rd_kafka_t* const client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, nullptr, 0);
  rd_kafka_topic_t* const topic = rd_kafka_topic_new(client, argv[2], nullptr);
  std::string value(100, 'x');
  for (long sent = 0; sent < messages || counts.in_flight > 0;) {
    while (sent < messages && counts.in_flight < most &&
           rd_kafka_produce(topic, RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_COPY, value.data(),
                            value.size(), nullptr, 0, nullptr) == 0) {
      ++sent;
      ++counts.in_flight;
    }
    rd_kafka_poll(client, 1);
  }
  rd_kafka_topic_destroy(topic);
  rd_kafka_destroy(client);
  std::printf("%ld\n", counts.ok);
  return counts.ok == messages ? 0 : 1;
}
