// SPDX-License-Identifier: Apache-2.0
//
// Where several runs go that belong together: those of a diff, the probes of a search.
#pragma once

#include <string>
#include <string_view>

namespace mbench {

// "<root>/<kind>-<name>-20260131T123456Z", which is not there yet; nothing is made.
std::string UnusedSessionFolder(const std::string& root, std::string_view kind,
                                const std::string& name);

}  // namespace mbench
