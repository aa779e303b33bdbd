// SPDX-License-Identifier: Apache-2.0
#include "reports/compare/verdict.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "harness/base/units.h"
#include "reports/compare/admission.h"
#include "reports/compare/claims.h"
#include "reports/compare/compare_options.h"
#include "reports/compare/holm.h"
#include "reports/compare/moments.h"
#include "reports/compare/odd_runs.h"
#include "reports/compare/permutation.h"
#include "reports/compare/power.h"
#include "reports/compare/sessions.h"

namespace mbench {
namespace {

// With fewer sessions than this a single run of B cannot be placed among the runs of A.
constexpr std::size_t kMinSessionsForOneRun = 5;
constexpr std::size_t kMinRunsForOneRun = 8;

// One metric of all compared runs.
struct MetricData {
  EffectSide a;
  EffectSide b;
  bool thin = false;
  std::string missing;  // the first run that has not measured it
  Effect effect;
  ClaimChances chances;

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

double VarianceOf(std::span<const float> noise) {
  double squares = 0;
  for (const float deviation : noise) squares += static_cast<double>(deviation) * deviation;
  return squares / static_cast<double>(noise.size());
}

void Gather(const RunPointers& runs, const MetricName& metric, EffectSide* side, MetricData* data) {
  std::size_t known = 0;
  for (const RunSample* run : runs) {
    const MetricSample* const sample = run->Find(metric);
    if (sample == nullptr) {
      if (data->missing.empty()) data->missing = run->Label();
      continue;
    }
    side->values.push_back(sample->value);
    data->thin = data->thin || sample->thin;
    if (sample->noise.empty()) continue;
    side->within += VarianceOf(sample->noise);
    ++known;
  }
  if (known > 0) side->within /= static_cast<double>(known);
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

std::vector<EffectSide> BySession(const EffectSide& side, std::span<const std::size_t> session,
                                  std::size_t sessions) {
  std::vector<EffectSide> split(sessions);
  for (EffectSide& one : split) one.within = side.within;
  for (std::size_t i = 0; i < session.size(); ++i)
    split[session[i]].values.push_back(side.values[i]);
  return split;
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
    if (!Admit(given_a_, given_b_, options_.compared, &a_, &b_, &result_)) {
      if (result_.forbidden.empty()) AddFigures();
      return std::move(result_);
    }
    design_ = DesignOf(a_, b_);
    MakeRows();
    CountTests();
    for (std::size_t i = 0; i < result_.rows.size(); ++i)
      if (result_.rows[i].measured) Estimate(&data_[i], &result_.rows[i]);
    Claim();
    for (std::size_t i = 0; i < result_.rows.size(); ++i) DecideRow(data_[i], &result_.rows[i]);
    Conclude();
    AddOddRuns();
    AddNotes();
    return std::move(result_);
  }

 private:
  // ---- figures without a verdict ----

  void AddFigures() {
    for (const auto& [given, runs] : {std::pair(given_a_, &a_), std::pair(given_b_, &b_)})
      if (runs->empty())
        for (const RunSample& run : given) runs->push_back(&run);
    if (a_.empty() || b_.empty()) return;
    MakeRows();
    for (std::size_t i = 0; i < result_.rows.size(); ++i) {
      MetricRow& row = result_.rows[i];
      if (!row.measured) continue;
      const double a = MeanOf(data_[i].a.values), b = MeanOf(data_[i].b.values);
      row.a = Shown(a, row.scale);
      row.b = Shown(b, row.scale);
      row.change = Shown(b - a, row.scale);
    }
    result_.figures = std::exchange(result_.rows, {});
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
    const bool measured = !data.a.values.empty() && !data.b.values.empty();
    if (options_.some_runs_lack && measured) data.missing.clear();
    if (!data.missing.empty() && !primary) return;
    MetricRow row;
    row.metric = metric;
    row.scale = ScaleOf(metric);
    row.primary = primary;
    row.thin = data.thin;
    row.margin = MarginOf(metric, options_);
    row.judged = row.margin;
    row.measured = data.missing.empty();
    result_.rows.push_back(std::move(row));
    data_.push_back(std::move(data));
  }

  // A primary metric that has one value in all runs of both sides, as errors mostly have, has it
  // however these are dealt out: no claim of it can be false, and it takes no share of alpha.
  bool IsTested(std::size_t row) const { return result_.rows[row].primary && data_[row].Varies(); }

  void CountTests() {
    std::size_t tests = 0;
    for (std::size_t i = 0; i < data_.size(); ++i) tests += IsTested(i) ? 1 : 0;
    tests_ = std::max<std::size_t>(tests, 1);
  }

  const KnownSpread* FloorOf(const MetricRow& row) const {
    const auto floor = options_.floor.find(Name(row.metric));
    return floor == options_.floor.end() ? nullptr : &floor->second;
  }

  // What the spread from session to session is where the runs do not tell.
  KnownSpread BetweenSessions(const MetricRow& row) const {
    const auto known = options_.sessions.find(Name(row.metric));
    if (known != options_.sessions.end()) return known->second;
    return {row.scale == MetricScale::kRatio ? kAssumedSessionSpread : 0};
  }

  Effect EffectOf(const MetricData& data, const MetricRow& row) const {
    if (design_.apart)
      return EffectOfSessions(BySession(data.a, design_.session_a, design_.sessions_a),
                              BySession(data.b, design_.session_b, design_.sessions_b),
                              BetweenSessions(row), FloorOf(row));
    if (options_.look) return AnytimeEffectOfRuns(data.a, data.b, design_.rounds);
    return EffectOfRuns(data.a, data.b, design_.rounds, FloorOf(row));
  }

  void Estimate(MetricData* data, MetricRow* row) const {
    Effect& effect = data->effect;
    effect = EffectOf(*data, *row);
    effect.anytime = options_.look;
    row->basis = effect.basis;
    row->a = Shown(effect.a, row->scale);
    row->b = Shown(effect.b, row->scale);
    row->change = Shown(effect.difference, row->scale);
    const double half = effect.HalfWidth(options_.alpha);
    row->low = Shown(effect.difference - half, row->scale);
    row->high = Shown(effect.difference + half, row->scale);
    const double sign = LowerIsBetter(row->metric) ? 1 : -1;
    const double one_sided = effect.HalfWidth(2 * options_.alpha);
    row->at_worst = Shown(effect.difference + sign * one_sided, row->scale);
    row->spread = PooledSpread(SquaresOf(data->a.values), data->a.values.size(),
                               SquaresOf(data->b.values), data->b.values.size());
    row->detectable = ShownChange(Visible(*data, *row, AlphaOf(*row)), row->scale);
    if (options_.judge_visible)
      row->judged =
          std::max(row->margin, ShownChange(Visible(*data, *row, 2 * options_.alpha), row->scale));
    data->chances = ChancesOf(effect, sign, LimitOf(row->judged, row->scale));
    const ClaimChances at_margin = ChancesOf(effect, sign, LimitOf(row->margin, row->scale));
    data->chances.worse = at_margin.worse;
    data->chances.better = at_margin.better;
    data->chances.not_better = at_margin.not_better;
    if (const double exact = PermutedP(*data); exact > data->chances.changed) {
      data->chances.changed = exact;
      data->chances.worse = std::max(data->chances.worse, exact / 2);
      data->chances.better = std::max(data->chances.better, exact / 2);
    }
    row->p = row->adjusted_p = data->chances.changed;
  }

  double AlphaOf(const MetricRow& row) const {
    return row.primary ? options_.alpha / static_cast<double>(tests_) : options_.alpha;
  }

  // The change that a test on this level finds in 9 of 10 cases. A few runs may lie close together
  // by luck; the host's floor, where it is known, does not.
  double Visible(const MetricData& data, const MetricRow& row, double alpha) const {
    const Effect& effect = data.effect;
    if (!effect.Known()) return std::numeric_limits<double>::infinity();
    constexpr double kPower90 = 1.2816;  // of the normal distribution
    const double seen = effect.HalfWidth(alpha) + kPower90 * effect.tests.back().error;
    const KnownSpread* const floor = FloorOf(row);
    if (floor == nullptr || std::min(a_.size(), b_.size()) < 2) return seen;
    return std::max(seen, SmallestDetectable(floor->deviation, a_.size(), b_.size(), alpha));
  }

  // Exact, where the runs may be dealt out to the sides freely and there are enough of them.
  double PermutedP(const MetricData& data) const {
    if (options_.look || FewestOf(data) < kMinRunsForVerdict) return 0;
    if (data.effect.basis == EffectBasis::kRuns)
      return PermutationP(data.a.values, data.b.values, options_.seed);
    if (data.effect.basis == EffectBasis::kTrimmed)
      return RankPermutationP(data.a.values, data.b.values, options_.seed);
    return 0;
  }

  // ---- claims ----

  // Corrected over the primary metrics: Holm of each kind of claim.
  void Claim() {
    const auto adjusted = [&](double ClaimChances::*chance) {
      std::vector<double> all;
      std::vector<double> tested;
      for (std::size_t i = 0; i < data_.size(); ++i) {
        all.push_back(data_[i].chances.*chance);
        if (IsTested(i)) tested.push_back(all.back());
      }
      tested = HolmAdjust(tested);
      auto next = tested.begin();
      for (std::size_t i = 0; i < data_.size(); ++i)
        if (IsTested(i)) all[i] = *next++;
      return all;
    };
    const std::vector<double> changed = adjusted(&ClaimChances::changed);
    const std::vector<double> worse = adjusted(&ClaimChances::worse);
    const std::vector<double> better = adjusted(&ClaimChances::better);
    for (std::size_t i = 0; i < data_.size(); ++i) {
      const ClaimChances& chances = data_[i].chances;
      Claims& claims = result_.rows[i].claims;
      result_.rows[i].adjusted_p = changed[i];
      claims.worse = worse[i] <= options_.alpha;
      claims.better = better[i] <= options_.alpha;
      claims.changed = changed[i] <= options_.alpha || claims.worse || claims.better;
      claims.not_worse = chances.not_worse <= options_.alpha;
      claims.not_better = chances.not_better <= options_.alpha;
    }
  }

  static std::size_t FewestOf(const MetricData& data) {
    return std::min(data.a.values.size(), data.b.values.size());
  }

  bool IsSuggestive(std::size_t fewest) const {
    if (options_.look) return fewest < kMinRunsForLook;
    const bool placed = design_.apart && b_.size() < kMinRunsForVerdict &&
                        design_.sessions_a >= kMinSessionsForOneRun &&
                        a_.size() >= kMinRunsForOneRun;
    return fewest < kMinRunsForVerdict && !placed;
  }

  void DecideRow(const MetricData& data, MetricRow* row) const {
    if (!data.missing.empty()) {
      row->rule = fmt::format("{} measured no {}", data.missing, Name(row->metric));
      return;
    }
    const double harm = data.effect.difference * (LowerIsBetter(row->metric) ? 1 : -1);
    ClaimVerdict decision = VerdictOf(row->claims, harm);
    row->verdict = row->leaning = decision.verdict;
    row->rule = std::move(decision.rule);
    if (IsSuggestive(FewestOf(data))) {
      row->verdict = Verdict::kSuggestive;
      row->rule = fmt::format("fewer than {} runs a side; {}",
                              options_.look ? kMinRunsForLook : kMinRunsForVerdict, row->rule);
    }
    if (row->verdict == Verdict::kInconclusive || row->verdict == Verdict::kChanged ||
        row->verdict == Verdict::kSuggestive)
      row->more_runs = MoreRuns(harm, FewestOf(data), *row);
  }

  // Until the interval is on one side of the margin. More runs of the same session tell nothing
  // about sessions.
  std::optional<std::size_t> MoreRuns(double harm, std::size_t have, const MetricRow& row) const {
    const double limit = LimitOf(row.judged, row.scale);
    if (design_.apart && !IsSuggestive(have)) return std::nullopt;
    const KnownSpread* const floor = FloorOf(row);
    const double spread = std::max(row.spread, floor == nullptr ? 0 : floor->deviation);
    const std::optional<std::size_t> width =
        RunsForHalfWidth(std::abs(harm - limit), spread, 2 * options_.alpha);
    if (!width) return std::nullopt;
    const std::size_t needed = std::max(*width, kMinRunsForVerdict);
    return needed > have ? needed - have : 1;
  }

  void Conclude() {
    const auto any = [&](Verdict verdict) -> const MetricRow* {
      for (const MetricRow& row : result_.rows)
        if (row.primary && row.verdict == verdict) return &row;
      return nullptr;
    };
    // From the one that matters most; a single metric that is only not worse keeps the others from
    // being the same, and one that is better makes the whole better.
    constexpr std::array kOrder = {Verdict::kWorse,        Verdict::kSuggestive, Verdict::kChanged,
                                   Verdict::kInconclusive, Verdict::kBetter,     Verdict::kNotWorse,
                                   Verdict::kSame};
    for (const Verdict verdict : kOrder) {
      if (const MetricRow* const row = any(verdict)) {
        result_.verdict = verdict;
        result_.reason = fmt::format("{}: {}", Name(row->metric), row->rule);
        return;
      }
    }
  }

  // ---- what to keep in mind ----

  void AddOddRuns() {
    for (std::size_t i = 0; i < data_.size(); ++i) {
      const MetricRow& row = result_.rows[i];
      if (!row.primary || !row.measured) continue;
      AddOdd(row, data_[i].effect.outliers_a, 'A', a_);
      AddOdd(row, data_[i].effect.outliers_b, 'B', b_);
    }
  }

  void AddOdd(const MetricRow& row, std::span<const std::size_t> outliers, char side,
              const RunPointers& runs) {
    for (const std::size_t index : outliers) {
      OddRun odd = DescribeOddRun(row.metric, runs, index);
      odd.side = side;
      odd.trimmed = row.basis == EffectBasis::kTrimmed;
      odd.run = runs[index]->Label();
      result_.odd.push_back(std::move(odd));
    }
  }

  void AddNotes() {
    for (const MetricRow& row : result_.rows)
      if (row.primary && row.thin)
        result_.notes.push_back(
            fmt::format("fewer than 10 samples lie beyond {} in at least one run: longer runs "
                        "would make it steadier",
                        Name(row.metric)));
    if (design_.apart) result_.notes.push_back(NoteOnSessions());
    const double smallest = SmallestPermutationP(a_.size(), b_.size());
    const double needed = options_.alpha / static_cast<double>(tests_);
    const bool permuted = result_.rows[0].basis == EffectBasis::kRuns && !options_.look;
    if (permuted && std::min(a_.size(), b_.size()) >= kMinRunsForVerdict && smallest > needed)
      result_.notes.push_back(fmt::format(
          "with {} against {} runs no p is below {:.4f}, and {} primary metrics ask for {:.4f}: "
          "a single one of them cannot be called worse",
          a_.size(), b_.size(), smallest, tests_, needed));
  }

  std::string NoteOnSessions() const {
    const std::string apart = fmt::format(
        "the sides were measured one after the other, in {} and {} sessions; what "
        "differs between sessions is part of the intervals: ",
        design_.sessions_a, design_.sessions_b);
    if (design_.sessions_a > 1 || design_.sessions_b > 1)
      return apart + "how much, these sessions tell";
    for (const MetricRow& row : result_.rows) {
      if (!row.primary || row.scale != MetricScale::kRatio) continue;
      const KnownSpread between = BetweenSessions(row);
      if (options_.sessions.contains(Name(row.metric)))
        return apart + fmt::format("{} from one to the next for {}, as was calibrated",
                                   FormatPercent(between.deviation), Name(row.metric));
      return apart + fmt::format(
                         "{} from one to the next is assumed, for nothing is known of this "
                         "host; measure both in turns, save a baseline of several "
                         "sessions, or calibrate with --sessions",
                         FormatPercent(between.deviation));
    }
    return apart + "nothing for these metrics";
  }

  std::span<const RunSample> given_a_;
  std::span<const RunSample> given_b_;
  CompareOptions options_;
  RunPointers a_;
  RunPointers b_;
  Design design_;
  std::vector<MetricData> data_;  // beside result_.rows
  std::size_t tests_ = 1;         // primary metrics among which alpha is shared
  Comparison result_;
};

}  // namespace

bool IsOpen(const Comparison& comparison) {
  if (comparison.verdict == Verdict::kWorse) return false;
  if (comparison.verdict == Verdict::kSuggestive) return true;
  return std::ranges::any_of(comparison.rows, [](const MetricRow& row) {
    return row.primary && (row.verdict == Verdict::kInconclusive ||
                           row.verdict == Verdict::kChanged || row.verdict == Verdict::kSuggestive);
  });
}

Comparison Compare(std::span<const RunSample> a, std::span<const RunSample> b,
                   const CompareOptions& options) {
  return Comparer(a, b, options).Run();
}

}  // namespace mbench
