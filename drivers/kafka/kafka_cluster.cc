// SPDX-License-Identifier: Apache-2.0
#include "drivers/kafka/kafka_cluster.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "harness/base/text.h"

namespace mbench::kafka {
namespace {

constexpr Ticks kTurn = 250 * kMillisecond;
constexpr Ticks kPatience =
    1500 * kMillisecond;  // when all brokers refuse: one may just be starting

using MetadataPtr = std::unique_ptr<const rd_kafka_metadata_t, Deleter<rd_kafka_metadata_destroy>>;

// All topics, because to ask for one by name would make it on some clusters.
MetadataPtr AskMetadata(rd_kafka_t* client, Ticks patience) {
  const rd_kafka_metadata_t* metadata = nullptr;
  rd_kafka_metadata(client, 1, nullptr, &metadata, Milliseconds(patience));
  return MetadataPtr(metadata);
}

bool Says(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

std::string ExplainFault(const std::string& fault) {
  // Four bytes of another protocol, read as the size of a reply: "HTTP", and a TLS alert.
  if (Says(fault, "1213486160"))
    return "an HTTP server answers there; give the port of a Kafka listener (brokers)";
  if (Says(fault, "connecting to a SSL listener") || Says(fault, "352518"))
    return "it does not answer as a Kafka listener without TLS does; give the port of one, or say "
           "rdkafka: {security.protocol: ssl}";
  if (Says(fault, "Connection refused"))
    return "connection refused; start a broker there, or say where one is (brokers)";
  // "host:1/bootstrap: what happened (after 3ms in state CONNECT)"
  std::string_view text = fault;
  if (const std::size_t slash = text.find("/bootstrap: "); slash != std::string_view::npos)
    text.remove_prefix(slash + std::string_view("/bootstrap: ").size());
  text = Trim(text.substr(0, text.find(" (after")));
  if (text.empty()) return "no answer";
  if (Says(text, "uthentication"))
    return fmt::format("{}; look at rdkafka: {{sasl.mechanism, sasl.username, sasl.password}}",
                       text);
  return std::string(text);
}

Result<Cluster> Cluster::Make(const OptionValues& options, Ticks timeout) {
  auto client = NewClient(RD_KAFKA_PRODUCER, CommonProperties(options));
  if (!client) return Failed(client);
  return Cluster(*std::move(client), options.Text("brokers"), timeout);
}

// Whether all brokers refuse.
bool Cluster::TakeFaults() {
  const QueuePtr queue(rd_kafka_queue_get_main(client_.get()));
  bool all_down = false;
  while (const EventPtr event{rd_kafka_queue_poll(queue.get(), 0)}) {
    if (rd_kafka_event_type(event.get()) != RD_KAFKA_EVENT_ERROR) continue;
    const rd_kafka_resp_err_t error = rd_kafka_event_error(event.get());
    if (error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) {
      all_down = true;
    } else {
      fault_ = rd_kafka_event_error_string(event.get());
    }
  }
  return all_down;
}

Result<ClusterFacts> Cluster::Ask() {
  const Ticks begin = Clock::Now();
  for (bool all_down = false;;) {
    const MetadataPtr metadata = AskMetadata(client_.get(), kTurn);
    all_down = TakeFaults() || all_down;
    if (metadata != nullptr && metadata->broker_cnt > 0) {
      ClusterFacts facts{.brokers = metadata->broker_cnt};
      for (int i = 0; i < metadata->topic_cnt; ++i)
        facts.topics.emplace(metadata->topics[i].topic, metadata->topics[i].partition_cnt);
      return facts;
    }
    const Ticks waited = Clock::Now() - begin;
    if (waited >= timeout_ || (all_down && waited >= kPatience))
      return Unreachable("Kafka at {}: {}", brokers_, ExplainFault(fault_));
  }
}

Status Cluster::MakeTopic(const std::string& name, int partitions, int replication) {
  std::array<char, 512> why{};
  rd_kafka_NewTopic_t* topic =
      rd_kafka_NewTopic_new(name.c_str(), partitions, replication, why.data(), why.size());
  if (topic == nullptr) return BadConfig("topic {}: {}", Quote(name), why.data());
  const QueuePtr queue(rd_kafka_queue_new(client_.get()));
  rd_kafka_CreateTopics(client_.get(), &topic, 1, nullptr, queue.get());
  rd_kafka_NewTopic_destroy(topic);
  const EventPtr event{rd_kafka_queue_poll(queue.get(), Milliseconds(timeout_))};
  if (event == nullptr) return Unreachable("Kafka at {}: no answer", brokers_);
  if (rd_kafka_event_error(event.get()) != RD_KAFKA_RESP_ERR_NO_ERROR)
    return Unreachable("Kafka at {}: {}", brokers_, rd_kafka_event_error_string(event.get()));
  std::size_t count = 0;
  const auto* const* const made =
      rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event.get()), &count);
  const rd_kafka_resp_err_t error = rd_kafka_topic_result_error(made[0]);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR && error != RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) {
    const char* const text = rd_kafka_topic_result_error_string(made[0]);
    return BadConfig("Kafka at {} did not make the topic {}: {}", brokers_, Quote(name),
                     text != nullptr ? text : rd_kafka_err2str(error));
  }
  // Brokers learn of it one after another.
  for (const Ticks begin = Clock::Now(); Clock::Now() - begin < timeout_;) {
    const Result<ClusterFacts> facts = Ask();
    if (!facts) return Failed(facts);
    if (facts->topics.contains(name)) return {};
    Clock::SleepUntil(Clock::Now() + 20 * kMillisecond);
  }
  return Unreachable("Kafka at {}: the topic {} was made and is not there", brokers_, Quote(name));
}

}  // namespace mbench::kafka
