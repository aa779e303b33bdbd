// SPDX-License-Identifier: Apache-2.0
//
//   slo: [p99(read) < 10ms, {level: expert}]
//   run: {seed: 1}
#include <algorithm>

#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/config/limits.h"
#include "harness/config/sections.h"
#include "harness/plan/service_level.h"

namespace mbench {
namespace {

// slo: {level: expert}
void ReadServiceLevel(const ValueNode& node, const ReadState& state) {
  MapReader map(node, "objective", "{level: expert}", state.mistakes);
  map.Need("level", "level: expert");
  std::string name;
  if (map.Text("level", &name)) {
    std::vector<std::string_view> names;
    for (const ServiceLevel& level : kServiceLevels) names.push_back(level.name);
    const ServiceLevel* const level = FindServiceLevel(name);
    if (level == nullptr) {
      map.Complain("level", fmt::format("no level {}{}", Quote(name), Suggest(name, names)));
    } else if (!state.plan->service_level.empty()) {
      map.Complain("level", "a second level; one run is held against one");
    } else {
      state.plan->service_level = level->name;
      std::ranges::move(ObjectivesOf(*level), std::back_inserter(state.plan->slo));
    }
  }
  map.Finish();
}

// How long it is measured at most.
Ticks LengthOf(const LoadPlan& load) {
  const Ticks length = LoadLength(load);
  return length == 0 ? limits::kLength : length;  // until so many ops are done
}

// Why there is nothing of the name that it is of; "": there may be. Events and groups of consumers
// are looked for later, where that is known.
std::string WhyNoSubject(const MetricName& metric, const RunPlan& plan) {
  if (metric.kind == MetricKind::kRto) return WhyNoRto(metric.op, plan);
  return IsOfNoOp(metric.kind) ? "" : WhyNeverCounted(metric.op, plan.mix);
}

void ReadObjective(const ValueNode& item, const ReadState& state) {
  if (item.kind == ValueNode::Kind::kMap) return ReadServiceLevel(item, state);
  const std::string* const text = ScalarText(item, "an objective", state.mistakes);
  if (text == nullptr) return;
  Result<SloPlan> slo = ParseSlo(*text);
  if (!slo) {
    state.mistakes->Add(item.place, slo.error().message);
  } else if (const std::string why = WhyNoSubject(slo->metric, *state.plan); !why.empty()) {
    state.mistakes->Add(item.place, why);
  } else if (const Ticks length = LengthOf(state.plan->load); slo->window > length) {
    state.mistakes->Add(item.place,
                        fmt::format("a window of {} is longer than what is measured, {}",
                                    FormatDuration(slo->window), FormatDuration(length)));
  } else {
    state.plan->slo.push_back(*std::move(slo));
  }
}

}  // namespace

std::vector<std::string_view> OpNamesOf(const MixPlan& mix) {
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < kVerbs; ++i) {
    if (mix.weights[i] > 0) names.push_back(Name(static_cast<Verb>(i)));
  }
  for (const StatementSpec& statement : mix.statements) names.push_back(statement.name);
  return names;
}

bool IsList(const ValueNode& node, std::string_view what, std::string_view example,
            const ReadState& state) {
  if (node.kind == ValueNode::Kind::kList || node.failed) return !node.failed;
  state.mistakes->Add(
      node.kind == ValueNode::Kind::kScalar ? node.place : node.Head(),
      fmt::format("{} must be a list, such as {}; this is {}", what, example, Describe(node.kind)));
  return false;
}

void ReadSlo(const ValueNode& node, const ReadState& state) {
  if (node.kind == ValueNode::Kind::kMap) return ReadServiceLevel(node, state);
  if (!IsList(node, "slo", "[p99 < 10ms, errors < 0.1%]", state)) return;
  for (const ValueNode& item : node.children) ReadObjective(item, state);
}

void ReadRun(const ValueNode& node, const ReadState& state) {
  EnginePlan& engine = state.plan->engine;
  MapReader map(node, "run", "{seed: 1, timeout: 10s}", state.mistakes);
  map.Count("seed", {0, limits::kSeed, "0 to 9e15"}, &engine.seed);
  map.Count("workers", {1, limits::kWorkers, "1 to 1024"}, &engine.workers);
  map.Flag("pin", &engine.pin);
  map.Duration("timeout", {kMillisecond, kHour, "1ms to 1h"}, &engine.timeout);
  map.Finish();
}

}  // namespace mbench
