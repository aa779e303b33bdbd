// SPDX-License-Identifier: Apache-2.0
//
// What settings of PostgreSQL ought to be. Pure.
#pragma once

#include <span>
#include <string>

#include "drivers/common/setting_rules.h"

namespace mbench::postgres {

// By the names of pg_settings; sizes in bytes, times in the unit that it has for them.
std::span<const SettingRule> SettingRules();

// A query whose answer has a line "name value" of each setting that the rules are about.
std::string SettingsQuery();
// Of its answer.
ServerSettings ReadSettings(std::string_view lines, std::uint64_t memory_bytes);

}  // namespace mbench::postgres
