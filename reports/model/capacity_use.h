// SPDX-License-Identifier: Apache-2.0
//
// What limits, of a search for the capacity: what was used of each resource at half of the capacity
// and at it (use_model.h), and which of them is the first that saturates. One model for terminal,
// page and JSON.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "reports/model/capacity_source.h"
#include "reports/model/use_model.h"

namespace mbench {

struct UseColumn {
  std::string name;  // "half", "capacity"
  double level = 0;
  std::string load;  // "82.9k/s"
};

struct UseLine {
  using Numbers = std::array<Number, kUseAspects>;
  std::string name;
  bool of_another = false;
  bool saturated = false;          // near its limit at the capacity
  std::vector<Numbers> by_column;  // as many as columns
};

struct CapacityUse {
  std::vector<UseColumn> columns;  // empty: no probe is there to be looked at
  std::vector<UseLine> lines;
  std::string first;  // the resource that saturates first; "": none is near its limit
  std::string sentence;
};

CapacityUse CompareUses(const CapacitySource& source);

// Of a number of a UseLine: as Text() of it, but for small means of counts.
std::string UseText(const Number& number);

}  // namespace mbench
