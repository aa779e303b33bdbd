// SPDX-License-Identifier: Apache-2.0
#include "reports/compare/admission.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "harness/base/text.h"
#include "harness/base/units.h"
#include "reports/compare/compare_options.h"

namespace mbench {
namespace {

std::vector<MetricSample> FiguresOf(const RunSample& run) {
  std::vector<MetricSample> figures;
  for (const MetricName& metric : PrimaryOf({}))
    if (const MetricSample* const sample = run.Find(metric)) figures.push_back(*sample);
  for (MetricSample& figure : figures) {
    if (ScaleOf(figure.metric) == MetricScale::kRatio) figure.value = std::exp(figure.value);
    figure.noise.clear();
  }
  return figures;
}

void KeepValid(std::span<const RunSample> given, char side, RunPointers* kept, Comparison* result) {
  for (const RunSample& run : given) {
    if (run.Valid())
      kept->push_back(&run);
    else
      result->left_out.push_back({side, run.Label(), run.invalid, FiguresOf(run)});
  }
  SortByTime(kept);
}

// Most of them are.
bool AreSaturated(std::span<const RunSample> runs) {
  const auto saturated = std::ranges::count_if(runs, &RunSample::saturated);
  return static_cast<std::size_t>(saturated) * 2 > runs.size();
}

struct Refusal {
  Verdict verdict;
  std::string reason;  // "": none
};

Refusal OfDifferences(std::span<const PlanDifference> forbidden) {
  if (forbidden.empty()) return {};
  std::vector<std::string> keys;
  for (const PlanDifference& difference : forbidden) keys.push_back(difference.key);
  return {Verdict::kIncomparable,
          fmt::format("runs of different things: they differ in {}", Join(keys, ", "))};
}

Refusal OfSaturation(std::span<const RunSample> a, std::span<const RunSample> b) {
  const bool of_a = AreSaturated(a), of_b = AreSaturated(b);
  if (of_a && of_b) return {Verdict::kInvalid, "neither side can carry the offered load; lower it"};
  if (of_a)
    return {Verdict::kInvalid,
            "A cannot carry the offered load; compare at a load that it can carry"};
  if (!of_b) return {};
  const RunSample& run = *std::ranges::find_if(b, &RunSample::saturated);
  return {Verdict::kSaturated,
          fmt::format("B cannot carry the offered load: {} of {}; latencies are not compared",
                      FormatRate(run.achieved_per_s), FormatRate(run.offered_per_s))};
}

Refusal OfLack(const char* side, std::size_t given, std::size_t valid) {
  if (valid > 0) return {};
  return {Verdict::kInvalid, given > 0 ? fmt::format("no run of {} is valid", side)
                                       : fmt::format("there is no run of {}", side)};
}

}  // namespace

bool Admit(std::span<const RunSample> given_a, std::span<const RunSample> given_b,
           const std::vector<std::string>& compared, RunPointers* a, RunPointers* b,
           Comparison* result) {
  KeepValid(given_a, 'A', a, result);
  KeepValid(given_b, 'B', b, result);
  result->runs_a = a->size();
  result->runs_b = b->size();
  result->forbidden = FindForbiddenDifferences(given_a, given_b, compared);
  for (Refusal refusal :
       {OfDifferences(result->forbidden), OfSaturation(given_a, given_b),
        OfLack("A", given_a.size(), a->size()), OfLack("B", given_b.size(), b->size())}) {
    if (refusal.reason.empty()) continue;
    result->verdict = refusal.verdict;
    result->reason = std::move(refusal.reason);
    return false;
  }
  return true;
}

}  // namespace mbench
