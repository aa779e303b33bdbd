// SPDX-License-Identifier: Apache-2.0
#include "harness/run/probe_run.h"

#include <algorithm>
#include <filesystem>

#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/plan/defaults.h"
#include "harness/result/judge.h"
#include "harness/run/probe_watch.h"
#include "harness/run/stored_run.h"
#include "reports/model/number.h"

namespace mbench {
namespace {

// Ops that are still in flight when the window is over have so long, or twice the largest time
// that an objective asks for: a probe that is overloaded would else wait for its whole queue.
constexpr Ticks kProbeDrain = 2 * kSecond;

Ticks DrainFor(const RunPlan& plan) {
  Ticks drain = kProbeDrain;
  for (const SloPlan& slo : plan.slo)
    if (FactsOf(slo.metric.kind).unit == MetricUnit::kNanoseconds)
      drain = std::max(drain, static_cast<Ticks>(std::min(2 * slo.value, 3.6e12)));
  return std::min(drain, plan.load.drain);
}

std::string BrokenObjectives(const RunResult& result) {
  std::vector<std::string> broken;
  for (const SloResult& slo : result.slo)
    if (!slo.held)
      broken.push_back(fmt::format("{} is {}", Name(slo.slo.metric),
                                   Text(MakeNumber(slo.slo.metric, slo.measured))));
  return Join(broken, ", ");
}

void Describe(const RunResult& result, const RunPlan& base, StoredProbe* stored) {
  Histogram answered;
  for (const OpStats& op : result.total.ops) op.AddAnsweredTo(&answered);
  stored->p99 = answered.ValueAtPercentile(99);
  stored->p99_9 = answered.ValueAtPercentile(99.9);
  stored->done_per_s = result.Rate();
  const std::uint64_t ended = result.account.Ended();
  std::uint64_t errors = ended;
  for (const Outcome outcome : {Outcome::kOk, Outcome::kNotFound})
    errors -= std::min(errors, result.account.ended[static_cast<std::size_t>(outcome)]);
  stored->errors = ended == 0 ? 0 : static_cast<double>(errors) / static_cast<double>(ended);
  const double length_s = ToSeconds(result.measured_length);
  if (length_s > 0) stored->client_cores = result.total.host.client_cpu_s / length_s;
  if (result.cpu.place == SystemPlace::kHere && result.cpu.span >= kSecond) {
    stored->server_cores = result.cpu.system * result.provenance.cores;
    stored->server = Join(result.cpu.system_names, ", ");
  }
  stored->probe.answered_per_s = base.load.model == LoadModel::kOpen ? stored->done_per_s : 0;
  stored->run = std::filesystem::path(result.folder).filename().string();
}

const std::string& ReasonOf(const RunResult& result, const std::string& otherwise) {
  return result.invalid.empty() ? otherwise : result.invalid.front();
}

void Judge(const RunResult& result, const ProbeWatch& watch, StoredProbe* stored) {
  Probe& probe = stored->probe;
  const ShareEvidence evidence = watch.Nearest(result);
  probe.margin = evidence.margin;
  probe.margin_error = evidence.margin_error;
  probe.clarity = evidence.clarity;
  const bool held = std::ranges::all_of(result.slo, [](const SloResult& slo) { return slo.held; });
  const bool holds = held && !watch.Grew();
  probe.end = holds ? ProbeEnd::kHolds : ProbeEnd::kBreaks;
  stored->why = BrokenObjectives(result);
  if (watch.Grew()) {
    probe.clarity = -kClear;
    stored->why += fmt::format("{}the queue grows by {}", stored->why.empty() ? "" : ", ",
                               FormatRate(watch.GrowthPerS()));
  }
  const RunFaults faults = FaultsOf(result);
  if (watch.Died()) {
    probe.end = ProbeEnd::kDied;
    stored->why = "the system answered nothing but errors in the end";
  } else if (faults.host) {
    probe.end = ProbeEnd::kHost;
    stored->why = ReasonOf(result, "others had the CPU of the host");
  } else if (faults.load_generator) {
    probe.end = ProbeEnd::kGenerator;
    stored->why = ReasonOf(result, "the load generator was at its limit");
  } else if (!holds && !watch.Grew() && watch.BeganTooEarly()) {
    probe.end = ProbeEnd::kUnsettled;
    stored->why = fmt::format("still warming up after {}", FormatDuration(stored->warmup));
  } else if (holds && stored->errors > defaults::kMaxErrors) {
    // No objective speaks of errors; the latencies are still those of another system.
    probe.end = ProbeEnd::kBreaks;
    probe.clarity = -kClear;
    stored->why = fmt::format("{} of the ops ended in errors", FormatPercent(stored->errors));
  }
}

}  // namespace

RunPlan PlanOfProbe(const RunPlan& base, double level, const ProbeTimes& times) {
  RunPlan plan = base;
  plan.load.stages = {
      {.profile = Profile::kSteady, .over = times.window, .from = level, .to = level}};
  plan.load.warmup = times.warmup;
  plan.load.drain = DrainFor(base);
  plan.load.ops = 0;
  plan.events.clear();
  return plan;
}

Result<ProbeOutcome> RunProbe(const RunPlan& base, const NextProbe& next, const ProbeTimes& times,
                              const ProbePlace& place) {
  ProbeWatch watch(place.watchers);
  const RunPlan plan = PlanOfProbe(base, next.level, times);
  const Result<StoredRun> run =
      RunAndStore(plan, {.root = place.root, .watchers = &watch, .label = {.text = place.label}});
  if (!run) return Failed(run);
  if (!run->stored) return Failed(run->stored);
  ProbeOutcome outcome;
  outcome.interrupted = run->interrupted;
  outcome.stored.probe.level = next.level;
  outcome.stored.probe.scout = next.scout;
  outcome.stored.warmup = times.warmup;
  outcome.stored.window = times.window;
  if (!run->measured || run->interrupted) return outcome;
  outcome.system = run->result.provenance.system;
  Describe(run->result, base, &outcome.stored);
  Judge(run->result, watch, &outcome.stored);
  for (const SloResult& slo : run->result.slo)
    if (!slo.judged && outcome.stored.probe.Counts())
      return Invalid("'{}' has nothing to be judged by at {}: no such op ended in {}", slo.slo.text,
                     base.load.model == LoadModel::kOpen ? FormatRate(next.level)
                                                         : FormatCount(next.level) + " clients",
                     FormatDuration(times.window));
  return outcome;
}

}  // namespace mbench
