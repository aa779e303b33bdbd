// SPDX-License-Identifier: Apache-2.0
//
// Levels of service: one scale for all systems, from "beginner" to "expert". `slo: {level: expert}`
// asks for the three limits of a level at once, of all ops together; the report says which level
// was reached, whatever was asked for.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "harness/plan/slo.h"

namespace mbench {

struct ServiceLevel {
  std::string_view name;
  std::array<std::string_view, 3> objectives;  // p50, p99, rate; as in `slo`
};

// From the lowest.
inline constexpr std::array<ServiceLevel, 4> kServiceLevels = {
    {{"beginner", {"p50 < 100ms", "p99 < 500ms", "rate >= 1k/s"}},
     {"intermediate", {"p50 < 50ms", "p99 < 200ms", "rate >= 10k/s"}},
     {"advanced", {"p50 < 20ms", "p99 < 100ms", "rate >= 50k/s"}},
     {"expert", {"p50 < 5ms", "p99 < 50ms", "rate >= 100k/s"}}}};

const ServiceLevel* FindServiceLevel(std::string_view name);  // nullptr: there is none

std::vector<SloPlan> ObjectivesOf(const ServiceLevel& level);

// The highest level whose limits all hold; nullptr: not even the lowest. Latencies in ns, the rate
// per second.
const ServiceLevel* ReachedServiceLevel(double p50, double p99, double rate);

}  // namespace mbench
