// SPDX-License-Identifier: Apache-2.0
//
// One rank's part in a run that several processes share, and how the parts become one result.
//
// While the run goes, each rank keeps its seconds (ranks/interval_spool.h) and says nothing. When
// all are over, rank 0 takes them in windows of some seconds from all ranks, adds what belongs to
// the same second, and hands the sums to the recording as a run alone does, so that everything
// behind it (objectives, validity, page) is made of exact histograms of the whole.
//
// decisions/031-ranks.md
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "harness/engine/conductor.h"
#include "harness/engine/run_observer.h"
#include "harness/engine/together.h"
#include "harness/live/run_watcher.h"
#include "harness/ranks/clock_offset.h"
#include "harness/ranks/interval_spool.h"
#include "harness/ranks/rank_group.h"
#include "harness/result/run_result.h"
#include "harness/run/recording.h"

namespace mbench {

// What cannot be shared by ranks is refused, with the word of the file that asks for it.
Status CheckCanBeShared(const RunPlan& plan);

// Thread: main, as the conductor.
class RankedRun : public Together, public RunObserver {
 public:
  // Both outlive it.
  RankedRun(const RankGroup& group, const RunPlan& plan) : group_(group), plan_(plan) {}

  // Fails everywhere when it fails anywhere. Secrets are out of what others hear.
  Status Agree(const Status& mine) const;

  // Before the conductor runs. `head` as a run alone has it. `recording` and `watchers` are rank
  // 0's; nullptr elsewhere. Who watches sees the part of rank 0.
  void Begin(const RunResult& head, Recording* recording, RunWatcher* watchers);

  // Together
  RunShare Share() const override { return {group_.Rank(), group_.Size()}; }
  std::uint32_t UsualWorkers() const override;
  std::set<int> Neighbours() const override { return group_.Neighbours(); }
  Result<bool> All(const Status& mine, bool stop) override;
  Ticks AgreeOnStart() override;

  // RunObserver
  void OnLoad(std::uint64_t done, std::uint64_t records) override;
  Status OnStart(std::int64_t zero_ns) override;
  void OnEvent(std::size_t event, std::uint32_t round, Ticks at) override;
  Status OnInterval(const Interval& interval) override;

  // Behind the conductor, by all: at rank 0 `outcome` becomes that of the whole, and the recording
  // has all seconds.
  void Merge(RunOutcome* outcome);
  // Rank 0: who took part, and who makes the whole invalid. Before it is judged.
  void Describe(RunResult* result) const;

 private:
  struct Report;  // what a rank says of its part

  void MergeSeconds(RunOutcome* outcome);
  std::string TakeWindow(Ticks until);
  void Replay(Interval interval, RunOutcome* outcome);
  void Flush(RunOutcome* outcome);
  Ticks Drift(Ticks measured) const;
  Report OwnReport(const RunOutcome& outcome);
  void Add(const Report& report, RunOutcome* outcome);

  const RankGroup& group_;
  const RunPlan& plan_;
  Recording* recording_ = nullptr;
  RunWatcher* watchers_ = nullptr;
  RunResult own_;  // sums of this rank's part
  IntervalSpool spool_;
  Status read_;  // of the spool
  ClockOffset before_, after_;
  std::int64_t zero_ns_ = 0;
  struct Begun {
    std::size_t event;
    std::uint32_t round;
    Ticks at;
  };
  std::vector<Begun> begun_;
  std::size_t told_ = 0;             // of these
  std::optional<Interval> pending_;  // of the whole, not replayed yet
  // Rank 0.
  std::vector<RankRecord> records_;
  std::vector<std::string> invalid_, warnings_;
};

}  // namespace mbench
