// SPDX-License-Identifier: Apache-2.0
//
// A search for the capacity on a terminal: a line per probe, and what was found.
#pragma once

#include <string>

#include "harness/result/capacity_result.h"
#include "reports/model/use_comparison.h"
#include "reports/text/columns.h"

namespace mbench {

// The lines of a table that is printed as its rows come.
std::string CapacityHead(bool open_model);
std::string CapacityRow(const StoredProbe& probe, std::size_t number, bool open_model);

// All of it: probes, the interval, what ended the search and what limits.
std::string RenderCapacityTable(const CapacityResult& result, const UseComparison& use,
                                const TextStyle& style);

}  // namespace mbench
