// SPDX-License-Identifier: Apache-2.0
#include "drivers/kafka/kafka_client.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "harness/base/text.h"

namespace mbench::kafka {
namespace {

// Properties that are options of the driver, or follow from something else.
struct Owned {
  std::string_view property;
  std::string_view instead;
};
constexpr auto kOwned = std::to_array<Owned>({
    {"bootstrap.servers", "the option brokers"},
    {"metadata.broker.list", "the option brokers"},
    {"acks", "the option acks"},
    {"request.required.acks", "the option acks"},
    {"compression.codec", "the option compression"},
    {"compression.type", "the option compression"},
    {"linger.ms", "the option linger"},
    {"queue.buffering.max.ms", "the option linger"},
    {"batch.size", "the option batch"},
    {"enable.idempotence", "the option idempotence"},
    {"partitioner", "the option partitioner"},
    {"message.timeout.ms", "run: {timeout: ...}"},
    {"delivery.timeout.ms", "run: {timeout: ...}"},
    {"group.id", "consume: {group: ...} of a statement"},
    {"auto.offset.reset", "consume: {from: ...} of a statement"},
    {"enable.auto.commit", "nothing: members commit once a second"},
    {"enable.auto.offset.store", "nothing: members commit once a second"},
    {"statistics.interval.ms", "nothing: it is asked once a second"},
    {"transactional.id", "nothing: transactions are not driven"},
});

std::string_view Behind(std::string_view option) { return option.substr(kOpenOption.size() - 1); }

// "Configuration property "x" value 3 is outside allowed range", without what is clear.
Status SetProperty(rd_kafka_conf_t* conf, const std::string& name, const std::string& value) {
  std::array<char, 512> why{};
  const auto set = rd_kafka_conf_set(conf, name.c_str(), value.c_str(), why.data(), why.size());
  if (set == RD_KAFKA_CONF_OK) return {};
  if (set == RD_KAFKA_CONF_UNKNOWN) return BadConfig("librdkafka has no property {}", Quote(name));
  return BadConfig("{}", why.data());
}

Result<ConfPtr> MakeConf(const Properties& properties) {
  ConfPtr conf(rd_kafka_conf_new());
  for (const auto& [name, value] : properties)
    if (Status set = SetProperty(conf.get(), name, value); !set) return Failed(set);
  return conf;
}

std::string MistakeInBrokers(std::string_view brokers) {
  for (const std::string_view part : Split(brokers, ',')) {
    const std::string_view broker = Trim(part);
    const std::size_t colon = broker.rfind(':');
    int port = 9092;
    bool right = !broker.empty() && broker.find("://") == std::string_view::npos && colon != 0;
    if (right && colon != std::string_view::npos && !broker.ends_with(']')) {
      const std::string_view digits = broker.substr(colon + 1);
      const auto [end, error] = std::from_chars(digits.begin(), digits.end(), port);
      right = error == std::errc() && end == digits.end() && port > 0 && port < 65536;
    }
    if (!right)
      return fmt::format("{} is no broker; expected host:port, or several with commas between",
                         Quote(broker));
  }
  return "";
}

void AddOpenMistakes(const OptionValues& options, std::vector<OptionMistake>* mistakes) {
  const ConfPtr scratch(rd_kafka_conf_new());
  for (const auto& [option, value] : options.Below(kOpenOption)) {
    const std::string name(Behind(option));
    const auto owned = std::ranges::find(kOwned, name, &Owned::property);
    if (owned != kOwned.end()) {
      mistakes->push_back({option, fmt::format("is not set by this name; use {}", owned->instead)});
    } else if (const Status set = SetProperty(scratch.get(), name, std::string(value)); !set) {
      mistakes->push_back({option, set.error().message});
    }
  }
}

// Properties that are right one by one: a mechanism without a user, a certificate that is not
// there. A client that knows no broker reaches for nobody.
void AddMistakeTogether(const OptionValues& options, std::vector<OptionMistake>* mistakes) {
  Properties properties = CommonProperties(options);
  properties.erase("bootstrap.servers");
  const Result<ClientPtr> client = NewClient(RD_KAFKA_PRODUCER, properties);
  if (!client) mistakes->push_back({options.Below(kOpenOption)[0].first, client.error().message});
}

void Ignore(const rd_kafka_t*, int, const char*, const char*) {}

}  // namespace

Properties CommonProperties(const OptionValues& options) {
  Properties properties = {{"bootstrap.servers", options.Text("brokers")}, {"client.id", "mbench"}};
  for (const auto& [option, value] : options.Below(kOpenOption))
    properties[std::string(Behind(option))] = value;
  return properties;
}

Properties ProducerProperties(const OptionValues& options, Ticks timeout) {
  Properties properties = CommonProperties(options);
  properties["acks"] = options.Text("acks");
  properties["compression.codec"] = options.Text("compression");
  properties["linger.ms"] =
      fmt::format("{:.3f}", static_cast<double>(options.Duration("linger")) / kMillisecond);
  properties["batch.size"] = fmt::format("{}", options.Count("batch"));
  properties["enable.idempotence"] = options.Flag("idempotence") ? "true" : "false";
  properties["partitioner"] = options.Text("partitioner");
  properties["message.timeout.ms"] = fmt::format("{}", std::max(1, Milliseconds(timeout)));
  return properties;
}

std::vector<OptionMistake> CheckOptions(const OptionValues& options) {
  std::vector<OptionMistake> mistakes;
  if (std::string why = MistakeInBrokers(options.Text("brokers")); !why.empty())
    mistakes.push_back({"brokers", std::move(why)});
  if (options.Flag("idempotence") && options.Text("acks") != "all")
    mistakes.push_back({"idempotence", "needs acks: all"});
  AddOpenMistakes(options, &mistakes);
  if (mistakes.empty() && !options.Below(kOpenOption).empty())
    AddMistakeTogether(options, &mistakes);
  return mistakes;
}

Result<ClientPtr> NewClient(rd_kafka_type_t type, const Properties& properties,
                            const ClientEvents& events) {
  Result<ConfPtr> conf = MakeConf(properties);
  if (!conf) return Failed(conf);
  rd_kafka_conf_set_log_cb(conf->get(), Ignore);  // what matters comes as an event, too
  rd_kafka_conf_set_events(conf->get(), events.wanted);
  rd_kafka_conf_set_opaque(conf->get(), events.opaque);
  if (events.on_rebalance != nullptr)
    rd_kafka_conf_set_rebalance_cb(conf->get(), events.on_rebalance);
  std::array<char, 512> why{};
  ClientPtr client(rd_kafka_new(type, conf->get(), why.data(), why.size()));
  if (client == nullptr) return BadConfig("{}", why.data());
  (void)conf->release();  // the client's now
  return client;
}

std::string ErrorText(rd_kafka_resp_err_t error) {
  std::string_view text = rd_kafka_err2str(error);
  for (const std::string_view whose : {"Local: ", "Broker: "})
    if (text.starts_with(whose)) text.remove_prefix(whose.size());
  return std::string(text);
}

}  // namespace mbench::kafka
