// SPDX-License-Identifier: Apache-2.0
//
// What a run shows of its objectives besides whether they held: how clearly, whether a queue grew,
// whether the system went away.
#pragma once

#include <vector>

#include "harness/find/evidence.h"
#include "harness/find/probe.h"
#include "harness/live/run_watcher.h"
#include "harness/result/metric_value.h"
#include "harness/result/run_result.h"

namespace mbench {

// Watches one run, and lets another watcher do so too.
class ProbeWatch : public RunWatcher {
 public:
  // `next` outlives it.
  explicit ProbeWatch(RunWatcher* next) : next_(next) {}

  void OnRun(const WatchedRun& run) override;
  void OnLoad(std::uint64_t done, std::uint64_t records) override { next_->OnLoad(done, records); }
  void OnStart() override { next_->OnStart(); }
  void OnInterval(const Interval& interval) override;
  void OnEnd() override { next_->OnEnd(); }

  // Of the objective that is nearest to its limit. REQUIRES: the run is over; `result` is judged.
  ShareEvidence Nearest(const RunResult& result) const;
  bool BeganTooEarly() const;
  // Nothing but errors in the last two seconds or more in which something was due.
  bool Died() const;
  bool Grew() const;          // open model
  double GrowthPerS() const;  // ops that were due and not done, more of them every second

 private:
  struct Watched {
    SloPlan slo;
    MetricSubject subject;
    std::vector<ShareBlock> blocks;
  };
  void AddBlock(const Interval& interval, bool in_drain, Watched* watched) const;
  ShareEvidence EvidenceOf(const Watched& watched, const SloResult& judged) const;

  RunWatcher* const next_;
  bool open_model_ = true;
  Ticks length_ = 0;
  std::vector<Watched> watched_;
  std::vector<double> backlog_;
  double open_ = 0, due_ = 0;
  int dead_seconds_ = 0;
};

}  // namespace mbench
