// SPDX-License-Identifier: Apache-2.0
#include "harness/cmd/gate_session.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/cmd/compare_session.h"
#include "harness/cmd/own_data.h"
#include "harness/cmd/sound_runs.h"
#include "harness/result/provenance.h"
#include "harness/run/interrupt.h"
#include "reports/compare/shift.h"

namespace mbench {
namespace {

bool HasInvalid(const std::vector<RunSample>& runs) {
  return std::ranges::any_of(runs, [](const RunSample& run) { return !run.Valid(); });
}

}  // namespace

GateSession::GateSession(GateRequest request) : request_(std::move(request)) {
  subject_.title = request_.plan ? request_.plan->name : "gate";
  subject_.a = "baseline " + request_.baseline;
  subject_.b = request_.plan ? request_.plan->file : "the results given";
}

Status GateSession::Prepare() {
  if (request_.baseline.empty()) {
    subject_.a = "the base";
    return ReadOptions();
  }
  Result<Baseline> baseline = ReadBaseline(request_.root, request_.baseline);
  if (!baseline) return Failed(baseline);
  baseline_ = *std::move(baseline);
  subject_.folders_a = baseline_.runs;
  if (Status read = ReadOptions(); !read) return read;
  Result<std::vector<RunSample>> runs = LoadRuns(baseline_.runs, options_);
  if (!runs) return Failed(runs);
  a_ = *std::move(runs);
  if (Status sound = RefuseUnsound(a_, "a baseline"); !sound) return sound;
  return ReadNoiseFloor();
}

// Those of what is gated: the margins of a pull request are seen in its changes.
Status GateSession::ReadOptions() {
  if (request_.plan) {
    options_ = OptionsOfPlan(*request_.plan);
  } else {
    Result<CompareOptions> options = OptionsOfResult(request_.results.front());
    if (!options) return Failed(options);
    options_ = *std::move(options);
  }
  options_.judge_visible = !request_.strict;
  return {};
}

Status GateSession::ReadNoiseFloor() {
  auto floor = FindNoiseFloor(request_.root, a_.front().identity);
  if (!floor) return Failed(floor);
  floor_ = *std::move(floor);
  if (!floor_) {
    subject_.notes.push_back(
        "the noise floor of this workload on this class of host is not known; `mbench calibrate "
        "FILE` measures it");
    return {};
  }
  options_.floor = Floors(floor_->calibration);
  options_.sessions = SessionSpreads(floor_->calibration);
  return {};
}

// Of a run that did not take place yet: the system tells its version only when it is opened.
RunIdentity GateSession::PlannedIdentity() const {
  const Provenance host = HostProvenance();
  RunIdentity identity = IdentityOf(*request_.plan);
  identity.system = a_.front().identity.system;
  identity.cpu = host.cpu;
  identity.cores = host.cores;
  identity.memory_bytes = host.memory_bytes;
  return identity;
}

std::optional<Comparison> GateSession::JudgeWithoutRuns() const {
  RunSample planned;
  planned.identity = PlannedIdentity();
  Comparison comparison;
  comparison.runs_a = a_.size();
  comparison.forbidden = FindForbiddenDifferences(a_, std::span(&planned, 1), {});
  if (!comparison.forbidden.empty()) {
    std::vector<std::string> keys;
    for (const PlanDifference& difference : comparison.forbidden) keys.push_back(difference.key);
    comparison.verdict = Verdict::kIncomparable;
    comparison.reason = fmt::format("nothing was run, because it would not be comparable: {} {}",
                                    Join(keys, ", "), keys.size() == 1 ? "differs" : "differ");
    return comparison;
  }
  if (a_.size() >= kMinRunsForVerdict) return std::nullopt;
  comparison.verdict = Verdict::kSuggestive;
  comparison.reason =
      fmt::format("nothing was run, because the baseline has {} runs and a verdict needs {} a side",
                  a_.size(), kMinRunsForVerdict);
  return comparison;
}

Result<GateAnswer> GateSession::Judge() {
  Result<Comparison> comparison = JudgeOnce();
  if (!comparison) return Failed(comparison);
  if (request_.base && !request_.baseline.empty() && IsOpen(*comparison) && !interrupted_ &&
      !HasInvalid(b_)) {
    subject_.notes.push_back(
        fmt::format("the baseline could not tell ({}), so both were measured, in turns",
                    Name(comparison->verdict)));
    comparison = JudgeAgain();
    if (!comparison) return Failed(comparison);
  }
  RefuseInvalid(&*comparison);
  NameOtherWorkload(&*comparison);
  return GateAnswer{MakeComparisonModel(*comparison, subject_, ComputeShift(a_, b_, options_)),
                    interrupted_};
}

Result<Comparison> GateSession::JudgeOnce() {
  if (!request_.plan) return JudgeStored();
  if (request_.baseline.empty()) return JudgeAgain();
  if (std::optional<Comparison> early = JudgeWithoutRuns()) return *std::move(early);
  return JudgeRounds();
}

Result<Comparison> GateSession::JudgeStored() {
  if (Status loaded = LoadNew(request_.results, &b_); !loaded) return Failed(loaded);
  subject_.title = b_.front().name;
  subject_.folders_b = request_.results;
  return Compare(a_, b_, options_);
}

Result<Comparison> GateSession::JudgeRounds() {
  const InterruptGuard guard;
  Rounds rounds(
      {{.plan = *request_.plan, .results = request_.run.results, .before = request_.command}},
      HowManyRounds());
  return JudgeWhileRunning(&rounds);
}

// The base and the change, A B B A ...
Result<Comparison> GateSession::JudgeAgain() {
  const InterruptGuard guard;
  a_.clear();
  b_.clear();
  subject_.a = "the base, measured in turns with it";
  subject_.compared = FindDifferences(IdentityOf(*request_.base), IdentityOf(*request_.plan));
  for (const PlanDifference& difference : subject_.compared)
    options_.compared.push_back(difference.key);
  options_.compared.emplace_back("system");  // of another version, perhaps
  SeparateData(&*request_.base, &*request_.plan);
  Rounds rounds({{.plan = *request_.base,
                  .results = request_.run.results + "/base",
                  .before = request_.base_command},
                 {.plan = *request_.plan,
                  .results = request_.run.results + "/change",
                  .before = request_.command}},
                HowManyRounds());
  return JudgeWhileRunning(&rounds);
}

RoundsOptions GateSession::HowManyRounds() const {
  return {.most = request_.until_decided ? 0 : request_.rounds,
          .budget = request_.budget,
          .watch = request_.run.watch};
}

// Stops at the first invalid run, because no further one could make it a pass.
Result<Comparison> GateSession::JudgeWhileRunning(Rounds* rounds) {
  RoundsEnd end = RoundsEnd::kDone;
  const auto go = [&](std::size_t count) -> Status {
    const Result<RoundsEnd> ended = rounds->RunUntil(count);
    if (!ended) return Failed(ended);
    end = *ended;
    interrupted_ = end == RoundsEnd::kInterrupted;
    return LoadRounds(*rounds);
  };
  if (Status ran = go(1); !ran) return Failed(ran);
  if (!FindForbiddenDifferences(a_, b_, options_.compared).empty())
    return Compare(a_, b_, options_);

  CompareOptions options = options_;
  options.look = request_.until_decided;
  const std::size_t most = request_.rounds;
  Comparison comparison;
  for (std::size_t count = request_.until_decided ? kMinRunsForLook : most; count <= most;
       ++count) {
    if (Status ran = go(count); !ran) return Failed(ran);
    comparison = Compare(a_, b_, options);
    if (end != RoundsEnd::kDone || !IsOpen(comparison) || HasInvalid(b_)) break;
  }
  if (end == RoundsEnd::kOutOfTime)
    subject_.notes.push_back(fmt::format("the budget of {} had room for {} {}",
                                         FormatDuration(request_.budget), rounds->Count(),
                                         rounds->Sides() == 1 ? "runs" : "rounds"));
  return comparison;
}

// The last side is what is gated; of two the first is the base.
Status GateSession::LoadRounds(const Rounds& rounds) {
  const std::vector<std::string>& gated = rounds.Side(rounds.Sides() - 1).folders;
  subject_.folders_b = gated;
  if (rounds.Sides() == 2) {
    subject_.folders_a = rounds.Side(0).folders;
    if (Status loaded = LoadNew(subject_.folders_a, &a_); !loaded) return loaded;
  }
  return LoadNew(gated, &b_);
}

Status GateSession::LoadNew(const std::vector<std::string>& folders, std::vector<RunSample>* side) {
  Result<std::vector<RunSample>> fresh =
      LoadRuns(std::span(folders).subspan(side->size()), options_);
  if (!fresh) return Failed(fresh);
  std::ranges::move(*fresh, std::back_inserter(*side));
  std::vector<RunSample> all = a_;
  all.insert(all.end(), b_.begin(), b_.end());
  return CheckDistinct(all);
}

void GateSession::RefuseInvalid(Comparison* comparison) const {
  const auto of_b = [](const LeftOutRun& run) { return run.side == 'B'; };
  const auto found = std::ranges::find_if(comparison->left_out, of_b);
  if (found == comparison->left_out.end() || comparison->verdict == Verdict::kWorse ||
      comparison->verdict == Verdict::kSaturated || comparison->verdict == Verdict::kIncomparable)
    return;
  comparison->verdict = Verdict::kInvalid;
  comparison->reason =
      fmt::format("{} of {} runs cannot be judged, and a gate does not pass over them: {}: {}",
                  std::ranges::count_if(comparison->left_out, of_b), b_.size(), found->run,
                  Join(found->reasons, "; "));
}

void GateSession::NameOtherWorkload(Comparison* comparison) const {
  if (request_.baseline.empty()) return;
  const std::string& name = request_.plan ? request_.plan->name : b_.front().name;
  if (comparison->verdict == Verdict::kIncomparable && name != baseline_.workload)
    comparison->reason =
        fmt::format("baseline {} is of the workload {}, not {}; {}", baseline_.name,
                    Quote(baseline_.workload), Quote(name), comparison->reason);
}

ComparisonModel GateSession::Unjudged(const std::string& reason) const {
  Comparison comparison;
  comparison.verdict = Verdict::kInvalid;
  comparison.reason = reason;
  return MakeComparisonModel(comparison, subject_);
}

}  // namespace mbench
