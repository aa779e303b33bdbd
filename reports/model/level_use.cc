// SPDX-License-Identifier: Apache-2.0
#include "reports/model/level_use.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "reports/model/capacity_model.h"
#include "reports/model/knee.h"
#include "reports/model/plan_stages.h"

namespace mbench {
namespace {

constexpr double kNearby = 0.05;  // of the level
constexpr double kStillNear = 0.25;

UseColumn ColumnAt(const char* name, double level, const RunResult& result) {
  return {name, level, LevelText(level, result.open_model)};
}

// Where the load was about that; of a short ramp the nearest one.
std::vector<std::size_t> BucketsAt(double level, const Timeline& timeline) {
  std::vector<std::size_t> buckets;
  const auto distance = [level](double planned) { return std::abs(planned - level); };
  const auto nearest = std::ranges::min_element(timeline.planned, {}, distance);
  if (distance(*nearest) > kStillNear * level) return buckets;
  const double most = std::max(kNearby * level, distance(*nearest));
  for (std::size_t i = 0; i < timeline.planned.size(); ++i)
    if (distance(timeline.planned[i]) <= most) buckets.push_back(i);
  return buckets;
}

UseColumn LastColumn(const RunResult& result, const Timeline& timeline) {
  std::vector<double> levels, p99;
  for (const LoadLevel& level : timeline.levels) {
    levels.push_back(level.level);
    p99.push_back(level.p99_ns);
  }
  if (const std::optional<Knee> knee = FindKnee(levels, p99))
    return ColumnAt("knee", levels[knee->at], result);
  return ColumnAt("highest", *std::ranges::max_element(timeline.planned), result);
}

bool AnyFigures(const Timeline& timeline) {
  return std::ranges::any_of(timeline.figures,
                             [](const FigureLines& lines) { return !lines.empty(); });
}

}  // namespace

bool Climbs(const RunResult& result) {
  return std::ranges::any_of(StagesOf(result.provenance.plan_json), &PlanStage::Climbs);
}

UseComparison UsesOfLevels(const RunResult& result, const Timeline& timeline) {
  if (!Climbs(result) || timeline.planned.empty() || !AnyFigures(timeline)) return {};
  const UseColumn last = LastColumn(result, timeline);
  if (!(last.level > 0)) return {};
  std::vector<UseOfLoad> loads;
  for (const UseColumn& column : {ColumnAt("half", last.level / 2, result), last}) {
    const std::vector<std::size_t> buckets = BucketsAt(column.level, timeline);
    if (!buckets.empty()) loads.push_back({column, UsesOfBuckets(result, timeline, buckets)});
  }
  if (loads.empty() || loads.back().column.name == "half") return {};
  return CompareUses(loads);
}

}  // namespace mbench
