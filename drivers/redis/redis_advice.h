// SPDX-License-Identifier: Apache-2.0
//
// What settings of Redis ought to be. Pure.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "drivers/common/setting_rules.h"

namespace mbench {

// By the names of CONFIG GET, and of INFO where that has no such setting.
std::span<const SettingRule> RedisRules();

// What is asked by CONFIG GET.
inline constexpr auto kRedisSettings =
    std::to_array<std::string_view>({"maxmemory", "maxmemory-policy", "save", "appendonly",
                                     "appendfsync", "tcp-backlog", "maxclients"});

// Those of INFO that the rules know.
void AddRedisInfo(std::string_view info, ServerSettings* settings);

}  // namespace mbench
