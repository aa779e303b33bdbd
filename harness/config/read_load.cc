// SPDX-License-Identifier: Apache-2.0
//
// load: {model: closed, profile: ramp, from: 1, to: 64, over: 60s, warmup: 5s}
// load: [{profile: ramp, from: 0, to: 5k/s, over: 30s}, {profile: steady, at: 5k/s, over: 5m}]
// load: {model: open, warmup: 5s, stages: [...]}
#include <algorithm>
#include <array>
#include <cmath>

#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/config/level_reader.h"
#include "harness/config/limits.h"
#include "harness/config/sections.h"

namespace mbench {
namespace {

constexpr std::string_view kLoadExample = "{profile: steady, at: 16, over: 60s}";
constexpr std::array<std::string_view, 7> kSettings = {"model", "arrivals",    "warmup", "drain",
                                                       "think", "connections", "ops"};
constexpr std::array<std::string_view, 13> kStageKeys = {
    "profile", "at",    "over", "from", "to",     "base", "peak",
    "for",     "steps", "low",  "high", "period", "file"};

// Highest level of a stage.
double Peak(const StagePlan& stage) {
  double peak = std::max(stage.from, stage.to);
  for (const ReplayPoint& point : stage.points) peak = std::max(peak, point.level);
  return peak;
}

double Peak(const LoadPlan& load) {
  double peak = 0;
  for (const StagePlan& stage : load.stages) peak = std::max(peak, Peak(stage));
  return peak;
}

void ReadStageList(const ValueNode& list, const ReadState& state, LevelReader* levels) {
  if (list.failed) return state.mistakes->Again();
  if (list.kind != ValueNode::Kind::kList || list.children.empty()) {
    state.mistakes->Add(
        list.Head(),
        fmt::format("stages must be a list of one or more, such as [{}]", kLoadExample));
    return;
  }
  for (std::size_t i = 0; i < list.children.size(); ++i) {
    MapReader map(list.children[i], fmt::format("stage {} of load", i + 1), kLoadExample,
                  state.mistakes);
    for (const std::string_view key : kSettings) {
      map.Refuse(
          key, fmt::format(
                   "'{0}' belongs to the load as a whole: load: {{{0}: ..., stages: [...]}}", key));
    }
    StagePlan stage;
    if (list.children[i].kind == ValueNode::Kind::kMap) ReadStage(&map, state, levels, &stage);
    map.Finish();
    state.plan->load.stages.push_back(std::move(stage));
  }
}

void ReadSettings(MapReader* map, const ReadState& state, LevelReader* levels) {
  LoadPlan& load = state.plan->load;
  if (map->Choice("model", &load.model)) levels->State(load.model);
  map->Choice("arrivals", &load.arrivals);
  map->Duration("warmup", {0, kHour, "0s to 1h"}, &load.warmup);
  map->Duration("drain", {0, kHour, "0s to 1h"}, &load.drain);
  map->Duration("think", {0, kHour, "0s to 1h"}, &load.think);
  map->Count("connections", {1, limits::kConnections, "1 to 1M"}, &load.connections);
  map->Count("ops", {1, limits::kOps, "1 to 1000T"}, &load.ops);
}

void CheckModel(MapReader* map, const LoadPlan& load) {
  if (load.model == LoadModel::kOpen) {
    map->Refuse("think",
                "'think' belongs to the closed model; in the open one nobody waits for a reply");
    return;
  }
  map->Refuse(
      "arrivals",
      "'arrivals' belongs to the open model; closed clients send when they have their reply");
  if (load.connections > Peak(load) && Peak(load) > 0) {
    map->Complain("connections",
                  fmt::format("{} connections for at most {} clients; a pool has no more lines "
                              "than clients",
                              load.connections, Peak(load)));
  }
}

// A replay file has plain numbers; only the model tells what they are.
void CheckReplay(const ValueNode& node, const ReadState& state) {
  if (state.plan->load.model == LoadModel::kOpen) return;
  for (const StagePlan& stage : state.plan->load.stages) {
    for (const ReplayPoint& point : stage.points) {
      if (point.level == std::floor(point.level) &&
          point.level <= static_cast<double>(limits::kClients))
        continue;
      state.mistakes->Add(node.Head(),
                          fmt::format("a replay file has the level {} at {}, which is no number of "
                                      "clients; write model: open if it is a rate",
                                      point.level, FormatDuration(point.at)));
      return;
    }
  }
}

// A steady load that ends after so many ops, and needs no length.
void FillLength(LoadPlan* load) {
  StagePlan& stage = load->stages.front();
  if (load->ops == 0 || stage.over != 0 || load->stages.size() != 1 || stage.from == 0) return;
  stage.over = limits::kOpsLength;
  if (load->model == LoadModel::kClosed) return;
  // The n-th arrival of a Poisson process varies by sqrt(n); six times that is never passed.
  const double ops = static_cast<double>(load->ops);
  const double late = load->arrivals == Arrivals::kPoisson ? 6 * std::sqrt(ops) + 10 : 0;
  const double seconds = std::min((ops + late) / stage.from, ToSeconds(limits::kLength));
  stage.over = std::llround(seconds * 1e9);
}

void CheckWhole(const ValueNode& node, const ReadState& state) {
  const LoadPlan& load = state.plan->load;
  double seconds = 0;
  for (const StagePlan& stage : load.stages) seconds += ToSeconds(stage.over);
  if (seconds > ToSeconds(limits::kLength)) {
    state.mistakes->Add(node.Head(), "the stages are longer than 366d together");
  }
  if (Peak(load) == 0) {
    state.mistakes->Add(node.Head(), "there is no load at any time; a level must be above 0");
  }
}

LoadModel ModelOf(const LevelReader& levels, const LoadPlan& load) {
  if (levels.Model()) return *levels.Model();
  const bool replay =
      std::ranges::any_of(load.stages, [](const StagePlan& s) { return !s.points.empty(); });
  return replay ? LoadModel::kOpen : LoadModel::kClosed;
}

void ReadLoadMap(const ValueNode& node, const ReadState& state, LevelReader* levels) {
  LoadPlan& load = state.plan->load;
  MapReader map(node, "load", kLoadExample, state.mistakes);
  ReadSettings(&map, state, levels);
  if (const ValueNode* const stages = map.Find("stages")) {
    for (const std::string_view key : kStageKeys) {
      map.Refuse(key, fmt::format("'{}' belongs into one of the stages", key));
    }
    ReadStageList(*stages, state, levels);
  } else if (node.kind == ValueNode::Kind::kMap) {
    StagePlan stage;
    ReadStage(&map, state, levels, &stage);
    load.stages.push_back(std::move(stage));
  }
  load.model = ModelOf(*levels, load);
  CheckModel(&map, load);
  map.Finish();
}

}  // namespace

Ticks LoadLength(const LoadPlan& load) {
  Ticks length = 0;
  for (const StagePlan& stage : load.stages)
    length += std::min(stage.over, limits::kLength - length);
  return length;
}

void ReadLoad(const ValueNode& node, const ReadState& state) {
  LoadPlan& load = state.plan->load;
  LevelReader levels;
  const std::size_t mistakes_before = state.mistakes->Count();
  if (node.kind == ValueNode::Kind::kList) {
    ReadStageList(node, state, &levels);
    load.model = ModelOf(levels, load);
  } else {
    ReadLoadMap(node, state, &levels);
  }
  if (state.mistakes->Count() != mistakes_before) return;
  FillLength(&load);
  CheckReplay(node, state);
  CheckWhole(node, state);
}

}  // namespace mbench
