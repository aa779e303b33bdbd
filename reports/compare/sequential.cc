// SPDX-License-Identifier: Apache-2.0
#include "reports/compare/sequential.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "harness/base/check.h"
#include "harness/base/units.h"
#include "harness/stats/distributions.h"

namespace mbench {
namespace {

constexpr int kPoints = 161;     // of the grid; odd, for Simpson's rule
constexpr double kHighestZ = 8;  // beyond which nothing is ever seen

double UpperTail(double z) { return 0.5 * std::erfc(z / std::numbers::sqrt2); }

// Of both sides together; each has half of alpha.
double Spent(double information, double alpha) {
  const double z = boost::math::quantile(boost::math::normal(), 1 - alpha / 4);
  return 4 * UpperTail(z / std::sqrt(information));
}

// The sum of all that was seen, a Brownian motion at time `information`, as far as no bound was
// crossed before: its density on a grid within the last bound.
class Survivors {
 public:
  // Probability to cross `bound` at `step` time after the last look, and not before.
  double Crossing(double bound, double step) const {
    if (density_.empty()) return 2 * UpperTail(bound / std::sqrt(step));
    const double scale = std::sqrt(step);
    return Integrate([&](double at) {
      return UpperTail((bound - at) / scale) + UpperTail((bound + at) / scale);
    });
  }

  void Advance(double bound, double step) {
    const double scale = std::sqrt(step);
    const auto normal = [&](double distance) {
      const double z = distance / scale;
      return std::exp(-z * z / 2) / (scale * std::sqrt(2 * std::numbers::pi));
    };
    std::vector<double> next(kPoints);
    for (int i = 0; i < kPoints; ++i) {
      const double to = bound * (2.0 * i / (kPoints - 1) - 1);
      next[static_cast<std::size_t>(i)] =
          density_.empty() ? normal(to) : Integrate([&](double from) { return normal(to - from); });
    }
    density_ = std::move(next);
    bound_ = bound;
  }

 private:
  // Of density times f, by Simpson's rule.
  template <class Function>
  double Integrate(Function f) const {
    double sum = 0;
    for (int i = 0; i < kPoints; ++i) {
      const double weight = i == 0 || i == kPoints - 1 ? 1 : i % 2 == 1 ? 4 : 2;
      sum += weight * density_[static_cast<std::size_t>(i)] *
             f(bound_ * (2.0 * i / (kPoints - 1) - 1));
    }
    return sum * 2 * bound_ / (kPoints - 1) / 3;
  }

  std::vector<double> density_;  // empty: before the first look
  double bound_ = 0;
};

// The z that spends `error` at this look.
double BoundFor(const Survivors& survivors, double error, double now, double step) {
  double low = 0;
  double high = kHighestZ;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (survivors.Crossing(middle * std::sqrt(now), step) > error ? low : high) = middle;
  }
  return high;
}

}  // namespace

std::vector<double> SequentialBounds(std::span<const double> information, double alpha) {
  std::vector<double> bounds;
  Survivors survivors;
  double before = 0;
  double spent = 0;
  for (const double now : information) {
    MB_CHECK(now > before && now <= 1, "look at {} after {}", now, before);
    const double may_spend = Spent(now, alpha);
    const double bound = BoundFor(survivors, may_spend - spent, now, now - before);
    survivors.Advance(bound * std::sqrt(now), now - before);
    bounds.push_back(bound);
    before = now;
    spent = may_spend;
  }
  return bounds;
}

std::vector<double> LookLevels(std::span<const double> information, double alpha) {
  std::vector<double> levels = SequentialBounds(information, alpha);
  for (double& level : levels) level = 2 * UpperTail(level);
  return levels;
}

std::vector<std::size_t> PlanLooks(std::size_t most, std::size_t step) {
  std::vector<std::size_t> looks;
  for (std::size_t runs = kMinRunsForVerdict; runs < most; runs += std::max<std::size_t>(step, 1))
    looks.push_back(runs);
  looks.push_back(std::max(most, kMinRunsForVerdict));
  return looks;
}

Comparison CompareAtLook(std::span<const RunSample> a, std::span<const RunSample> b,
                         std::span<const std::size_t> looks, std::size_t look,
                         const CompareOptions& options) {
  MB_CHECK(look < looks.size(), "look {} of {}", look, looks.size());
  std::vector<double> information;
  for (const std::size_t runs : looks)
    information.push_back(static_cast<double>(runs) / static_cast<double>(looks.back()));
  CompareOptions at_look = options;
  at_look.alpha = LookLevels(information, options.alpha)[look];
  Comparison comparison = Compare(a, b, at_look);
  comparison.notes.push_back(
      fmt::format("look {} of {} at growing data; of an error of {} this one may spend {:.3g}",
                  look + 1, looks.size(), FormatPercent(options.alpha), at_look.alpha));
  return comparison;
}

bool IsOpen(const Comparison& comparison) {
  if (comparison.verdict == Verdict::kWorse) return false;
  return std::ranges::any_of(comparison.rows, [](const MetricRow& row) {
    return row.primary &&
           (row.verdict == Verdict::kInconclusive || row.verdict == Verdict::kSuggestive);
  });
}

}  // namespace mbench
