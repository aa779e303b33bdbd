// SPDX-License-Identifier: Apache-2.0
//
// Files that CMake builds into the program (embed.cmake).
#pragma once

#include <string_view>

namespace mbench {

extern const std::string_view kPageCss;
extern const std::string_view kTablesJs;
extern const std::string_view kPageJs;
extern const std::string_view kLiveJs;
extern const std::string_view kUplotCss;  // empty: npm was not there
extern const std::string_view kUplotJs;

}  // namespace mbench
