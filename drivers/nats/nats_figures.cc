// SPDX-License-Identifier: Apache-2.0
#include "drivers/nats/nats_figures.h"

#include <array>
#include <nlohmann/json.hpp>

namespace mbench::nats {
namespace {

using Json = nlohmann::json;

struct Figure {
  const char* of_server;
  std::string_view name;
  bool counts = false;
};

constexpr auto kFigures = std::to_array<Figure>({
    {"connections", "connections"},
    {"subscriptions", "subscriptions"},
    {"mem", "memory_bytes"},
    {"cpu", "cpu_percent"},
    {"slow_consumers", "slow_consumers"},
    {"in_msgs", "in_messages_per_s", true},
    {"out_msgs", "out_messages_per_s", true},
    {"in_bytes", "in_bytes_per_s", true},
    {"out_bytes", "out_bytes_per_s", true},
});

}  // namespace

ServerFigures ReadVarz(std::string_view page) {
  ServerFigures figures;
  const Json json = Json::parse(page, nullptr, false);
  if (!json.is_object()) return figures;
  for (const Figure& figure : kFigures) {
    const auto found = json.find(figure.of_server);
    if (found == json.end() || !found->is_number()) continue;
    (figure.counts ? figures.counted : figures.now)[std::string(figure.name)] =
        found->get<double>();
  }
  if (const auto found = json.find("slow_consumers");
      found != json.end() && found->is_number_unsigned())
    figures.slow_consumers = found->get<std::uint64_t>();
  return figures;
}

}  // namespace mbench::nats
