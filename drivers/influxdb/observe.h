// SPDX-License-Identifier: Apache-2.0
//
// What InfluxDB 1 says of itself at /debug/vars, as figures of a run.
#pragma once

#include <string_view>

#include "drivers/common/figure_rates.h"
#include "drivers/observer.h"

namespace mbench::influx {

// Thread: one.
class Observation {
 public:
  // `body`: of the reply just now. Empty when it is none of that server. What is counted is told
  // per second since the call before.
  SystemFigures Read(std::string_view body, std::string_view database);

 private:
  FigureRates rates_;
};

}  // namespace mbench::influx
