// SPDX-License-Identifier: Apache-2.0
//
// For tests of what drivers advise: settings in, states out.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "drivers/common/setting_rules.h"

namespace mbench::testing {

using Values = std::map<std::string, std::string, std::less<>>;

inline constexpr std::uint64_t kHostMemory = 16ull << 30;

// By the name of the row.
inline std::map<std::string, Finding> AdviceOn(std::span<const SettingRule> rules, Values values,
                                               std::uint64_t memory_bytes = kHostMemory) {
  std::map<std::string, Finding> advice;
  for (Finding& finding :
       JudgeSettings(rules, {.values = std::move(values), .memory_bytes = memory_bytes}))
    advice[finding.name] = std::move(finding);
  return advice;
}

// Each row that is to be changed or kept in mind says why, and how it is changed.
inline void ExpectWhole(std::span<const SettingRule> rules) {
  for (const SettingRule& rule : rules) {
    EXPECT_FALSE(rule.right.empty()) << rule.setting;
    EXPECT_FALSE(rule.why.empty()) << rule.setting;
    EXPECT_FALSE(rule.command.empty()) << rule.setting;
  }
}

}  // namespace mbench::testing
