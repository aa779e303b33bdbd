// SPDX-License-Identifier: Apache-2.0
#include "reports/model/drift_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/base/units.h"
#include "reports/model/plan_stages.h"

namespace mbench {
namespace {

constexpr double kLeftOut = 0.1;        // of the run, at its begin
constexpr double kLeastChange = 0.005;  // of the level, over the run; less is of no interest
constexpr double kConfidence = 0.95;    // of all series together
constexpr double kHour_s = 3600;
constexpr double kMostHours = 24 * 365;

struct DriftSeries {
  std::string name;
  DriftUnit unit = DriftUnit::kRelative;
  const std::vector<double>* at_s;
  const std::vector<double>* values;
  double limit = 0;  // that it must not reach; 0: none is known
};

// States, and not what happens by the second.
bool IsState(std::string_view name) {
  if (name.ends_with("_per_s") || name.ends_with("limit_bytes")) return false;
  return name.ends_with("_bytes") || name.ends_with("_s") || name.ends_with("_lag_messages");
}

DriftUnit UnitOf(std::string_view name) {
  if (name.ends_with("_bytes")) return DriftUnit::kBytes;
  return name.ends_with("_s") ? DriftUnit::kSeconds : DriftUnit::kRelative;
}

std::string WithoutUnit(std::string_view name) {
  for (const std::string_view unit : {"_bytes", "_s"})
    if (name.ends_with(unit)) return std::string(name.substr(0, name.size() - unit.size()));
  return std::string(name);
}

// "memory_used_bytes" has its limit in "memory_limit_bytes".
double LimitOf(const FigureLines& lines, const std::string& name) {
  constexpr std::string_view kUsed = "_used_bytes";
  if (!name.ends_with(kUsed)) return 0;
  const auto limit = lines.find(name.substr(0, name.size() - kUsed.size()) + "_limit_bytes");
  if (limit == lines.end() || limit->second.empty()) return 0;
  return std::isfinite(limit->second.back()) ? limit->second.back() : 0;
}

std::vector<DriftSeries> SeriesOf(const RunResult& result, const Timeline& timeline) {
  std::vector<DriftSeries> all = {
      {"p50", DriftUnit::kRelative, &timeline.latency_at_s, &timeline.percentiles_ns[0]},
      {"p99", DriftUnit::kRelative, &timeline.latency_at_s, &timeline.percentiles_ns[2]},
      {"rate", DriftUnit::kRelative, &timeline.load_at_s, &timeline.answered_per_s},
      {"memory of mbench", DriftUnit::kBytes, &timeline.load_at_s, &timeline.client_memory_bytes}};
  const FigureLines& system = timeline.figures[static_cast<std::size_t>(FigureSource::kSystem)];
  for (const auto& [name, values] : system) {
    if (!IsState(name)) continue;
    const bool several = name.find('.') != name.npos;  // "cache.memory_used_bytes"
    all.push_back({several ? WithoutUnit(name)
                           : fmt::format("{} of {}", WithoutUnit(name), result.provenance.driver),
                   UnitOf(name), &timeline.load_at_s, &values, LimitOf(system, name)});
  }
  const FigureLines& host = timeline.figures[static_cast<std::size_t>(FigureSource::kHost)];
  if (const auto memory = host.find("memory_used_bytes"); memory != host.end())
    all.push_back({"memory_used of the host", DriftUnit::kBytes, &timeline.load_at_s,
                   &memory->second, static_cast<double>(result.provenance.memory_bytes)});
  return all;
}

std::string ValueText(double per_s, const DriftModel& model) {
  const double an_hour = std::abs(model.PerHour(per_s));
  switch (model.unit) {
    case DriftUnit::kBytes:
      return FormatBytes(an_hour);
    case DriftUnit::kSeconds:
      return FormatDuration(static_cast<Ticks>(an_hour * kSecond));
    case DriftUnit::kRelative:
      break;
  }
  const double percent = an_hour * 100;
  return fmt::format("{:.{}f}", percent, percent < 0.1 ? 2 : 1);
}

std::string Sentence(const DriftModel& model) {
  const Drift& drift = model.drift;
  const bool grows = drift.low > 0;
  const double nearest = grows ? drift.low : drift.high, farthest = grows ? drift.high : drift.low;
  std::string sentence =
      fmt::format("{} {} {}{} an hour ({} to {})", model.name, grows ? "grows" : "falls",
                  ValueText(drift.per_s, model), model.unit == DriftUnit::kRelative ? " %" : "",
                  ValueText(nearest, model), ValueText(farthest, model));
  if (model.full_h > 0)
    sentence += fmt::format(": the limit of {} is reached in {:.0f} h", FormatBytes(model.limit),
                            std::max(model.full_h, 1.0));
  return sentence;
}

DriftModel MakeDriftModel(const DriftSeries& series, const Drift& drift) {
  DriftModel model{.name = series.name,
                   .unit = series.unit,
                   .drift = drift,
                   .limit = series.limit,
                   .full_h = 0,
                   .text = {}};
  const double last = series.values->back();
  const double hours = (series.limit - last) / drift.per_s / kHour_s;
  if (drift.low > 0 && series.limit > 0 && std::isfinite(last) && hours > 0 && hours < kMostHours)
    model.full_h = hours;
  model.text = Sentence(model);
  return model;
}

std::optional<Drift> DriftOf(const DriftSeries& series, const RunResult& result,
                             std::size_t of_series) {
  const double end_s = ToSeconds(result.measured_length), begin_s = end_s * kLeftOut;
  std::vector<double> at, values;
  for (std::size_t i = 0; i < std::min(series.at_s->size(), series.values->size()); ++i) {
    if ((*series.at_s)[i] < begin_s || (*series.at_s)[i] > end_s) continue;
    at.push_back((*series.at_s)[i]);
    values.push_back((*series.values)[i]);
  }
  const double confidence = 1 - (1 - kConfidence) / static_cast<double>(of_series);
  const std::optional<Drift> drift = FindDrift(at, values, confidence);
  if (!drift || !drift->Clear()) return std::nullopt;
  const double nearest = std::min(std::abs(drift->low), std::abs(drift->high));
  const double least = kLeastChange * std::abs(drift->level);
  if (nearest * (end_s - begin_s) < least || (series.unit == DriftUnit::kRelative && least == 0))
    return std::nullopt;
  return drift;
}

}  // namespace

bool IsSoak(const RunResult& result) {
  const Ticks length = result.measured_length > 0 ? result.measured_length : result.planned_length;
  const std::vector<PlanStage> stages = StagesOf(result.provenance.plan_json);
  return length >= kLeastSoak && !stages.empty() &&
         std::ranges::all_of(stages, [&](const PlanStage& stage) {
           return (stage.profile == "soak" || stage.profile == "steady") &&
                  stage.from == stages.front().from;
         });
}

std::vector<DriftModel> FindDrifts(const RunResult& result, const Timeline& timeline) {
  std::vector<DriftModel> drifts;
  if (!IsSoak(result)) return drifts;
  const std::vector<DriftSeries> all = SeriesOf(result, timeline);
  for (const DriftSeries& series : all)
    if (const std::optional<Drift> drift = DriftOf(series, result, all.size()); drift)
      drifts.push_back(MakeDriftModel(series, *drift));
  return drifts;
}

double DriftModel::PerHour(double per_s) const {
  const double an_hour = per_s * kHour_s;
  return unit == DriftUnit::kRelative ? an_hour / std::abs(drift.level) : an_hour;
}

}  // namespace mbench
