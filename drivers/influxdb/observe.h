// SPDX-License-Identifier: Apache-2.0
//
// What InfluxDB 1 says of itself at /debug/vars, as figures of a run.
#pragma once

#include <string_view>

#include "drivers/observer.h"
#include "harness/base/clock.h"

namespace mbench::influx {

// Thread: one.
class Observation {
 public:
  // `body`: of the reply at the time `now`. Empty when it is none of that server. What is counted
  // is told per second since the call before.
  SystemFigures Read(std::string_view body, std::string_view database, Ticks now);

 private:
  double PerSecond(double count, double* before, Ticks now) const;

  Ticks read_at_ = 0;
  double points_ = 0, queries_ = 0;
};

}  // namespace mbench::influx
