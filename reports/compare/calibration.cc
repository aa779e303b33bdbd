// SPDX-License-Identifier: Apache-2.0
#include "reports/compare/calibration.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "harness/base/rng.h"
#include "harness/base/units.h"
#include "reports/compare/compare_options.h"
#include "reports/compare/moments.h"
#include "reports/compare/power.h"

namespace mbench {
namespace {

// Errors that nobody asked for decide too, but share alpha only when they differ from run to run.
double AlphaOf(const MetricName& metric, const CompareOptions& options) {
  const std::vector<MetricName> primary = PrimaryOf(options);
  const bool among = std::ranges::find(primary, metric) != primary.end();
  const std::size_t tests =
      options.primary.empty() ? DefaultPrimary().size() : options.primary.size();
  return among ? options.alpha / static_cast<double>(tests) : options.alpha;
}

// Of the values of one metric; nothing when some run has not measured it.
NoiseFloor FloorOf(const MetricName& metric, std::span<const RunSample> runs) {
  NoiseFloor floor{metric};
  std::vector<double> values;
  for (const RunSample& run : runs) {
    const MetricSample* const sample = run.Find(metric);
    if (sample == nullptr) continue;
    values.push_back(sample->value);
    floor.thin = floor.thin || sample->thin;
  }
  const double mean = MeanOf(values);
  floor.spread = PooledSpread(SquaresOf(values), values.size(), 0, 0);
  floor.sessions = {mean};
  floor.value = ScaleOf(metric) == MetricScale::kRatio ? std::exp(mean) : mean;
  return floor;
}

bool IsClaim(const Comparison& comparison) {
  return std::ranges::any_of(
      comparison.rows, [](const MetricRow& row) { return row.primary && row.claims.changed; });
}

// Deals the runs out to two sides again and again, and counts the claims.
void CountFalseAlarms(std::vector<RunSample> runs, const CompareOptions& options,
                      std::size_t splits, Calibration* calibration) {
  const std::size_t half = runs.size() / 2;
  if (half < kMinRunsForVerdict) return;
  const std::vector<MetricName> primary = PrimaryOf(options);
  for (RunSample& run : runs) {  // what does not decide would only take time
    run.started_at.clear();      // dealt out anew they are in no order of time
    std::erase_if(run.metrics, [&](const MetricSample& sample) {
      return std::ranges::find(primary, sample.metric) == primary.end();
    });
  }
  Rng rng(options.seed);
  for (std::size_t split = 0; split < splits; ++split) {
    for (std::size_t i = 0; i + 1 < runs.size(); ++i)
      std::swap(runs[i], runs[i + rng.Below(runs.size() - i)]);
    const std::span<const RunSample> all(runs);
    ++calibration->splits;
    if (IsClaim(Compare(all.first(half), all.subspan(half, half), options)))
      ++calibration->false_alarms;
  }
}

}  // namespace

double DetectableChange(const MetricName& metric, double spread, std::size_t runs_a_side,
                        const CompareOptions& options) {
  const double distance =
      SmallestDetectable(spread, runs_a_side, runs_a_side, AlphaOf(metric, options));
  return ScaleOf(metric) == MetricScale::kRatio ? std::expm1(distance) : distance;
}

Calibration Calibrate(std::span<const RunSample> runs, std::size_t runs_a_side,
                      const CompareOptions& options, std::size_t splits) {
  Calibration calibration;
  calibration.runs_a_side = runs_a_side;
  std::vector<RunSample> valid;
  for (const RunSample& run : runs) {
    if (run.Valid())
      valid.push_back(run);
    else
      calibration.left_out.push_back(
          {'A', run.folder.empty() ? run.name : run.folder, run.invalid});
  }
  calibration.runs = valid.size();
  if (valid.size() < 2) return calibration;
  for (const MetricSample& sample : valid.front().metrics) {
    NoiseFloor floor = FloorOf(sample.metric, valid);
    floor.detectable = DetectableChange(floor.metric, floor.spread, runs_a_side, options);
    calibration.floors.push_back(std::move(floor));
  }
  CountFalseAlarms(std::move(valid), options, splits, &calibration);
  return calibration;
}

std::map<std::string, KnownSpread> Floors(const Calibration& calibration) {
  std::map<std::string, KnownSpread> floors;
  const double degrees = static_cast<double>(std::max<std::size_t>(calibration.runs, 2) - 1);
  for (const NoiseFloor& floor : calibration.floors)
    floors[Name(floor.metric)] = {floor.spread, degrees};
  return floors;
}

std::map<std::string, KnownSpread> SessionSpreads(const Calibration& calibration) {
  std::map<std::string, KnownSpread> spreads;
  for (const NoiseFloor& floor : calibration.floors) {
    const std::size_t sessions = floor.sessions.size();
    if (sessions < 2) continue;
    spreads[Name(floor.metric)] = {PooledSpread(SquaresOf(floor.sessions), sessions, 0, 0),
                                   static_cast<double>(sessions - 1)};
  }
  return spreads;
}

void AddSessions(const Calibration& earlier, Calibration* calibration) {
  for (NoiseFloor& floor : calibration->floors)
    for (const NoiseFloor& before : earlier.floors)
      if (before.metric == floor.metric)
        floor.sessions.insert(floor.sessions.begin(), before.sessions.begin(),
                              before.sessions.end());
}

std::vector<std::string> MarginsBelowFloor(const std::map<std::string, KnownSpread>& floor,
                                           std::size_t runs_a_side, const CompareOptions& options) {
  std::vector<std::string> sentences;
  for (const MetricName& metric : PrimaryOf(options)) {
    const auto found = floor.find(Name(metric));
    if (found == floor.end()) continue;
    const double detectable =
        DetectableChange(metric, found->second.deviation, runs_a_side, options);
    const double margin = MarginOf(metric, options);
    if (margin >= detectable) continue;
    sentences.push_back(fmt::format(
        "the margin of {} is {}, but with {} runs a side this host sees no change of it below {}; "
        "that is what a gate judges by",
        Name(metric), FormatPercent(margin), runs_a_side, FormatPercent(detectable)));
  }
  return sentences;
}

}  // namespace mbench
