// SPDX-License-Identifier: Apache-2.0
#include "reports/compare/verdict.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/plan/defaults.h"
#include "reports/compare/bootstrap.h"
#include "reports/compare/compare_options.h"
#include "reports/compare/holm.h"
#include "reports/compare/permutation.h"
#include "reports/compare/power.h"

namespace mbench {
namespace {

using Runs = std::vector<const RunSample*>;

// One metric of all compared runs.
struct MetricData {
  BootstrapSide a;
  BootstrapSide b;
  bool thin = false;
  std::string missing;  // the first run that has not measured it

  bool Varies() const {
    const double first = a.values.empty() ? 0 : a.values.front();
    const auto other = [first](double value) { return value != first; };
    return std::ranges::any_of(a.values, other) || std::ranges::any_of(b.values, other);
  }
};

// Files of other tools may not.
bool CountsErrors(std::span<const RunSample> runs) {
  return std::ranges::any_of(
      runs, [](const RunSample& run) { return run.Find({MetricKind::kErrors}) != nullptr; });
}

std::string RunLabel(const RunSample& run) { return run.folder.empty() ? run.name : run.folder; }

void Gather(const Runs& runs, const MetricName& metric, BootstrapSide* side, MetricData* data) {
  for (const RunSample* run : runs) {
    const MetricSample* const sample = run->Find(metric);
    if (sample == nullptr) {
      if (data->missing.empty()) data->missing = RunLabel(*run);
      continue;
    }
    side->values.push_back(sample->value);
    side->noise.emplace_back(sample->noise);
    data->thin = data->thin || sample->thin;
  }
}

double MeanOf(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(std::max<std::size_t>(values.size(), 1));
}

double SquaresOf(std::span<const double> values) {
  const double mean = MeanOf(values);
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return squares;
}

// From the scale of the calculation to that of a person, and back.
double Shown(double value, MetricScale scale) {
  return scale == MetricScale::kRatio ? std::exp(value) : value;
}
double ShownChange(double distance, MetricScale scale) {
  return scale == MetricScale::kRatio ? std::expm1(distance) : distance;
}
double LimitOf(double margin, MetricScale scale) {
  return scale == MetricScale::kRatio ? std::log1p(margin) : margin;
}

// The change of one metric, turned so that more is worse, on the scale of the calculation.
struct Harm {
  double estimate = 0;
  double low = 0;
  double high = 0;
  double limit = 0;   // the margin
  bool sure = false;  // chance alone is ruled out
};

struct Decision {
  Verdict verdict = Verdict::kInconclusive;
  std::string_view rule;
};

Decision DecideWorse(const Harm& harm, Verdict verdict) {
  if (harm.low >= harm.limit) return {verdict, "the whole interval is beyond the margin"};
  return {verdict, "no change is ruled out, and the estimate is nearer to the margin than to it"};
}

// The rule of decision 005.
Decision Decide(const Harm& harm) {
  if (harm.low > -harm.limit && harm.high < harm.limit)
    return {Verdict::kSame, "the whole interval is within the margin"};
  if (!harm.sure) return {Verdict::kInconclusive, "chance alone may have made this difference"};
  if (harm.estimate >= harm.limit / 2) return DecideWorse(harm, Verdict::kWorse);
  if (harm.estimate <= -harm.limit / 2)
    return DecideWorse({-harm.estimate, -harm.high, -harm.low, harm.limit, true}, Verdict::kBetter);
  return {Verdict::kInconclusive,
          "there is a difference, but it may be smaller or larger than the margin"};
}

class Comparer {
 public:
  Comparer(std::span<const RunSample> a, std::span<const RunSample> b,
           const CompareOptions& options)
      : given_a_(a), given_b_(b), options_(options) {
    if (CountsErrors(a) || CountsErrors(b))
      options_.primary = PrimaryOf(options);
    else if (options_.primary.empty())
      options_.primary = DefaultPrimary();
    result_.alpha = options_.alpha;
  }

  Comparison Run() {
    KeepValid(given_a_, 'A', &a_);
    KeepValid(given_b_, 'B', &b_);
    result_.runs_a = a_.size();
    result_.runs_b = b_.size();
    if (IsIncomparable() || IsSaturated() || LacksRuns()) return std::move(result_);
    MakeRows();
    Adjust();
    for (std::size_t i = 0; i < result_.rows.size(); ++i) DecideRow(data_[i], &result_.rows[i]);
    Conclude();
    AddNotes();
    return std::move(result_);
  }

 private:
  // ---- may they be compared? ----

  void KeepValid(std::span<const RunSample> given, char side, Runs* kept) {
    for (const RunSample& run : given) {
      if (run.Valid())
        kept->push_back(&run);
      else
        result_.left_out.push_back({side, RunLabel(run), run.invalid});
    }
  }

  bool End(Verdict verdict, std::string reason) {
    result_.verdict = verdict;
    result_.reason = std::move(reason);
    return true;
  }

  bool IsIncomparable() {
    result_.forbidden = FindForbiddenDifferences(given_a_, given_b_, options_.compared);
    if (result_.forbidden.empty()) return false;
    std::vector<std::string> keys;
    for (const PlanDifference& difference : result_.forbidden) keys.push_back(difference.key);
    return End(Verdict::kIncomparable,
               fmt::format("runs of different things: they differ in {}", Join(keys, ", ")));
  }

  bool IsSaturated() {
    const auto most = [](std::span<const RunSample> runs) {
      const auto saturated = std::ranges::count_if(runs, &RunSample::saturated);
      return static_cast<std::size_t>(saturated) * 2 > runs.size();
    };
    if (!most(given_b_)) {
      return most(given_a_) &&
             End(Verdict::kInvalid,
                 "A cannot carry the offered load; compare at a load that it can carry");
    }
    if (most(given_a_))
      return End(Verdict::kInvalid, "neither side can carry the offered load; lower it");
    const RunSample& run = *std::ranges::find_if(given_b_, &RunSample::saturated);
    return End(Verdict::kSaturated,
               fmt::format("B cannot carry the offered load: {} of {}; latencies are not compared",
                           FormatRate(run.achieved_per_s), FormatRate(run.offered_per_s)));
  }

  bool LacksRuns() {
    if (!a_.empty() && !b_.empty()) return false;
    const char* const side = a_.empty() ? "A" : "B";
    const bool given = !(a_.empty() ? given_a_ : given_b_).empty();
    return End(Verdict::kInvalid, given ? fmt::format("no run of {} is valid", side)
                                        : fmt::format("there is no run of {}", side));
  }

  // ---- estimates ----

  void MakeRows() {
    for (const MetricName& metric : options_.primary) MakeRow(metric, true);
    std::vector<MetricName> others;
    for (const MetricSample& sample : a_.front()->metrics) others.push_back(sample.metric);
    const bool one_op = std::ranges::all_of(others, [&](const MetricName& metric) {
      return metric.op.empty() || metric.op == others.back().op;
    });
    for (const MetricName& metric : others) {
      const bool repeats = one_op && !metric.op.empty();  // the same as all ops together
      if (!repeats && std::ranges::find(options_.primary, metric) == options_.primary.end())
        MakeRow(metric, false);
    }
  }

  void MakeRow(const MetricName& metric, bool primary) {
    MetricData data;
    Gather(a_, metric, &data.a, &data);
    Gather(b_, metric, &data.b, &data);
    if (!data.missing.empty() && !primary) return;
    MetricRow row;
    row.metric = metric;
    row.scale = ScaleOf(metric);
    row.primary = primary;
    row.thin = data.thin;
    row.margin = MarginOf(metric, options_);
    row.measured = data.missing.empty();
    if (row.measured) Estimate(data, &row);
    result_.rows.push_back(std::move(row));
    data_.push_back(std::move(data));
  }

  void Estimate(const MetricData& data, MetricRow* row) const {
    row->a = Shown(MeanOf(data.a.values), row->scale);
    row->b = Shown(MeanOf(data.b.values), row->scale);
    const BootstrapEstimate estimate =
        Bootstrap(data.a, data.b, options_.alpha, options_.resamples, options_.seed);
    row->change = Shown(estimate.difference, row->scale);
    row->low = Shown(estimate.low, row->scale);
    row->high = Shown(estimate.high, row->scale);
    row->p = PermutationP(data.a.values, data.b.values, options_.seed);
    row->adjusted_p = row->p;
    row->spread =
        PooledSpread(SquaresOf(data.a.values), a_.size(), SquaresOf(data.b.values), b_.size());
  }

  // A few runs may lie close together by luck; the host's floor, where it is known, does not.
  double KnownSpread(const MetricRow& row) const {
    const auto floor = options_.floor.find(Name(row.metric));
    return floor == options_.floor.end() ? row.spread : std::max(row.spread, floor->second);
  }

  // A primary metric that has one value in all runs of both sides, as errors mostly have, has it
  // however these are dealt out: no claim of it can be false, and it takes no share of alpha.
  bool IsTested(std::size_t row) const { return result_.rows[row].primary && data_[row].Varies(); }

  void Adjust() {
    std::vector<double> p;
    for (std::size_t i = 0; i < result_.rows.size(); ++i)
      if (IsTested(i)) p.push_back(result_.rows[i].p);
    tests_ = std::max<std::size_t>(p.size(), 1);
    const std::vector<double> adjusted = HolmAdjust(p);
    auto next = adjusted.begin();
    for (std::size_t i = 0; i < result_.rows.size(); ++i) {
      MetricRow& row = result_.rows[i];
      if (IsTested(i)) row.adjusted_p = *next++;
      if (row.measured) row.detectable = DetectableOf(row);
    }
  }

  double DetectableOf(const MetricRow& row) const {
    const double alpha = row.primary ? AlphaOfOne() : options_.alpha;
    return ShownChange(SmallestDetectable(KnownSpread(row), a_.size(), b_.size(), alpha),
                       row.scale);
  }
  double AlphaOfOne() const { return options_.alpha / static_cast<double>(tests_); }

  // ---- decisions ----

  bool IsSuggestive() const { return std::min(a_.size(), b_.size()) < kMinRunsForVerdict; }

  Harm HarmOf(const MetricRow& row) const {
    const auto calculated = [&](double shown) {
      return row.scale == MetricScale::kRatio ? std::log(shown) : shown;
    };
    Harm harm{calculated(row.change), calculated(row.low), calculated(row.high)};
    if (!LowerIsBetter(row.metric)) harm = {-harm.estimate, -harm.high, -harm.low};
    harm.limit = LimitOf(row.margin, row.scale);
    const bool interval = harm.low > 0 || harm.high < 0;
    // With too few runs no p can be small enough; what it looks like rests on the interval alone.
    harm.sure = interval && (IsSuggestive() || row.adjusted_p <= options_.alpha);
    return harm;
  }

  void DecideRow(const MetricData& data, MetricRow* row) const {
    if (!data.missing.empty()) {
      row->rule = fmt::format("{} measured no {}", data.missing, Name(row->metric));
      return;
    }
    const Harm harm = HarmOf(*row);
    const Decision decision = Decide(harm);
    row->verdict = row->leaning = decision.verdict;
    row->rule = decision.rule;
    if (IsSuggestive()) {
      row->verdict = Verdict::kSuggestive;
      row->rule = fmt::format("fewer than {} runs a side; {}", kMinRunsForVerdict, row->rule);
    }
    if (row->verdict == Verdict::kInconclusive || row->verdict == Verdict::kSuggestive)
      row->more_runs = MoreRuns(harm, *row);
  }

  // Until the interval leaves no change out, when the estimate is a change that matters; else
  // until it fits into the margin.
  std::optional<std::size_t> MoreRuns(const Harm& harm, const MetricRow& row) const {
    const double size = std::abs(harm.estimate);
    const double distance = size >= harm.limit / 2 ? size : harm.limit - size;
    const std::size_t have = std::min(a_.size(), b_.size());
    const std::optional<std::size_t> width =
        RunsForHalfWidth(std::max(distance, 0.0), KnownSpread(row), options_.alpha);
    if (!width) return std::nullopt;
    std::size_t needed = std::max(*width, kMinRunsForVerdict);
    while (row.primary && needed < kMostRuns && SmallestPermutationP(needed, needed) > AlphaOfOne())
      ++needed;
    return needed > have ? needed - have : 1;
  }

  void Conclude() {
    const auto any = [&](Verdict verdict) -> const MetricRow* {
      for (const MetricRow& row : result_.rows)
        if (row.primary && row.verdict == verdict) return &row;
      return nullptr;
    };
    // From the one that matters most.
    constexpr std::array kOrder = {Verdict::kWorse, Verdict::kSuggestive, Verdict::kInconclusive,
                                   Verdict::kBetter, Verdict::kSame};
    for (const Verdict verdict : kOrder) {
      if (const MetricRow* const row = any(verdict)) {
        End(verdict, fmt::format("{}: {}", Name(row->metric), row->rule));
        return;
      }
    }
  }

  void AddNotes() {
    for (const MetricRow& row : result_.rows)
      if (row.primary && row.thin)
        result_.notes.push_back(
            fmt::format("fewer than 10 samples lie beyond {} in at least one run: longer runs "
                        "would make it steadier",
                        Name(row.metric)));
    const double smallest = SmallestPermutationP(a_.size(), b_.size());
    const double needed = AlphaOfOne();
    if (!IsSuggestive() && smallest > needed)
      result_.notes.push_back(fmt::format(
          "with {} against {} runs no p is below {:.4f}, and {} primary metrics ask for {:.4f}: "
          "a single one of them cannot be called worse",
          a_.size(), b_.size(), smallest, tests_, needed));
  }

  std::span<const RunSample> given_a_;
  std::span<const RunSample> given_b_;
  CompareOptions options_;
  Runs a_;
  Runs b_;
  std::vector<MetricData> data_;  // beside result_.rows
  std::size_t tests_ = 1;         // primary metrics among which alpha is shared
  Comparison result_;
};

}  // namespace

std::string_view Name(Verdict verdict) {
  constexpr std::array<std::string_view, 8> kNames = {"better",       "same",        "worse",
                                                      "inconclusive", "suggestive",  "saturated",
                                                      "invalid",      "incomparable"};
  return kNames[static_cast<std::size_t>(verdict)];
}

double MarginOf(const MetricName& metric, const CompareOptions& options) {
  for (const std::string& name : {Name(metric), Family(metric)})
    if (const auto found = options.margin.find(name); found != options.margin.end())
      return found->second;
  switch (FactsOf(metric.kind).unit) {
    case MetricUnit::kPerSecond:
    case MetricUnit::kBytesPerSecond:
      return defaults::kMarginRate;
    case MetricUnit::kFraction:
      return defaults::kMarginErrors;
    case MetricUnit::kSeconds:
      return defaults::kMarginCpu;
    case MetricUnit::kNanoseconds:
      break;
  }
  const bool tail = metric.kind == MetricKind::kMax || (metric.kind == MetricKind::kPercentile &&
                                                        metric.percentile >= defaults::kTailFrom);
  return tail ? defaults::kMarginTail : defaults::kMarginMiddle;
}

Comparison Compare(std::span<const RunSample> a, std::span<const RunSample> b,
                   const CompareOptions& options) {
  return Comparer(a, b, options).Run();
}

}  // namespace mbench
