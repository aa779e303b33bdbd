// SPDX-License-Identifier: Apache-2.0
#include "drivers/common/error_table.h"

#include <algorithm>

namespace mbench {

ErrorTable::ErrorTable(std::initializer_list<std::string_view> names)
    : names_(names.begin(), names.end()) {}

std::uint16_t ErrorTable::Code(std::string_view name) {
  const auto found = std::ranges::find(names_, name);
  const auto index = static_cast<std::size_t>(found - names_.begin());
  if (found == names_.end() && index < kMost) names_.emplace_back(name);
  return static_cast<std::uint16_t>(std::min(index, kMost) + 1);
}

std::string ErrorTable::Name(std::uint16_t code) const {
  if (code == 0) return "no error";
  return code <= names_.size() ? names_[code - 1] : "other error";
}

}  // namespace mbench
