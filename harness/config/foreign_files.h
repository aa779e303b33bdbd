// SPDX-License-Identifier: Apache-2.0
//
// Files of other tools that are given in the place of a workload file, and what to do with them.
#pragma once

#include <string>
#include <string_view>

namespace mbench {

// What the text is and what would work; "": it may be a workload file.
std::string DescribeForeignFile(std::string_view text);

}  // namespace mbench
