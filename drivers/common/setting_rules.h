// SPDX-License-Identifier: Apache-2.0
//
// Settings of a server held against a table of what is right (SystemObserver::Advise). Pure: a
// driver asks its server, and a test needs none.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/finding.h"

namespace mbench {

// What a server said of itself, by name.
struct ServerSettings {
  std::map<std::string, std::string, std::less<>> values = {};
  std::uint64_t memory_bytes = 0;  // of the host it is on; 0: not known

  bool Has(std::string_view name) const { return values.contains(name); }
  std::string Text(std::string_view name) const;          // "": it is not there
  double Number(std::string_view name) const;             // 0: it is not there, or no number
  double OfMemory(std::string_view name) const;           // part of the memory; 0: not known
  std::string Bytes(std::string_view name) const;         // "128 MiB"
  std::string OfMemoryText(std::string_view name) const;  // "128 MiB, 3 % of the memory"
};

struct SettingRule {
  std::string_view setting;  // which is there, or nothing can be said
  FindingState (*judge)(const ServerSettings& settings);
  std::string_view right;
  std::string_view why;
  std::string_view command;
  // How its value is shown; nullptr: as it is.
  std::string (*show)(const ServerSettings& settings) = nullptr;
  // A setting that not every version has: without it there is no row.
  bool is_optional = false;
};

// A row of each rule, in their order.
std::vector<Finding> JudgeSettings(std::span<const SettingRule> rules,
                                   const ServerSettings& settings);

// Huge pages of a host whose files only it can read.
Finding HugePagesElsewhere();
// Of a server that did not answer; `error` without secrets.
std::vector<Finding> NoAnswer(std::string_view error);

inline FindingState WellIf(bool well, FindingState otherwise = FindingState::kChange) {
  return well ? FindingState::kWell : otherwise;
}

}  // namespace mbench
