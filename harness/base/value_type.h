// SPDX-License-Identifier: Apache-2.0
//
// What a value is, for systems whose values have types. All travel as text; one without data (a
// null pointer) is missing: NULL.
#pragma once

#include <cstdint>

#include "harness/base/names.h"

namespace mbench {

enum class ValueType : std::uint8_t {
  kText,
  kInteger,  // a whole number of 64 bits, in decimal
  kDouble,
  kDecimal,  // a number that must not be rounded
  kFlag,     // true or false
  kDate,     // milliseconds since 1970, or 2026-01-31, with a time or without (base/date.h)
  kPoint,    // [longitude, latitude]
};
template <>
inline constexpr auto kNamesOf<ValueType> = Names("text", "int", "double", "decimal", "bool",
                                                  "date", "point");

}  // namespace mbench
