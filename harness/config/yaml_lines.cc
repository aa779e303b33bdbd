// SPDX-License-Identifier: Apache-2.0
#include "harness/config/yaml_lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace mbench {
namespace {

// What YAML takes for something else than text when it is not quoted.
bool HasMeaning(std::string_view text) {
  constexpr std::array<std::string_view, 6> kWords = {"null", "true", "false", "yes", "no", "~"};
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return std::tolower(c); });
  return std::ranges::find(kWords, lower) != kWords.end();
}

bool IsPlain(std::string_view text) {
  if (text.empty() || text.back() == ' ' || text.back() == ':' || HasMeaning(text)) return false;
  if (std::isalnum(static_cast<unsigned char>(text.front())) == 0 && text.front() != '/')
    return false;
  constexpr std::string_view kSafe = " _./%+-<>=()@:";
  if (text.find(": ") != std::string_view::npos) return false;
  return std::ranges::all_of(text, [&](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           kSafe.find(c) != std::string_view::npos;
  });
}

std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      quoted += {'\\', c};
    } else if (c == '\n') {
      quoted += "\\n";
    } else if (c == '\t') {
      quoted += "\\t";
    } else if (byte < ' ' || byte == 0x7f) {
      quoted += fmt::format("\\x{:02x}", byte);
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

}  // namespace

std::string YamlScalar(std::string_view text) {
  return IsPlain(text) ? std::string(text) : Quoted(text);
}

void YamlLines::Add(std::string line, std::string_view origin) {
  text_ += std::move(line) + '\n';
  origins_.emplace_back(origin);
}

void YamlLines::AddPair(std::string_view before, std::string_view key, std::string_view value,
                        std::string_view origin) {
  Add(fmt::format("{}{}: {}", before, key, YamlScalar(value)), origin);
}

}  // namespace mbench
