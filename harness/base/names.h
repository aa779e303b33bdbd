// SPDX-License-Identifier: Apache-2.0
//
// The values of an enum as people write them, in one place:
//
//   enum class Arrivals { kConstant, kPoisson };
//   template <>
//   inline constexpr auto kNamesOf<Arrivals> = Names("constant", "poisson");
//
//   Name(Arrivals::kPoisson)    "poisson"
//   kCountOf<Arrivals>          2
//
// The names stand right below the enum and in its order, and nobody counts them again. The values
// are numbered from 0, as they are by themselves.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace mbench {

template <class... Text>
constexpr std::array<std::string_view, sizeof...(Text)> Names(const Text&... names) {
  return {std::string_view(names)...};
}

template <class Enum>
inline constexpr std::array<std::string_view, 0> kNamesOf{};

template <class Enum>
inline constexpr std::size_t kCountOf = kNamesOf<Enum>.size();

template <class Enum>
requires(kCountOf<Enum> > 0) constexpr std::string_view Name(Enum value) {
  return kNamesOf<Enum>[static_cast<std::size_t>(value)];
}

}  // namespace mbench
