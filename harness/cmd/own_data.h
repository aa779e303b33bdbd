// SPDX-License-Identifier: Apache-2.0
//
// Two plans that are run in turns, and where their data are.
//
// Both may use the same place as long as a store that one of them loaded is what the other one
// would have loaded: they differ in a cache, say. Then they should, because two stores that were
// loaded apart differ by chance. When they differ in the records or in how these are stored
// (compression), each gets a place of its own, or B would measure what A has written.
#pragma once

#include <string>

#include "harness/plan/run_plan.h"

namespace mbench {

// Moves the embedded stores of both apart where that is needed: `path` gets a suffix that stands
// for records and storage options, so that a later comparison finds the data again. Returns what a
// person should hear of it; empty: nothing was changed.
std::string SeparateData(RunPlan* a, RunPlan* b);

}  // namespace mbench
