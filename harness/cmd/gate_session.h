// SPDX-License-Identifier: Apache-2.0
//
// One gate, from a baseline and what is held against it to a verdict.
//
// The order is that of cheapness: all that can be wrong without a run is found before one. A gate
// passes only over valid runs: one invalid run among those that are gated, and there is no verdict
// but "worse", because errors and load that was not reached are what a regression may look like.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/base/clock.h"
#include "harness/cmd/run_flags.h"
#include "harness/plan/run_plan.h"
#include "harness/result/baseline_store.h"
#include "harness/run/rounds.h"
#include "reports/compare/noise_floor_store.h"
#include "reports/compare/verdict.h"
#include "reports/model/comparison_model.h"

namespace mbench {

// More looks than this would be at differences that no margin asks for.
inline constexpr std::size_t kMostLooked = 60;

struct GateRequest {
  std::string root;                       // of the baselines
  std::string baseline;                   // "": none, there is a `base`
  std::vector<std::string> results = {};  // stored ones, or
  std::optional<RunPlan> plan = {};       // what is run first
  std::size_t rounds = 0;                 // of `plan`; with until_decided at most
  bool until_decided = false;             // look after each from the third on
  Ticks budget = 0;                       // 0: no limit
  // What the change is measured against in turns, instead of a baseline or when that cannot tell.
  std::optional<RunPlan> base = {};
  std::string base_command = {};  // before every run of the base
  std::string command = {};       // before every run of `plan`
  bool strict = false;            // by the margins, whatever can be seen
  RunFlags run = {};
};

struct GateAnswer {
  ComparisonModel model;
  bool interrupted = false;  // no verdict then
};

// Thread: main. Prepare, then Judge.
class GateSession {
 public:
  explicit GateSession(GateRequest request);

  // Fails with kUsage on a mistake in the command, and with kInvalid on a result or a baseline that
  // cannot be read.
  Status Prepare();
  Result<GateAnswer> Judge();

  // What is said of a gate that could not be judged: in files for a CI system it must not be
  // missing.
  ComparisonModel Unjudged(const std::string& reason) const;

 private:
  Status ReadOptions();
  Status ReadNoiseFloor();
  RunIdentity PlannedIdentity() const;
  std::optional<Comparison> JudgeWithoutRuns() const;
  Result<Comparison> JudgeOnce();
  Result<Comparison> JudgeStored();
  Result<Comparison> JudgeRounds();
  Result<Comparison> JudgeAgain();
  Result<Comparison> JudgeWhileRunning(Rounds* rounds);
  RoundsOptions HowManyRounds() const;
  Status LoadRounds(const Rounds& rounds);
  Status LoadNew(const std::vector<std::string>& folders, std::vector<RunSample>* side);
  void RefuseInvalid(Comparison* comparison) const;
  void NameOtherWorkload(Comparison* comparison) const;

  GateRequest request_;
  Baseline baseline_;
  CompareOptions options_;
  std::optional<StoredNoiseFloor> floor_;
  ComparisonSubject subject_;
  bool interrupted_ = false;
  std::vector<RunSample> a_;
  std::vector<RunSample> b_;
};

}  // namespace mbench
