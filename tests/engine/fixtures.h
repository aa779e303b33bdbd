// SPDX-License-Identifier: Apache-2.0
//
// Small plans and observers for tests of the engine.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "drivers/registry.h"
#include "harness/base/check.h"
#include "harness/engine/run_observer.h"
#include "harness/plan/run_plan.h"

namespace mbench {

// A closed run of two clients for a quarter of a second over a thousand small records.
inline RunPlan SmallPlan() {
  RunPlan plan;
  plan.name = "small";
  plan.driver.use = "memory";
  plan.data.records = 1000;
  plan.data.value.fields = 1;
  plan.data.value.size.max = 20;
  plan.load.stages = {{.over = 250 * kMillisecond, .from = 2}};
  plan.load.drain = 2 * kSecond;
  plan.mix.weights[static_cast<std::size_t>(Verb::kRead)] = 90;
  plan.mix.weights[static_cast<std::size_t>(Verb::kUpdate)] = 10;
  return plan;
}

inline std::unique_ptr<Driver> MakeDriver(const std::string& name,
                                          const std::map<std::string, std::string>& options = {}) {
  const DriverInfo* info = FindDriver(name);
  MB_CHECK(info != nullptr, "no driver {}", name);
  auto values = OptionValues::Parse(info->options, options);
  MB_CHECK(values.has_value(), "{}", values.error().message);
  return info->make(*values);
}

struct Observed : RunObserver {
  void OnLoad(std::uint64_t done, std::uint64_t /*records*/) override { loaded = done; }
  Status OnStart(std::int64_t /*zero_ns*/) override { return on_start ? on_start() : Status(); }
  Status OnInterval(const Interval& interval) override {
    intervals.push_back(interval);
    return on_interval ? on_interval() : Status();
  }

  std::uint64_t Ended() const {
    std::uint64_t ended = 0;
    for (const Interval& interval : intervals) {
      for (const OpStats& op : interval.ops) ended += op.Ended();
    }
    return ended;
  }

  std::function<Status()> on_start, on_interval;
  std::uint64_t loaded = 0;
  std::vector<Interval> intervals;
};

}  // namespace mbench
