// SPDX-License-Identifier: Apache-2.0
#include "reports/model/plan_stages.h"

#include <fmt/format.h>

#include <cmath>

#include "harness/base/units.h"
#include "harness/result/json_text.h"

namespace mbench {
namespace {

constexpr std::size_t kMostStages = 1000;

double NumberIn(const Json& json, const char* key) {
  const auto found = json.find(key);
  if (found == json.end() || !found->is_number()) return 0;
  const double value = found->get<double>();
  return std::isfinite(value) && std::abs(value) < 1e15 ? value : 0;
}

std::string TextIn(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::string LevelText(double level, bool open_model) {
  return open_model ? FormatRate(level) : FormatCount(level);
}

}  // namespace

std::vector<PlanStage> StagesOf(const std::string& plan_json) {
  std::vector<PlanStage> stages;
  const Json plan = Json::parse(plan_json, nullptr, false);
  if (!plan.is_object() || !plan.contains("load") || !plan["load"].is_object()) return stages;
  const Json& load = plan["load"];
  if (!load.contains("stages") || !load["stages"].is_array()) return stages;
  double begin = 0;
  for (const Json& json : load["stages"]) {
    if (!json.is_object() || stages.size() == kMostStages) break;
    PlanStage stage;
    stage.profile = TextIn(json, "profile");
    stage.begin_s = begin;
    stage.end_s = begin + std::max(NumberIn(json, "over_s"), 0.0);
    stage.from = NumberIn(json, "from");
    stage.to = json.contains("to") ? NumberIn(json, "to") : stage.from;
    stage.steps = static_cast<int>(std::min(NumberIn(json, "steps"), 1e6));
    begin = stage.end_s;
    stages.push_back(stage);
  }
  return stages;
}

std::string LabelOf(const PlanStage& stage, bool open_model) {
  const std::string unit = open_model ? "" : stage.to == 1 ? " client" : " clients";
  if (stage.profile == "replay") return "replay";
  if (stage.from == stage.to)
    return fmt::format("{} {}{}", stage.profile, LevelText(stage.from, open_model), unit);
  return fmt::format("{} {} to {}{}", stage.profile, LevelText(stage.from, open_model),
                     LevelText(stage.to, open_model), unit);
}

}  // namespace mbench
