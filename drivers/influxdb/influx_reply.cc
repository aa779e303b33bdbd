// SPDX-License-Identifier: Apache-2.0
#include "drivers/influxdb/influx_reply.h"

#include <charconv>
#include <nlohmann/json.hpp>

#include "drivers/common/json_scan.h"

namespace mbench::influx {
// {"results":[{"series":[{"values":[[...],[...]]}]}]}: a row is the array at the seventh level.
QueryReply ReadQueryReply(std::string_view body) {
  constexpr int kRowDepth = 7, kSeriesDepth = 5, kResultDepth = 3;
  QueryReply reply;
  bool in_values = false;
  ScanJson(
      body, [&](int depth) { reply.rows += depth == kRowDepth && in_values ? 1 : 0; },
      [&](int depth, std::string_view key, std::string_view rest) {
        if (depth == kSeriesDepth) in_values = key == "values";
        const bool is_error = key == "error" && (depth == 1 || depth == kResultDepth);
        if (is_error && reply.error.empty()) reply.error = JsonStringIn(rest);
      });
  return reply;
}

// Behind the time in the only row.
std::uint64_t ReadCount(std::string_view body) {
  const nlohmann::json::json_pointer at("/results/0/series/0/values/0/1");
  const auto parsed = nlohmann::json::parse(body, nullptr, false);
  if (!parsed.is_object() || !parsed.contains(at) || !parsed.at(at).is_number_unsigned()) return 0;
  return parsed.at(at).get<std::uint64_t>();
}

std::string ErrorClass(std::string_view text) {
  constexpr std::string_view kPartial = "partial write: ";
  const bool partial = text.starts_with(kPartial);
  std::string_view rest = partial ? text.substr(kPartial.size()) : text;
  rest = rest.substr(0, rest.find(" dropped="));
  return std::string(partial ? kPartial : "") + GeneralPart(rest);
}

std::optional<std::uint64_t> DroppedPoints(std::string_view text) {
  constexpr std::string_view kDropped = "dropped=";
  const std::size_t at = text.rfind(kDropped);
  if (!text.starts_with("partial write") || at == std::string_view::npos) return std::nullopt;
  std::uint64_t count = 0;
  std::from_chars(text.data() + at + kDropped.size(), text.data() + text.size(), count);
  return count;
}

bool SaysOverloaded(std::string_view text) {
  return text.find("cache-max-memory-size exceeded") != std::string_view::npos;
}

}  // namespace mbench::influx
