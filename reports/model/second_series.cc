// SPDX-License-Identifier: Apache-2.0
#include "reports/model/second_series.h"

#include <cmath>
#include <limits>

#include "reports/model/drift_model.h"

namespace mbench {
namespace {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

double Answered(const SeriesPoint& second) {
  double answered = 0;
  for (const SeriesPoint::PerOp& op : second.ops)
    for (std::size_t i = 0; i < kOutcomes; ++i)
      if (IsAnswer(static_cast<Outcome>(i))) answered += static_cast<double>(op.ended[i]);
  return answered;
}

}  // namespace

void SecondSeriesMaker::OnHead(const RunResult& head) {
  is_soak_ = IsSoak(head);
  series_ = {};
  seconds_in_bin_.clear();
  if (!is_soak_) return;
  const Ticks length = head.measured_length > 0 ? head.measured_length : head.planned_length;
  planned_length_ = head.planned_length > 0 ? head.planned_length : length;
  const auto most = static_cast<Ticks>(kMostBins);
  bin_width_ = ((length / kSecond + most - 1) / most) * kSecond;
  bins_ = static_cast<std::size_t>(length / bin_width_);
  series_.bin_s = ToSeconds(bin_width_);
  series_.p99_ns.assign(bins_, kNothing);
  series_.answered_per_s.assign(bins_, kNothing);
  seconds_in_bin_.assign(bins_, 0);
}

bool SecondSeriesMaker::FindBin(Ticks begin, Ticks end, std::size_t* bin) const {
  const Ticks middle = begin + (end - begin) / 2;
  if (!is_soak_ || middle < 0 || middle >= planned_length_) return false;
  *bin = static_cast<std::size_t>(middle / bin_width_);
  return *bin < bins_;
}

void SecondSeriesMaker::OnSecond(const SeriesPoint& second) {
  std::size_t bin = 0;
  const double length_s = ToSeconds(second.end - second.begin);
  if (!FindBin(second.begin, second.end, &bin) || length_s <= 0) return;
  double& rate = series_.answered_per_s[bin];
  rate = std::fmin(rate, Answered(second) / length_s);
  ++seconds_in_bin_[bin];
  AddFigures(second.system, FigureSource::kSystem, bin);
  AddFigures(second.host.figures, FigureSource::kHost, bin);
}

void SecondSeriesMaker::AddFigures(const std::map<std::string, double>& said, FigureSource source,
                                   std::size_t bin) {
  auto& figures = series_.figures[static_cast<std::size_t>(source)];
  for (const auto& [name, value] : said) {
    if (figures.size() >= kMostFigures && !figures.contains(name)) continue;
    std::vector<float>& line = figures[name];
    if (line.empty()) line.assign(bins_, std::numeric_limits<float>::quiet_NaN());
    const float share = 1 / seconds_in_bin_[bin];
    const float before = std::isfinite(line[bin]) ? line[bin] : static_cast<float>(value);
    line[bin] = before + (static_cast<float>(value) - before) * share;
  }
}

void SecondSeriesMaker::AddLatency(Ticks begin, Ticks end) {
  std::size_t bin = 0;
  if (answered_.Empty() || !FindBin(begin, end, &bin)) return;
  double& p99 = series_.p99_ns[bin];
  p99 = std::fmax(p99, static_cast<double>(answered_.ValueAtPercentile(99)));
}

void SecondSeriesMaker::OnInterval(const Interval& interval) {
  if (!is_soak_) return;
  answered_.Clear();
  for (const OpStats& op : interval.ops) op.AddAnsweredTo(&answered_);
  AddLatency(interval.begin, interval.end);
}

void SecondSeriesMaker::OnLogged(const LoggedInterval& interval) {
  if (!is_soak_) return;
  answered_.Clear();
  interval.AddAnsweredTo(&answered_);
  AddLatency(interval.begin, interval.end);
}

}  // namespace mbench
