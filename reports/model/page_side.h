// SPDX-License-Identifier: Apache-2.0
//
// One side of a page: some runs of one thing, of which one is shown over time and all are summed.
#pragma once

#include <vector>

#include "reports/model/page_model.h"

namespace mbench {

struct PageSide {
  std::vector<const PageRun*> runs;  // that are summed: the valid ones, or all when none is
  const PageRun* shown = nullptr;    // its p99 is the median of theirs
  RunResult sum;                     // of `runs`; histograms and counts, the rest is of `shown`
  RunModel model;                    // of `sum`

  bool Several() const { return runs.size() > 1; }
  const OpModel* Find(const std::string& op) const;
};

// REQUIRES: runs is not empty.
PageSide MakePageSide(const std::vector<PageRun>& runs);

// "p99" of 99
std::string PercentileName(double percent);

}  // namespace mbench
