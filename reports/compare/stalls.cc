// SPDX-License-Identifier: Apache-2.0
#include "reports/compare/stalls.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "reports/compare/moments.h"

namespace mbench {
namespace {

constexpr std::size_t kLeastBins = 600;
constexpr std::size_t kAround = 60;      // bins whose median is the usual
constexpr double kFar = 2.5;             // standard deviations
constexpr double kLeastStep = 0.1823;    // log of 1.2
constexpr double kMostTime = 0.3;        // in excursions: more is no stall but another level
constexpr std::size_t kLeastStalls = 6;  // turns
constexpr double kLeastBinsOfPeriod = 8;
constexpr double kWindow = 0.05;  // of a period, in which a stall counts as on time
constexpr double kLeastWindowBins = 2;
constexpr double kLeastOnTime = 0.6;  // of the turns
constexpr double kToSigma = 1.4826;   // from the median deviation, of a normal distribution
constexpr double kTiny = 1e-3;        // of the usual: stands for nothing at all

struct Excursion {
  std::size_t begin = 0, end = 0;  // bins
};

struct Schedule {
  double period = 0, begin = 0;  // in bins; begin of the window
  double width = 0;
  double log_chance = 0;  // of one like it by chance
};

double NothingKnown() { return std::numeric_limits<double>::quiet_NaN(); }

// Logarithms over what is usual around them, stalls upwards.
std::vector<double> Deviations(std::span<const double> values, StallSide side) {
  std::vector<double> known;
  for (const double value : values)
    if (std::isfinite(value)) known.push_back(value);
  if (known.size() < kLeastBins) return {};
  const double usual = MedianOf(known);
  if (usual <= 0) return {};
  const double sign = side == StallSide::kUp ? 1 : -1;
  std::vector<double> deviations(values.size(), NothingKnown());
  for (std::size_t begin = 0; begin < values.size(); begin += kAround) {
    const std::size_t end = std::min(begin + kAround, values.size());
    // The last ones are judged with those before them.
    const std::size_t first =
        values.size() < kAround ? 0 : std::min(begin, values.size() - kAround);
    std::vector<double> around;
    for (std::size_t i = first; i < end; ++i)
      if (std::isfinite(values[i])) around.push_back(std::log(std::max(values[i], usual * kTiny)));
    if (around.empty()) continue;
    const double middle = MedianOf(around);
    for (std::size_t i = begin; i < end; ++i)
      if (std::isfinite(values[i]))
        deviations[i] = sign * (std::log(std::max(values[i], usual * kTiny)) - middle);
  }
  return deviations;
}

// A bin between two that are far away belongs to them.
std::vector<Excursion> ExcursionsOf(const std::vector<double>& deviations) {
  std::vector<double> sizes;
  for (const double deviation : deviations)
    if (std::isfinite(deviation)) sizes.push_back(std::abs(deviation));
  if (sizes.empty()) return {};
  const double far = std::max(kFar * kToSigma * MedianOf(sizes), kLeastStep);
  std::vector<Excursion> all;
  std::size_t bins = 0;
  for (std::size_t i = 0; i < deviations.size(); ++i) {
    if (!(deviations[i] > far)) continue;
    ++bins;
    if (!all.empty() && i <= all.back().end + 1)
      all.back().end = i + 1;
    else
      all.push_back({i, i + 1});
  }
  if (static_cast<double>(bins) > kMostTime * static_cast<double>(sizes.size())) return {};
  return all;
}

// Chernoff's bound of h or more of c when each has the chance q.
double LogChance(double h, double c, double q) {
  const double part = h / c;
  if (part <= q) return 0;
  double kl = part * std::log(part / q);
  if (part < 1) kl += (1 - part) * std::log((1 - part) / (1 - q));
  return -c * kl;
}

// Looks for the schedule that the excursions keep best.
class ScheduleFinder {
 public:
  ScheduleFinder(const std::vector<Excursion>& excursions, std::size_t bins)
      : excursions_(excursions), bins_(static_cast<double>(bins)) {}

  // In bins. The step is so small that no stall leaves its window over the whole series.
  Schedule Best() {
    const double longest = bins_ / static_cast<double>(kLeastStalls);
    double period = kLeastBinsOfPeriod;
    while (period <= longest) {
      const double width = std::max(kWindow * period, kLeastWindowBins);
      Try(period, width);
      period *= 1 + width / bins_ / 2;
    }
    best_.log_chance += std::log(std::max(tried_, 1.0));
    return best_;
  }

 private:
  // Windows begin at every half of their width.
  void Try(double period, double width) {
    const auto windows = static_cast<std::size_t>(std::ceil(2 * period / width));
    const double step = period / static_cast<double>(windows);
    hits_.assign(windows, 0);
    last_turn_.assign(windows, -1);
    for (const Excursion& excursion : excursions_) {
      const auto at = static_cast<double>(excursion.begin) + 0.5;
      const auto place = static_cast<std::ptrdiff_t>(std::floor(at / step));
      for (std::ptrdiff_t window = std::max<std::ptrdiff_t>(place - 1, 0); window <= place;
           ++window)
        Hit(static_cast<std::size_t>(window));
    }
    tried_ += static_cast<double>(windows);
    const double turns = std::floor(bins_ / period);
    const double q = 1 - std::exp(-static_cast<double>(excursions_.size()) * 2 * step / bins_);
    const auto most = std::ranges::max_element(hits_);
    const double hits = std::min(*most, turns);
    if (hits < static_cast<double>(kLeastStalls) || hits < kLeastOnTime * turns) return;
    const double chance = LogChance(hits, turns, q);
    if (chance >= best_.log_chance) return;
    best_ = {.period = period,
             .begin = static_cast<double>(most - hits_.begin()) * step,
             .width = 2 * step,
             .log_chance = chance};
  }

  // `window`: counted on from turn to turn.
  void Hit(std::size_t window) {
    const std::size_t phase = window % hits_.size();
    const auto turn = static_cast<std::ptrdiff_t>(window / hits_.size());
    if (last_turn_[phase] == turn) return;
    last_turn_[phase] = turn;
    ++hits_[phase];
  }

  const std::vector<Excursion>& excursions_;
  const double bins_;
  Schedule best_;
  double tried_ = 0;
  std::vector<double> hits_;
  std::vector<std::ptrdiff_t> last_turn_;
};

// By turn, those that keep the schedule.
std::vector<std::pair<double, Excursion>> OnTime(const std::vector<Excursion>& excursions,
                                                 const Schedule& schedule) {
  std::vector<std::pair<double, Excursion>> kept;
  for (const Excursion& excursion : excursions) {
    const double at = static_cast<double>(excursion.begin) + 0.5 - schedule.begin;
    const double turn = std::floor(at / schedule.period);
    if (at - turn * schedule.period >= schedule.width) continue;
    if (kept.empty() || kept.back().first < turn) kept.emplace_back(turn, excursion);
  }
  return kept;
}

// The slope of begins over turns.
double PeriodOf(const std::vector<std::pair<double, Excursion>>& kept) {
  const auto n = static_cast<double>(kept.size());
  double turns = 0, begins = 0, products = 0, squares = 0;
  for (const auto& [turn, excursion] : kept) {
    turns += turn / n;
    begins += static_cast<double>(excursion.begin) / n;
  }
  for (const auto& [turn, excursion] : kept) {
    products += (turn - turns) * (static_cast<double>(excursion.begin) - begins);
    squares += (turn - turns) * (turn - turns);
  }
  return products / squares;
}

StallTrain Describe(std::span<const double> values, double bin_s, StallSide side,
                    const std::vector<Excursion>& excursions, const Schedule& schedule) {
  const auto kept = OnTime(excursions, schedule);
  StallTrain train;
  const double period = PeriodOf(kept);
  train.period_s = period * bin_s;
  train.times = kept.size();
  const auto before = std::floor(static_cast<double>(kept.front().second.begin) / period);
  const auto behind =
      std::floor(static_cast<double>(values.size() - 1 - kept.back().second.begin) / period);
  train.turns =
      static_cast<std::size_t>(kept.back().first - kept.front().first + 1 + before + behind);
  std::vector<double> lengths, farthest, usual;
  for (const auto& [turn, excursion] : kept) {
    train.at_s.push_back(static_cast<double>(excursion.begin) * bin_s);
    lengths.push_back(static_cast<double>(excursion.end - excursion.begin) * bin_s);
    double far = NothingKnown();
    for (std::size_t i = excursion.begin; i < excursion.end; ++i)
      far = side == StallSide::kUp ? std::fmax(far, values[i]) : std::fmin(far, values[i]);
    farthest.push_back(far);
  }
  std::size_t next = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    while (next < excursions.size() && excursions[next].end <= i) ++next;
    const bool inside = next < excursions.size() && excursions[next].begin <= i;
    if (!inside && std::isfinite(values[i])) usual.push_back(values[i]);
  }
  train.length_s = MedianOf(lengths);
  train.reached = MedianOf(farthest);
  train.usual = MedianOf(usual);
  return train;
}

// Means of the windows of `width` bins from `begin` on; NaN where nothing is known.
std::vector<double> WindowMeans(std::span<const double> values, std::size_t begin,
                                std::size_t width, std::size_t windows) {
  std::vector<double> means;
  for (std::size_t window = 0; window < windows; ++window) {
    double sum = 0, count = 0;
    for (std::size_t i = begin + window * width; i < begin + (window + 1) * width; ++i) {
      if (i >= values.size() || !std::isfinite(values[i])) continue;
      sum += values[i];
      ++count;
    }
    means.push_back(count > 0 ? sum / count : NothingKnown());
  }
  return means;
}

}  // namespace

std::optional<StallTrain> FindStalls(std::span<const double> values, double bin_s, StallSide side,
                                     double error_rate) {
  const std::vector<Excursion> excursions = ExcursionsOf(Deviations(values, side));
  if (excursions.size() < kLeastStalls) return std::nullopt;
  const Schedule best = ScheduleFinder(excursions, values.size()).Best();
  if (best.period == 0 || best.log_chance > std::log(error_rate)) return std::nullopt;
  return Describe(values, bin_s, side, excursions, best);
}

std::optional<MovesWith> HowItMoves(std::span<const double> values, double bin_s,
                                    const StallTrain& stalls) {
  const auto width = static_cast<std::size_t>(std::round(stalls.length_s / bin_s)) + 2;
  const auto windows =
      static_cast<std::size_t>(stalls.period_s / bin_s / static_cast<double>(width));
  if (windows < 3) return std::nullopt;
  double ranks = 0, variance = 0, inside = 0, outside = 0, turns = 0;
  for (const double at_s : stalls.at_s) {
    const auto begin = static_cast<std::size_t>(std::max(at_s / bin_s - 1, 0.0));
    if (begin + windows * width > values.size()) continue;
    const std::vector<double> means = WindowMeans(values, begin, width, windows);
    if (std::ranges::any_of(means, [](double mean) { return !std::isfinite(mean); })) continue;
    double rank = 0, rest = 0;  // of the first; half of those that are equal are below it
    for (std::size_t i = 1; i < means.size(); ++i) {
      rank += means[i] < means[0] ? 1 : means[i] == means[0] ? 0.5 : 0;
      rest += means[i] / static_cast<double>(means.size() - 1);
    }
    const auto n = static_cast<double>(windows);
    ranks += rank - (n - 1) / 2;
    variance += (n * n - 1) / 12;
    inside += means[0];
    outside += rest;
    ++turns;
  }
  if (turns < static_cast<double>(kLeastStalls)) return std::nullopt;
  return MovesWith{.inside = inside / turns,
                   .outside = outside / turns,
                   .standard_errors = ranks / std::sqrt(variance)};
}

}  // namespace mbench
