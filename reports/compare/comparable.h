// SPDX-License-Identifier: Apache-2.0
//
// Are these runs of the same thing? Two runs are comparable when they have the same plan (data,
// load, keys, mix, engine), driver, version of the system and class of host (CPU, cores, memory),
// but for what is being compared.
//
// Left out, because they do not change what is measured: name and about of the workload, slo, the
// checks after a run, the seed, and where an embedded store keeps its files (`path` of a driver).
#pragma once

#include <span>
#include <string>
#include <vector>

#include "reports/compare/run_sample.h"

namespace mbench {

struct PlanDifference {
  std::string key;  // "load.stages.0.from", "driver.cache", "system", "host.cpu"
  std::string a;    // as JSON; "" when it is not there
  std::string b;
};

std::vector<PlanDifference> FindDifferences(const RunIdentity& a, const RunIdentity& b);

// Whether `key` is one of `compared` or below one: "driver" covers "driver.cache", "" nothing, "*"
// everything.
bool IsCompared(std::string_view key, std::span<const std::string> compared);

// What differs within each side (nothing may), and between the sides without being `compared`.
// Each key once, in order.
std::vector<PlanDifference> FindForbiddenDifferences(std::span<const RunSample> a,
                                                     std::span<const RunSample> b,
                                                     std::span<const std::string> compared);

// "load.stages.0.from is 1000 in A and 2000 in B"
std::string Describe(const PlanDifference& difference);

}  // namespace mbench
