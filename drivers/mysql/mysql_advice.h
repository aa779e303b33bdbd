// SPDX-License-Identifier: Apache-2.0
//
// What variables of MariaDB and MySQL ought to be. Pure.
#pragma once

#include <span>

#include "drivers/common/setting_rules.h"

namespace mbench::mysql {

// By the names of SHOW GLOBAL VARIABLES, and "log_bin", which some rules look at besides.
std::span<const SettingRule> SettingRules();

}  // namespace mbench::mysql
