// SPDX-License-Identifier: Apache-2.0
//
// One side of a page: some runs of one thing, of which one is shown over time and all are summed.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "reports/model/page_model.h"

namespace mbench {

struct PageSide {
  std::vector<const PageRun*> runs;  // that are summed: the valid ones, or all when none is
  const PageRun* shown = nullptr;    // its p99 is the median of theirs
  RunModel shown_model;
  RunResult sum;   // of `runs`; histograms and counts, the rest is of `shown`
  RunModel model;  // of `sum`

  bool Several() const { return runs.size() > 1; }
  const OpModel* Find(const std::string& op) const;
  // Where chance may have put a percentile of an op ("": all together) in 95 of 100 cases: chance
  // within the run, or that between several. {0, 0}: not known.
  std::pair<double, double> IntervalOf(const std::string& op, double percentile,
                                       double value_ns) const;
};

// REQUIRES: runs is not empty.
PageSide MakePageSide(const std::vector<PageRun>& runs);

// The 95 % interval of a mean of logarithms, as latencies: Student's t. {0, 0} of fewer than two.
std::pair<double, double> IntervalOverRuns(std::span<const double> latencies_ns);

inline PageCell Plain(const Number& number) { return {Text(number)}; }

}  // namespace mbench
