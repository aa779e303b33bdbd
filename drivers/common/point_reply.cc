// SPDX-License-Identifier: Apache-2.0
#include "drivers/common/point_reply.h"

#include <nlohmann/json.hpp>

#include "drivers/common/json_scan.h"
#include "harness/base/text.h"

namespace mbench {
namespace {

constexpr std::size_t kMostTextBytes = 300;
constexpr std::size_t kMostClassBytes = 60;

std::string OneLine(std::string_view text) {
  std::string line(text.substr(0, kMostTextBytes));
  for (char& c : line)
    if (static_cast<unsigned char>(c) < ' ') c = ' ';
  return std::string(Trim(line));
}

}  // namespace

std::string JsonStringIn(std::string_view rest) {
  const std::size_t begin = rest.find('"');
  if (begin == std::string_view::npos) return "error";
  const std::size_t end = EndOfJsonString(rest, begin + 1);
  const std::string_view quoted = rest.substr(begin, end + 1 - begin);
  const auto parsed = nlohmann::json::parse(quoted, nullptr, false);
  return parsed.is_string() ? parsed.get<std::string>() : std::string(quoted);
}

std::string JsonErrorText(std::string_view body) {
  const auto parsed = nlohmann::json::parse(body, nullptr, false);
  if (parsed.is_object()) {
    for (const char* const name : {"error", "message"}) {
      const auto found = parsed.find(name);
      if (found != parsed.end() && found->is_string()) return OneLine(found->get<std::string>());
    }
  }
  return OneLine(body);
}

std::string GeneralPart(std::string_view text) {
  const std::string_view part = text.substr(0, text.find_first_of(":\"'(0123456789"));
  return std::string(Trim(part.substr(0, kMostClassBytes)));
}

}  // namespace mbench
