// SPDX-License-Identifier: Apache-2.0
//
// Names of people and cities, for documents that look like real ones.
#pragma once

#include <span>
#include <string_view>

namespace mbench {

// The most usual ones first.
std::span<const std::string_view> FirstNames();
std::span<const std::string_view> LastNames();

// How often the name of that rank, counted from 0, is met: as 1 / (rank + 5).
inline double NameWeight(std::size_t rank) { return 1.0 / (static_cast<double>(rank) + 5); }

struct City {
  std::string_view name;
  double thousands;  // people who live there, about
};
std::span<const City> CitiesOfEurope();
std::span<const City> CitiesOfTheWorld();

}  // namespace mbench
