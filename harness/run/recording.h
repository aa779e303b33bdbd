// SPDX-License-Identifier: Apache-2.0
//
// What becomes of each second of a run.
#pragma once

#include <memory>
#include <string>

#include "harness/engine/run_observer.h"
#include "harness/live/run_watcher.h"
#include "harness/result/judge.h"
#include "harness/result/outage_judge.h"
#include "harness/result/result_writer.h"
#include "harness/result/run_result.h"

namespace mbench {

// Hands it to everything that wants to know: the folder, the sums, the SLOs, and then those who
// watch. What is stored waits for nobody.
class Recording : public RunObserver {
 public:
  // `root`: gets the folder of the run. All arguments outlive the recording.
  Recording(const std::string& root, RunResult* result, SloJudge* judge, OutageJudge* outages,
            RunWatcher* watchers)
      : root_(root), result_(result), judge_(judge), outages_(outages), watchers_(watchers) {}

  void OnLoad(std::uint64_t done, std::uint64_t records) override;
  Status OnStart(std::int64_t zero_ns) override;
  void OnEvent(std::size_t event, std::uint32_t round, Ticks at) override {
    outages_->OnEvent(event, round, at);
  }
  void OnSlice(const Interval& slice) override { outages_->Add(slice); }
  Status OnInterval(const Interval& interval) override;

  // The same as OnInterval but for those who watch.
  Status Store(const Interval& interval);

  // Null: the measured phase has not begun.
  ResultWriter* writer() { return writer_.get(); }

 private:
  const std::string& root_;
  RunResult* result_;
  SloJudge* judge_;
  OutageJudge* outages_;
  RunWatcher* watchers_;
  std::unique_ptr<ResultWriter> writer_;
};

}  // namespace mbench
