// SPDX-License-Identifier: Apache-2.0
//
// What VictoriaMetrics says of itself at /metrics: figures of a run, and what it has not stored of
// lines for which it said 204.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "drivers/common/figure_rates.h"
#include "drivers/observer.h"

namespace mbench::victoria {

// What it has counted of lines and rows that it left out, since it was started: in words -> how
// many. Only what it has such a count of; empty: this is no page of that server.
using LeftOut = std::map<std::string, double>;
LeftOut ReadLeftOut(std::string_view page);

// What came to it in between. A count that is smaller than before is that of a server which was
// started again. Without what is 0.
LeftOut Since(const LeftOut& before, const LeftOut& now);

// "VictoriaMetrics v1.79.5", without a version where the page has none.
std::string SystemOf(std::string_view page);

// What it was started with: "30s" of -search.latencyOffset; "": the page does not tell.
std::string FlagOf(std::string_view page, std::string_view flag);

// Thread: one.
class Observation {
 public:
  // `page`: of the reply just now. The server makes it once a second; of one that has been seen the
  // figures are those of before.
  SystemFigures Read(std::string_view page);

 private:
  FigureRates rates_;
  SystemFigures figures_;
  std::string page_;
};

}  // namespace mbench::victoria
