// SPDX-License-Identifier: Apache-2.0
//
// How a MongoDB is set up, held against what its production notes ask for.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "drivers/common/setting_rules.h"
#include "drivers/mongodb/client.h"

namespace mbench::mongodb {

// Pure. By the names that AdviseOn gives to what it asks: "cache" (bytes), "read tickets" and
// "write tickets" (that are free), "replica set", "unhealthy members", "replication lag" (seconds),
// "default write concern".
std::span<const SettingRule> SettingRules();

// A line of what the server warned of when it started, as plain text or in JSON (since 4.4).
Finding StartupWarning(std::string_view line);

// `memory_bytes`: of its host; 0: it is asked itself.
std::vector<Finding> AdviseOn(Admin* admin, std::uint64_t memory_bytes);

}  // namespace mbench::mongodb
