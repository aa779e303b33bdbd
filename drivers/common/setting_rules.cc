// SPDX-License-Identifier: Apache-2.0
#include "drivers/common/setting_rules.h"

#include <fmt/format.h>

#include "harness/base/units.h"

namespace mbench {

std::string ServerSettings::Text(std::string_view name) const {
  const auto found = values.find(name);
  return found == values.end() ? "" : found->second;
}

double ServerSettings::Number(std::string_view name) const {
  return ParseNumber(Text(name)).value_or(0);
}

double ServerSettings::OfMemory(std::string_view name) const {
  return memory_bytes == 0 ? 0 : Number(name) / static_cast<double>(memory_bytes);
}

std::string ServerSettings::Bytes(std::string_view name) const { return FormatBytes(Number(name)); }

std::string ServerSettings::OfMemoryText(std::string_view name) const {
  if (memory_bytes == 0) return Bytes(name);
  return fmt::format("{}, {:.0f} % of the memory", Bytes(name), OfMemory(name) * 100);
}

std::vector<Finding> JudgeSettings(std::span<const SettingRule> rules,
                                   const ServerSettings& settings) {
  std::vector<Finding> findings;
  for (const SettingRule& rule : rules) {
    const bool known = settings.Has(rule.setting);
    if (!known && rule.is_optional) continue;
    Finding finding{.name = std::string(rule.setting),
                    .state = known ? rule.judge(settings) : FindingState::kUnknown,
                    .right = std::string(rule.right),
                    .why = std::string(rule.why),
                    .command = std::string(rule.command)};
    if (known)
      finding.is = rule.show == nullptr ? settings.Text(rule.setting) : rule.show(settings);
    findings.push_back(std::move(finding));
  }
  return findings;
}

Finding HugePagesElsewhere() {
  return {.name = "transparent huge pages",
          .state = FindingState::kUnknown,
          .is = "the server is on another host",
          .right = "madvise or never",
          .why = "the kernel stops a process to gather pages of 2 MiB, which is seen as latency",
          .command = "cat /sys/kernel/mm/transparent_hugepage/enabled"};
}

std::vector<Finding> NoAnswer(std::string_view error) {
  return {{.name = "settings", .state = FindingState::kUnknown, .is = std::string(error)}};
}

}  // namespace mbench
