// SPDX-License-Identifier: Apache-2.0
//
// A stored run with all that a page shows of it, gathered while the result is read once.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "reports/compare/run_blocks.h"
#include "reports/compare/run_sample.h"
#include "reports/model/second_series.h"
#include "reports/model/timeline.h"

namespace mbench {

struct PageRun {
  RunResult result;
  Timeline timeline;
  RunBlocks blocks;           // for intervals within the run
  SecondSeries seconds = {};  // of a soak that is over
};

// Makes one of what a reader, or a run that goes on, hands out. Thread: one at a time.
class PageRunMaker : public ResultVisitor {
 public:
  PageRunMaker();
  PageRunMaker(const PageRunMaker&) = delete;
  PageRunMaker& operator=(const PageRunMaker&) = delete;
  void OnHead(const RunResult& head) override;
  void OnSecond(const SeriesPoint& second) override;
  void OnInterval(const Interval& interval) override;
  void OnLogged(const LoggedInterval& interval) override;

  // Ends it. REQUIRES: OnHead was called.
  PageRun Finish(RunResult result);
  // What it is by now, of a run that goes on. REQUIRES: OnHead was called.
  PageRun SoFar(RunResult result) const;

 private:
  std::optional<RunBlocks> blocks_;
  TimelineMaker timeline_;
  SecondSeriesMaker seconds_;
};

// `path`: a result folder or its run.json, also of a run that was killed. Errors are those of
// ReadResult.
Result<PageRun> ReadPageRun(const std::string& path);

// The run as a sample of a comparison.
RunSample SampleOf(const PageRun& run, const SampleOptions& options);

// Where the percentile lies in 95 of 100 runs like this one, as far as chance within the run tells;
// {0, 0} when nothing is known.
std::pair<double, double> IntervalOf(const PageRun& run, const std::string& op, double percentile,
                                     double value_ns);

}  // namespace mbench
