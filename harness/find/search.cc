// SPDX-License-Identifier: Apache-2.0
#include "harness/find/search.h"

#include <algorithm>
#include <cmath>

namespace mbench {
namespace {

// So much of the belief may lie beyond each end of an interval.
constexpr double kDoubt = 0.025;
// A bound that narrows the search may be less certain than one that is an answer.
constexpr double kSomeDoubt = 0.1;
constexpr std::size_t kRunsBelow = 3;
// One where margins say how far away it is; two where all that is known is that it broke.
constexpr std::size_t kRunsAbove = 1, kRunsAboveCliff = 2;
// An interval and its distance from the limit: less, and three runs in a row would seldom hold.
constexpr double kErrorsAway = 1.9;
constexpr double kWidest = 1.5;  // half of an interval at first, of the width that is wanted
constexpr double kWidenedBy = 1.15;
constexpr double kWideBracket = 1.3;  // as long as it is wider than this, scouts are enough
constexpr std::size_t kUncountedInARow = 3;
constexpr double kEdge = 0.2;  // of a bracket: so near to its ends no probe is made
constexpr double kSoNear =
    1.25;  // above a probe that was not settled: what broke there is doubtful
constexpr double kNearCeiling = 1.1;
// Margins beyond it say nothing of the place of the limit.
constexpr double kLineMargin = 4;
constexpr double kLineError = 1;

// Numbers that people can read: four digits.
double Rounded(double level) {
  const double unit = std::pow(10, std::floor(std::log10(level)) - 3);
  return std::round(level / unit) * unit;
}

// Of a least-squares line through (level, margin).
struct LineSums {
  double w = 0, x = 0, y = 0, xx = 0, xy = 0, error = 0;
  std::size_t held = 0, broke = 0;

  void Add(double level, const Probe& probe) {
    const double weight =
        std::exp(-probe.margin * probe.margin) / (probe.margin_error * probe.margin_error + 0.0025);
    w += weight, x += weight * level, y += weight * probe.margin;
    xx += weight * level * level, xy += weight * level * probe.margin;
    // A scout's window is a quarter of one that counts in the end.
    error += weight * probe.margin_error / (probe.scout ? 2 : 1);
    ++(probe.Held() ? held : broke);
  }
  double Slope() const { return (xy - x * y / w) / (xx - x * x / w); }
  double Root() const { return x / w - y / w / Slope(); }
};

}  // namespace

void CapacitySearch::Add(const Probe& probe) {
  if (probe.Counts() && !probe.scout) {
    const std::optional<Bounds> target = Target();
    const bool contradicts =
        target && (probe.Held() ? probe.level >= target->high : probe.level <= target->low);
    if (contradicts) widened_ *= kWidenedBy;
  }
  // What broke before the warm-up was known to be too short may have broken for that.
  if (probe.end == ProbeEnd::kUnsettled)
    for (Probe& earlier : probes_)
      if (earlier.end == ProbeEnd::kBreaks && earlier.level < kSoNear * probe.level)
        earlier.end = ProbeEnd::kUnsettled;
  probes_.push_back(probe);
  belief_ = CapacityBelief(probes_);
}

std::optional<NextProbe> CapacitySearch::Next() const {
  if (!probes_.empty() && probes_.back().end == ProbeEnd::kDied) return std::nullopt;
  if (InARow(ProbeEnd::kHost) >= kUncountedInARow || Counted() >= options_.most_probes ||
      probes_.size() >= 3 * options_.most_probes || Confirmed().Both())
    return std::nullopt;
  if (probes_.empty()) return At(options_.start, true);
  const Probe& last = probes_.back();
  if (last.end == ProbeEnd::kHost || last.end == ProbeEnd::kUnsettled)
    return NextProbe{last.level, last.scout};

  const Probe* highest = nullptr;
  const Probe* lowest = nullptr;
  for (const Probe& probe : probes_) {
    if (!probe.Counts()) continue;
    if (highest == nullptr || probe.level > highest->level) highest = &probe;
    if (lowest == nullptr || probe.level < lowest->level) lowest = &probe;
  }
  if (lowest == nullptr) return At(last.level / 2, true);  // only the load generator's limit so far
  const Bounds sure = Confident();
  if (sure.low <= 0) return Lower(*lowest);
  if (sure.high <= 0) return Raise(*highest);
  return Narrow(sure);
}

CapacityInterval CapacitySearch::Answer() const {
  const Bounds seen = Seen();
  if (!probes_.empty() && probes_.back().end == ProbeEnd::kDied)
    return {SearchEnd::kDied, seen.low, probes_.back().level};
  if (Counted() == 0)
    return {probes_.empty() ? SearchEnd::kNothing : SearchEnd::kHost, 0, Ceiling()};
  if (const Bounds found = Confirmed(); found.Both())
    return {SearchEnd::kFound, found.low, found.high};
  if (seen.low <= 0)
    return {seen.high <= options_.lowest ? SearchEnd::kNeverHolds : SearchEnd::kNothing, 0,
            seen.high};
  if (seen.high <= 0) return {SearchEnd::kAtLeast, seen.low, 0};
  return {SearchEnd::kWide, Rounded(belief_.Quantile(kDoubt)),
          Rounded(belief_.Quantile(1 - kDoubt))};
}

// ---- what is known ----

std::size_t CapacitySearch::Counted() const {
  return static_cast<std::size_t>(std::ranges::count_if(probes_, &Probe::Counts));
}

std::size_t CapacitySearch::InARow(ProbeEnd end) const {
  const auto other = std::find_if(probes_.rbegin(), probes_.rend(),
                                  [&](const Probe& probe) { return probe.end != end; });
  return static_cast<std::size_t>(other - probes_.rbegin());
}

std::size_t CapacitySearch::Count(double level, ProbeEnd end) const {
  return static_cast<std::size_t>(std::ranges::count_if(probes_, [&](const Probe& probe) {
    return probe.level == level && probe.end == end && !probe.scout;
  }));
}

double CapacitySearch::Ceiling() const {
  double ceiling = 0;
  for (const Probe& probe : probes_)
    if (probe.end == ProbeEnd::kGenerator && (ceiling == 0 || probe.level < ceiling))
      ceiling = probe.level;
  return ceiling;
}

CapacitySearch::Bounds CapacitySearch::Seen() const {
  Bounds seen;
  for (const Probe& probe : probes_) {
    if (!probe.Counts()) continue;
    if (probe.Held())
      seen.low = std::max(seen.low, probe.level);
    else if (seen.high == 0 || probe.level < seen.high)
      seen.high = probe.level;
  }
  return seen;
}

CapacitySearch::Bounds CapacitySearch::Confident() const {
  Bounds sure;
  for (const Probe& probe : probes_) {
    if (!probe.Counts()) continue;
    const double below = belief_.MassBelow(probe.level);
    if (probe.Held() && below < kSomeDoubt) sure.low = std::max(sure.low, probe.level);
    if (!probe.Held() && 1 - below < kSomeDoubt && (sure.high == 0 || probe.level < sure.high))
      sure.high = probe.level;
  }
  return sure;
}

CapacitySearch::Bounds CapacitySearch::Confirmed() const {
  Bounds found;
  for (const Probe& probe : probes_) {
    if (!probe.Counts()) continue;
    const double level = probe.level;
    const double below = belief_.MassBelow(level);
    if (probe.Held() && level > found.low && below <= kDoubt &&
        Count(level, ProbeEnd::kHolds) >= kRunsBelow && Count(level, ProbeEnd::kBreaks) == 0)
      found.low = level;
    if (!probe.Held() && (found.high == 0 || level < found.high) && 1 - below <= kDoubt &&
        Count(level, ProbeEnd::kBreaks) >= RunsAbove() && Count(level, ProbeEnd::kHolds) == 0)
      found.high = level;
  }
  if (!found.Both() || found.low >= found.high) return {};
  const std::optional<Bounds> target = Target();
  const double wanted = target ? target->high / target->low - 1 : options_.width;
  return IsNarrow(found, std::max(options_.width, 1.1 * wanted)) ? found : Bounds{};
}

std::size_t CapacitySearch::RunsAbove() const {
  return FitLine(Confident()) ? kRunsAbove : kRunsAboveCliff;
}

bool CapacitySearch::IsNarrow(const Bounds& bounds, double width) const {
  return bounds.high / bounds.low - 1 <= width || (options_.whole && bounds.high - bounds.low <= 1);
}

// ---- bracket ----

std::optional<NextProbe> CapacitySearch::Raise(const Probe& highest) const {
  if (options_.highest > 0 && highest.level >= options_.highest) return std::nullopt;
  const double factor = !highest.Held()      ? 1.15
                        : highest.margin > 2 ? 4
                        : highest.margin > 1 ? 2
                                             : 1.25;
  return At(highest.level * factor, true);
}

std::optional<NextProbe> CapacitySearch::Lower(const Probe& lowest) const {
  if (lowest.level <= options_.lowest) return std::nullopt;
  if (lowest.Held()) return At(lowest.level * 0.85, true);
  // What an overloaded system answers is a good guess of what it can do.
  if (lowest.answered_per_s > 0 && lowest.answered_per_s < 0.9 * lowest.level)
    return At(std::min(0.8 * lowest.answered_per_s, lowest.level / 2), true);
  return At(lowest.level / (lowest.margin < -3 ? 4 : 2), true);
}

// ---- narrow and confirm ----

std::optional<NextProbe> CapacitySearch::Narrow(const Bounds& within) const {
  if (const std::optional<Bounds> target = Target()) return Confirm(*target);
  double level = belief_.Quantile(0.5);
  // An overloaded system does not answer more than it can do. At the edge of what is known this
  // tells nothing new.
  const double edge = std::pow(within.high / within.low, kEdge);
  const auto is_inside = [&](double at) {
    return at > within.low * edge && at < within.high / edge;
  };
  const double able = MostAnswered();
  for (const double part : {1.03, 0.9})
    if (able > 0 && is_inside(part * able)) level = part * able;
  level = std::clamp(level, within.low * edge, within.high / edge);
  return At(level, within.high / within.low > kWideBracket);
}

std::optional<CapacitySearch::Bounds> CapacitySearch::Target() const {
  const Bounds sure = Confident();
  if (!sure.Both()) return std::nullopt;
  if (IsNarrow(sure, options_.width * widened_)) return sure;
  const std::optional<Line> line = FitLine(sure);
  if (!line) return std::nullopt;
  const double half = HalfWidth(*line);
  const double root = line->root;
  const Bounds fresh = {Rounded(root * (1 - half)), Rounded(root * (1 + half))};
  Bounds target = {
      Snap(fresh.low, root * (1 - 1.7 * half), root * (1 - 0.4 * half), ProbeEnd::kHolds),
      Snap(fresh.high, root * (1 + 0.4 * half), root * (1 + 1.7 * half), ProbeEnd::kBreaks)};
  // Both may have snapped outwards.
  if (target.high - target.low > 2.2 * half * root) {
    if (root - target.low > target.high - root)
      target.low = fresh.low;
    else
      target.high = fresh.high;
  }
  return target;
}

double CapacitySearch::HalfWidth(const Line& line) const {
  return std::clamp(kErrorsAway * line.error, 0.43 * options_.width, kWidest * options_.width) *
         widened_;
}

// A level that was probed with this end and no other, in from..to: the one with most such probes.
double CapacitySearch::Snap(double level, double from, double to, ProbeEnd end) const {
  double best = level;
  std::size_t most = 0;
  for (const Probe& probe : probes_) {
    if (probe.end != end || probe.scout || probe.level < from || probe.level > to) continue;
    const ProbeEnd other = end == ProbeEnd::kHolds ? ProbeEnd::kBreaks : ProbeEnd::kHolds;
    const std::size_t count = Count(probe.level, end);
    if (Count(probe.level, other) > 0 || count < most) continue;
    if (count == most && std::abs(probe.level - level) >= std::abs(best - level)) continue;
    best = probe.level;
    most = count;
  }
  return best;
}

std::optional<CapacitySearch::Line> CapacitySearch::FitLine(const Bounds& within) const {
  LineSums sums;
  for (const Probe& probe : probes_)
    if (probe.Counts() && std::abs(probe.margin) < kLineMargin && probe.margin_error > 0 &&
        probe.margin_error < kLineError)
      sums.Add(probe.level, probe);
  if (sums.held == 0 || sums.broke == 0 || sums.xx - sums.x * sums.x / sums.w <= 0)
    return std::nullopt;
  const double slope = sums.Slope();
  if (!(slope < 0)) return std::nullopt;
  const double root = sums.Root();
  if (root < within.low || root > within.high) return std::nullopt;
  return Line{root, sums.error / sums.w / -slope / root};
}

double CapacitySearch::MostAnswered() const {
  double most = 0;
  for (const Probe& probe : probes_)
    if (probe.end == ProbeEnd::kBreaks && probe.answered_per_s < 0.95 * probe.level)
      most = std::max(most, probe.answered_per_s);
  return most;
}

std::optional<NextProbe> CapacitySearch::Confirm(const Bounds& target) const {
  const std::size_t held = Count(target.low, ProbeEnd::kHolds);
  const std::size_t broke = Count(target.high, ProbeEnd::kBreaks);
  // From both sides in turns: a line through probes of one side says little of the other.
  const bool from_above = !probes_.empty() && probes_.back().Held();
  if (held == 0 && (broke > 0 || !from_above)) return At(target.low, false);
  if (broke < RunsAbove()) return At(target.high, false);
  if (held < kRunsBelow) return At(target.low, false);
  const double doubt_low = belief_.MassBelow(target.low);
  const double doubt_high = 1 - belief_.MassBelow(target.high);
  return At(doubt_low > doubt_high ? target.low : target.high, false);
}

std::optional<NextProbe> CapacitySearch::At(double level, bool scout) const {
  level = std::max(level, options_.lowest);
  if (options_.highest > 0) level = std::min(level, options_.highest);
  level = options_.whole ? std::max(1.0, std::round(level)) : Rounded(level);
  const double ceiling = Ceiling();
  if (ceiling <= 0 || level < ceiling) return NextProbe{level, scout};
  const double held = Seen().low;
  if (held > 0 && ceiling / held < kNearCeiling) return std::nullopt;
  if (InARow(ProbeEnd::kGenerator) > 2 * kUncountedInARow) return std::nullopt;
  return At(held > 0 ? std::sqrt(held * ceiling) : ceiling / 2, true);
}

}  // namespace mbench
