// SPDX-License-Identifier: Apache-2.0
//
//   slo: [p99(read) < 10ms, {level: expert}]
//   events: [{at: 30s, name: stopped, run: ...}]
//   run: {seed: 1}
#include <algorithm>

#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/config/limits.h"
#include "harness/config/sections.h"
#include "harness/plan/service_level.h"

namespace mbench {
namespace {

Ticks Length(const LoadPlan& load) {
  Ticks length = 0;
  for (const StagePlan& stage : load.stages)
    length += std::min(stage.over, limits::kLength - length);
  return length;
}

void ReadEvent(const YamlNode& node, const ReadState& state) {
  MapReader map(node, "event", "{at: 30s, name: failover, run: \"scripts/failover.sh\"}",
                state.mistakes);
  EventPlan event;
  map.Need("at", "at: 30s");
  map.Need("name", "name: failover");
  const bool timed = map.Duration("at", {0, limits::kLength, "0s to 366d"}, &event.at);
  if (map.Text("name", &event.name) && event.name.empty())
    map.Complain("name", "the name of an event is empty");
  map.Text("run", &event.run);
  map.Finish();
  const Ticks end = Length(state.plan->load);
  if (timed && end > 0 && event.at > end) {
    map.Complain("at", fmt::format("the event is at {}, after the end of the load at {}",
                                   FormatDuration(event.at), FormatDuration(end)));
  }
  state.plan->events.push_back(std::move(event));
}

// Whether a metric may be about `op`: one of `ops`, or a part of one ("get:cache"), of which nobody
// knows before the replies come what it will be called.
bool IsOp(std::string_view op, const std::vector<std::string_view>& ops) {
  const std::size_t colon = op.find(':');
  const bool names_part = colon == std::string_view::npos || colon + 1 < op.size();
  return names_part && std::ranges::find(ops, op.substr(0, colon)) != ops.end();
}

// slo: {level: expert}
void ReadServiceLevel(const YamlNode& node, const ReadState& state) {
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

void ReadObjective(const YamlNode& item, const std::vector<std::string_view>& ops,
                   const ReadState& state) {
  if (item.kind == YamlNode::Kind::kMap) return ReadServiceLevel(item, state);
  const std::string* const text = ScalarText(item, "an objective", state.mistakes);
  if (text == nullptr) return;
  Result<SloPlan> slo = ParseSlo(*text);
  if (!slo) {
    state.mistakes->Add(item.place, slo.error().message);
  } else if (!slo->op.empty() && !ops.empty() && !IsOp(slo->op, ops)) {
    const std::string_view op = std::string_view(slo->op).substr(0, slo->op.find(':'));
    state.mistakes->Add(item.place,
                        fmt::format("no op {} in the mix{}", Quote(slo->op), Suggest(op, ops)));
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
  for (const StatementPlan& statement : mix.statements) names.push_back(statement.name);
  return names;
}

bool IsList(const YamlNode& node, std::string_view what, std::string_view example,
            const ReadState& state) {
  if (node.kind == YamlNode::Kind::kList || node.failed) return !node.failed;
  state.mistakes->Add(
      node.kind == YamlNode::Kind::kScalar ? node.place : node.Head(),
      fmt::format("{} must be a list, such as {}; this is {}", what, example, Describe(node.kind)));
  return false;
}

void ReadSlo(const YamlNode& node, const ReadState& state) {
  if (node.kind == YamlNode::Kind::kMap) return ReadServiceLevel(node, state);
  if (!IsList(node, "slo", "[p99 < 10ms, errors < 0.1%]", state)) return;
  const std::vector<std::string_view> ops = OpNamesOf(state.plan->mix);
  for (const YamlNode& item : node.children) ReadObjective(item, ops, state);
}

void ReadEvents(const YamlNode& node, const ReadState& state) {
  if (!IsList(node, "events", "[{at: 30s, name: failover}]", state)) return;
  for (const YamlNode& item : node.children) ReadEvent(item, state);
  std::ranges::stable_sort(state.plan->events, std::less(), &EventPlan::at);
}

void ReadRun(const YamlNode& node, const ReadState& state) {
  EnginePlan& engine = state.plan->engine;
  MapReader map(node, "run", "{seed: 1, timeout: 10s}", state.mistakes);
  map.Count("seed", {0, limits::kSeed, "0 to 9e15"}, &engine.seed);
  map.Count("workers", {1, limits::kWorkers, "1 to 1024"}, &engine.workers);
  map.Flag("pin", &engine.pin);
  map.Duration("timeout", {kMillisecond, kHour, "1ms to 1h"}, &engine.timeout);
  map.Finish();
}

}  // namespace mbench
