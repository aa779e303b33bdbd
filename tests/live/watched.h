// SPDX-License-Identifier: Apache-2.0
//
// A run to be watched: its plan, its result, and seconds of it with known contents.
#pragma once

#include <string>
#include <utility>

#include "harness/live/run_watcher.h"

namespace mbench {

// Open model: a ramp, then a steady stage.
inline RunPlan OpenPlan() {
  RunPlan plan;
  plan.name = "shop";
  plan.driver.use = "sim";
  plan.load.model = LoadModel::kOpen;
  plan.load.warmup = 5 * kSecond;
  plan.load.stages = {{.profile = Profile::kRamp, .over = 60 * kSecond, .from = 100, .to = 2'000},
                      {.profile = Profile::kSteady, .over = 60 * kSecond, .from = 2'000}};
  plan.mix.weights[static_cast<std::size_t>(Verb::kRead)] = 9;
  plan.mix.weights[static_cast<std::size_t>(Verb::kUpdate)] = 1;
  return plan;
}

inline RunPlan ClosedPlan() {
  RunPlan plan = OpenPlan();
  plan.load.model = LoadModel::kClosed;
  plan.load.stages = {{.profile = Profile::kStep, .over = 60 * kSecond, .from = 1, .to = 64}};
  return plan;
}

// The second that ends at `end`: 900 reads of 1 ms and 1 slow one, 90 updates of 2 ms, 7 time-outs,
// 3 failures of two classes.
inline Interval OneSecond(Ticks end, const RunPlan& plan) {
  Interval interval{.begin = end - kSecond, .end = end};
  interval.ops.resize(2);
  interval.planned_level = plan.load.model == LoadModel::kOpen ? 1'050 : 16;
  interval.in_flight = 12;
  interval.offered = 1'001;
  interval.host = {.client_cpu_s = 0.25, .busy = 0.1, .steal = 0.01, .rss_bytes = 64'000'000};
  if (end <= 0) {
    interval.warmup_ops = 100;
    return interval;
  }
  OpStats& read = interval.ops[0];
  OpStats& update = interval.ops[1];
  read.response[static_cast<std::size_t>(Outcome::kOk)].RecordMany(kMillisecond, 900);
  read.response[static_cast<std::size_t>(Outcome::kNotFound)].Record(30 * kMillisecond);
  read.response[static_cast<std::size_t>(Outcome::kFailed)].RecordMany(5 * kMicrosecond, 3);
  read.errors = {{"connection lost", 1}, {"read\x1b[2Jonly", 2}};
  read.moved = {.bytes_sent = 45'200, .bytes_received = 90'000, .items = 1'800};
  update.moved = {.bytes_sent = 97'000, .bytes_received = 450, .items = 90};
  read.service.RecordMany(900 * kMicrosecond, 901);
  update.response[static_cast<std::size_t>(Outcome::kOk)].RecordMany(2 * kMillisecond, 90);
  update.response[static_cast<std::size_t>(Outcome::kTimedOut)].RecordMany(100 * kMillisecond, 7);
  update.service.RecordMany(2 * kMillisecond, 97);
  interval.lag.RecordMany(20 * kMicrosecond, 1'001);
  interval.delay.RecordMany(10 * kMicrosecond, 1'001);
  return interval;
}

// What a run session does: sums, then tells.
class WatchedStory {
 public:
  explicit WatchedStory(RunPlan plan, RunLabel label = {}) : plan_(std::move(plan)) {
    result_.name = plan_.name;
    result_.open_model = plan_.load.model == LoadModel::kOpen;
    result_.op_names = {"read", "update"};
    result_.total.ops.resize(2);
    for (const StagePlan& stage : plan_.load.stages) result_.planned_length += stage.over;
    result_.warmup_length = plan_.load.warmup;
    result_.provenance.mbench_version = "1.2.3";
    result_.provenance.driver = plan_.driver.use;
    result_.provenance.system = "simulated server";
    result_.provenance.host = "bench-1";
    result_.provenance.seed = 42;
    run_ = {&plan_, &result_, std::move(label)};
  }

  void Start(RunWatcher* watcher) {
    watcher->OnRun(run_);
    result_.provenance.started_at = "2026-01-31T12:34:56.789Z";
    result_.folder = "results/shop-20260131T123456Z";
    watcher->OnStart();
  }

  void Second(RunWatcher* watcher, Ticks end) {
    const Interval interval = OneSecond(end, plan_);
    if (end <= 0)
      result_.total.warmup_ops += interval.warmup_ops;
    else
      AddInterval(interval, &result_);
    watcher->OnInterval(interval);
  }

  const RunPlan& plan() const { return plan_; }
  const WatchedRun& run() const { return run_; }
  RunResult& result() { return result_; }

 private:
  RunPlan plan_;
  RunResult result_;
  WatchedRun run_;
};

}  // namespace mbench
