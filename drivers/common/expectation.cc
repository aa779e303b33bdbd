// SPDX-License-Identifier: Apache-2.0
#include "drivers/common/expectation.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "harness/base/text.h"

namespace mbench {
namespace {

using Kind = Expectation::Kind;

// The longer ones first.
constexpr std::array<std::pair<std::string_view, Kind>, 6> kSigns{{{"<=", Kind::kAtMost},
                                                                   {">=", Kind::kAtLeast},
                                                                   {"==", Kind::kEqual},
                                                                   {"<", Kind::kBelow},
                                                                   {">", Kind::kAbove},
                                                                   {"=", Kind::kEqual}}};

std::string_view SignOf(Kind kind) {
  constexpr std::array<std::string_view, 5> kNames = {"=", "<", "<=", ">", ">="};
  return kNames[static_cast<std::size_t>(kind)];
}

}  // namespace

bool Expectation::Holds(double measured) const {
  switch (kind) {
    case Kind::kEqual:
      return measured == value;
    case Kind::kBelow:
      return measured < value;
    case Kind::kAtMost:
      return measured <= value;
    case Kind::kAbove:
      return measured > value;
    case Kind::kAtLeast:
      return measured >= value;
  }
  return false;
}

std::string Expectation::Text() const {
  return fmt::format("{} {}", SignOf(kind), NumberText(value));
}

Result<Expectation> ParseExpectation(std::string_view text) {
  Expectation expectation;
  std::string_view rest = Trim(text);
  for (const auto& [sign, kind] : kSigns) {
    if (!rest.starts_with(sign)) continue;
    expectation.kind = kind;
    rest = Trim(rest.substr(sign.size()));
    break;
  }
  const auto [end, error] =
      std::from_chars(rest.data(), rest.data() + rest.size(), expectation.value);
  const bool whole = error == std::errc() && end == rest.data() + rest.size();
  if (whole && std::isfinite(expectation.value)) return expectation;
  return BadConfig("expect is not right: {}; expected a number such as 54654, or \">= 1000\"",
                   Quote(text));
}

std::string NumberText(double number) {
  constexpr double kExact = 9e15;  // of whole numbers in a double
  if (number != std::floor(number) || std::abs(number) > kExact)
    return fmt::format("{:.6g}", number);
  std::string text = std::to_string(static_cast<std::int64_t>(std::abs(number)));
  for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
  return (number < 0 ? "-" : "") + text;
}

}  // namespace mbench
