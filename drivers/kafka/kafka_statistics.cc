// SPDX-License-Identifier: Apache-2.0
#include "drivers/kafka/kafka_statistics.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace mbench::kafka {
namespace {

using Json = nlohmann::json;

// Windows of librdkafka are in us.
void AddWorst(const Json& broker, const char* window, const char* figure, SystemFigures* figures) {
  const auto found = broker.find(window);
  if (found == broker.end() || found->value("cnt", 0) == 0) return;
  double& worst = (*figures)[figure];
  worst = std::max(worst, found->value("p99", 0.0) / 1e6);
}

void AddProducer(const Json& said, SystemFigures* figures) {
  (*figures)["producer_queue_messages"] += said.value("msg_cnt", 0.0);
  (*figures)["producer_queue_bytes"] += said.value("msg_size", 0.0);
  for (const Json& broker : said.value("brokers", Json::object())) {
    AddWorst(broker, "int_latency", "producer_queue_p99_s", figures);
    AddWorst(broker, "outbuf_latency", "producer_send_p99_s", figures);
    AddWorst(broker, "rtt", "broker_rtt_p99_s", figures);
    AddWorst(broker, "throttle", "broker_throttle_p99_s", figures);
    (*figures)["producer_retries"] += broker.value("txretries", 0.0);
  }
}

}  // namespace

void Statistics::Keep(std::uint32_t producer, const char* json) {
  const std::lock_guard lock(mutex_);
  last_[producer] = json;
}

void Statistics::Forget(std::uint32_t producer) {
  const std::lock_guard lock(mutex_);
  last_.erase(producer);
}

void Statistics::AddFigures(SystemFigures* figures) const {
  std::map<std::uint32_t, std::string> last;
  {
    const std::lock_guard lock(mutex_);
    last = last_;
  }
  for (const auto& [producer, text] : last) {
    const Json said = Json::parse(text, nullptr, false);
    if (said.is_object()) AddProducer(said, figures);
  }
}

}  // namespace mbench::kafka
