// SPDX-License-Identifier: Apache-2.0
#include "reports/compare/odd_runs.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "harness/base/text.h"
#include "harness/base/units.h"
#include "reports/compare/moments.h"

namespace mbench {
namespace {

// What differs by less is no explanation.
constexpr double kNotable = 1.5;

std::string FigureText(const std::string& name, double value) {
  if (name.ends_with("fraction") || name == "steal" || name == "busy") return FormatPercent(value);
  return fmt::format("{:.3g}", value);
}

}  // namespace

OddRun DescribeOddRun(const MetricName& metric, const RunPointers& runs, std::size_t index) {
  OddRun odd;
  odd.metric = Name(metric);
  odd.scale = ScaleOf(metric);
  std::vector<double> others;
  for (std::size_t i = 0; i < runs.size(); ++i)
    if (i != index) others.push_back(runs[i]->Find(metric)->value);
  const double distance = runs[index]->Find(metric)->value - MedianOf(others);
  odd.ratio = odd.scale == MetricScale::kRatio ? std::exp(distance) : distance;
  for (const auto& [name, value] : runs[index]->circumstances) {
    std::vector<double> elsewhere;
    for (std::size_t i = 0; i < runs.size(); ++i) {
      if (i == index) continue;
      const auto found = runs[i]->circumstances.find(name);
      if (found != runs[i]->circumstances.end()) elsewhere.push_back(found->second);
    }
    const double usual = MedianOf(elsewhere);
    const bool tiny = (name == "steal" || name.ends_with("fraction")) && value < 0.01;
    if (elsewhere.empty() || tiny || value < kNotable * usual) continue;
    odd.what.push_back(
        fmt::format("{} {} instead of {}", name, FigureText(name, value), FigureText(name, usual)));
  }
  for (const std::string& warning : runs[index]->warnings) {
    const bool usual = std::ranges::any_of(runs, [&](const RunSample* run) {
      return run != runs[index] && std::ranges::find(run->warnings, warning) != run->warnings.end();
    });
    if (!usual) odd.what.push_back(warning);
  }
  return odd;
}

std::string Describe(const OddRun& odd) {
  const std::string distance = odd.scale == MetricScale::kRatio
                                   ? fmt::format("{:.3g} times the median of its side", odd.ratio)
                                   : fmt::format("{:+.3g} from the median of its side", odd.ratio);
  return fmt::format(
      "{} {}: {} is {}; {}", odd.side, odd.run, odd.metric, distance,
      odd.what.empty() ? "nothing that was recorded tells why" : Join(odd.what, ", "));
}

}  // namespace mbench
