// SPDX-License-Identifier: Apache-2.0
//
// "p99.9": how percentiles are called in objectives and comparisons.
#pragma once

#include <optional>
#include <string_view>

namespace mbench {

// 99.9; nothing when `name` is not p and a number. Any number: what makes sense is the caller's
// to say.
std::optional<double> ParsePercentileName(std::string_view name);

}  // namespace mbench
