// SPDX-License-Identifier: Apache-2.0
#include "drivers/influxdb/influx_reply.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "harness/base/text.h"

namespace mbench::influx {
namespace {

constexpr std::size_t kMostTextBytes = 300;
constexpr std::size_t kMostClassBytes = 60;

// The end of the string that begins behind `at`, or the end of all.
std::size_t EndOfString(std::string_view body, std::size_t at) {
  while (at < body.size() && body[at] != '"') at += body[at] == '\\' ? 2 : 1;
  return std::min(at, body.size());
}

std::string Decoded(std::string_view quoted) {
  const auto parsed = nlohmann::json::parse(quoted, nullptr, false);
  return parsed.is_string() ? parsed.get<std::string>() : std::string(quoted);
}

// The string behind the colon behind `at`.
std::string StringBehind(std::string_view body, std::size_t at) {
  const std::size_t begin = body.find('"', at);
  if (begin == std::string_view::npos) return "error";
  const std::size_t end = EndOfString(body, begin + 1);
  return Decoded(body.substr(begin, end + 1 - begin));
}

std::string OneLine(std::string_view text) {
  std::string line(text.substr(0, kMostTextBytes));
  for (char& c : line)
    if (static_cast<unsigned char>(c) < ' ') c = ' ';
  return std::string(Trim(line));
}

}  // namespace

// {"results":[{"series":[{"values":[[...],[...]]}]}]}: a row is the array at the seventh level.
QueryReply ReadQueryReply(std::string_view body) {
  constexpr int kRowDepth = 7, kResultDepth = 3;
  QueryReply reply;
  int depth = 0;
  bool in_values = false;
  for (std::size_t at = 0; at < body.size(); ++at) {
    switch (body[at]) {
      case '{':
      case '[':
        ++depth;
        if (depth == kRowDepth && in_values) ++reply.rows;
        break;
      case '}':
      case ']':
        --depth;
        break;
      case '"': {
        const std::size_t end = EndOfString(body, at + 1);
        const std::string_view text = body.substr(at + 1, end - at - 1);
        at = end;
        if (depth == 5) in_values = text == "values";
        const bool is_error = text == "error" && (depth == 1 || depth == kResultDepth);
        if (is_error && reply.error.empty()) reply.error = StringBehind(body, end + 1);
        break;
      }
      default:
        break;
    }
  }
  return reply;
}

// Behind the time in the only row.
std::uint64_t ReadCount(std::string_view body) {
  const nlohmann::json::json_pointer at("/results/0/series/0/values/0/1");
  const auto parsed = nlohmann::json::parse(body, nullptr, false);
  if (!parsed.is_object() || !parsed.contains(at) || !parsed.at(at).is_number_unsigned()) return 0;
  return parsed.at(at).get<std::uint64_t>();
}

std::string ErrorText(std::string_view body) {
  const auto parsed = nlohmann::json::parse(body, nullptr, false);
  if (parsed.is_object()) {
    for (const char* const name : {"error", "message"}) {
      const auto found = parsed.find(name);
      if (found != parsed.end() && found->is_string()) return OneLine(found->get<std::string>());
    }
  }
  return OneLine(body);
}

std::string ErrorClass(std::string_view text) {
  constexpr std::string_view kPartial = "partial write: ";
  const bool partial = text.starts_with(kPartial);
  std::string_view rest = partial ? text.substr(kPartial.size()) : text;
  rest = rest.substr(0, rest.find(" dropped="));
  rest = rest.substr(0, rest.find_first_of(":\"'(0123456789"));
  return std::string(partial ? kPartial : "") + std::string(Trim(rest.substr(0, kMostClassBytes)));
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
