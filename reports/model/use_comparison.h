// SPDX-License-Identifier: Apache-2.0
//
// What limits: what was used of each resource (use_model.h) under a load and under a lighter one,
// and which of them is the first that saturates. One model for terminal, page and JSON.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "reports/model/use_model.h"

namespace mbench {

struct UseColumn {
  std::string name;  // "half", "capacity", "highest", "knee"
  double level = 0;
  std::string load;  // "82.9k/s"
};

struct UseOfLoad {
  UseColumn column;
  std::vector<UseResource> uses;
};

struct UseLine {
  using Numbers = std::array<Number, kUseAspects>;
  std::string name;
  bool of_another = false;
  bool saturated = false;          // near its limit under the last load
  std::vector<Numbers> by_column;  // as many as columns
};

struct UseComparison {
  std::vector<UseColumn> columns;  // empty: there is nothing to be looked at
  std::vector<UseLine> lines;
  std::string first;  // the resource that saturates first; "": none is near its limit
  std::string sentence;
};

// Loads from the lighter one to the one that is asked about.
UseComparison CompareUses(const std::vector<UseOfLoad>& loads);

// Of a number of a UseLine: as Text() of it, but for small means of counts.
std::string UseText(const Number& number);

}  // namespace mbench
