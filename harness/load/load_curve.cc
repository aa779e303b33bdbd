// SPDX-License-Identifier: Apache-2.0
#include "harness/load/load_curve.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "harness/base/check.h"

namespace mbench {

double LoadCurve::Segment::LevelAt(double t) const {
  if (omega != 0) return level0 + level1 * std::sin(omega * t);
  return level0 + (level1 - level0) * t / length_s;
}

double LoadCurve::Segment::AreaAt(double t) const {
  if (omega != 0) return level0 * t + level1 / omega * (1 - std::cos(omega * t));
  return level0 * t + (level1 - level0) * t * t / (2 * length_s);
}

double LoadCurve::Segment::TimeOfArea(double area) const {
  if (area <= 0) return 0;  // a ramp from nothing would divide 0 by 0
  if (omega != 0) return TimeOfSineArea(area);
  if (level0 == level1) return area / level0;
  // The root of a t^2 + level0 t - area = 0, in the form that neither cancels nor divides by a
  // small a.
  const double a = (level1 - level0) / (2 * length_s);
  const double root = std::sqrt(std::max(0.0, level0 * level0 + 4 * a * area));
  return 2 * area / (level0 + root);
}

// The area grows with t and has no closed inverse: Newton from below and above, kept inside a
// bracket that halves when a step would leave it (where the level is near zero).
double LoadCurve::Segment::TimeOfSineArea(double area) const {
  double low = 0;
  double high = length_s;
  double t = std::min(length_s, area / level0);
  for (int i = 0; i < 60 && high - low > 1e-10; ++i) {
    const double error = AreaAt(t) - area;
    (error > 0 ? high : low) = t;
    const double level = LevelAt(t);
    const double next = level > 0 ? t - error / level : low;
    if (std::abs(next - t) < 1e-10) return next;
    t = next > low && next < high ? next : (low + high) / 2;
  }
  return t;
}

LoadCurve::LoadCurve(const LoadPlan& plan) {
  MB_CHECK(!plan.stages.empty(), "no stages");
  for (const StagePlan& stage : plan.stages) AppendStage(stage);
  if (plan.warmup == 0) return;

  // A profile that starts at nothing would warm nothing: a tenth of its peak then.
  const double first = LevelAt(0);
  const double level = first > 0 ? first : MaxLevel() / 10;
  const double length_s = ToSeconds(plan.warmup);
  for (Segment& segment : segments_) segment.area_before += level * length_s;
  total_area_ += level * length_s;
  segments_.insert(segments_.begin(), {-length_s, length_s, level, level, 0, 0});
}

void LoadCurve::Append(double length_s, double level0, double level1, double omega) {
  if (length_s <= 0) return;
  segments_.push_back({end_s_, length_s, level0, level1, omega, total_area_});
  total_area_ += segments_.back().AreaAt(length_s);
  end_s_ += length_s;
}

void LoadCurve::AppendStage(const StagePlan& stage) {
  const double over_s = ToSeconds(stage.over);
  switch (stage.profile) {
    case Profile::kSteady:
    case Profile::kSoak:
      return Append(over_s, stage.from, stage.from);
    case Profile::kRamp:
      return Append(over_s, stage.from, stage.to);
    case Profile::kSpike:
      return AppendSpike(stage);
    case Profile::kStep:
      return AppendSteps(stage);
    case Profile::kSine:
      return Append(over_s, (stage.from + stage.to) / 2, (stage.to - stage.from) / 2,
                    2 * std::numbers::pi / ToSeconds(stage.period));
    case Profile::kReplay:
      return AppendReplay(stage);
  }
}

void LoadCurve::AppendSpike(const StagePlan& stage) {
  const double at_s = ToSeconds(stage.spike_at);
  const double for_s = ToSeconds(stage.spike_for);
  Append(at_s, stage.from, stage.from);
  Append(for_s, stage.to, stage.to);
  Append(ToSeconds(stage.over) - at_s - for_s, stage.from, stage.from);
}

void LoadCurve::AppendSteps(const StagePlan& stage) {
  const double length_s = ToSeconds(stage.over) / stage.steps;
  for (std::uint32_t i = 0; i < stage.steps; ++i) {
    const double part = stage.steps == 1 ? 0 : static_cast<double>(i) / (stage.steps - 1);
    const double level = stage.from + (stage.to - stage.from) * part;
    Append(length_s, level, level);
  }
}

void LoadCurve::AppendReplay(const StagePlan& stage) {
  for (std::size_t i = 0; i < stage.points.size(); ++i) {
    const Ticks end = i + 1 < stage.points.size() ? stage.points[i + 1].at : stage.over;
    const double level = stage.points[i].level;
    Append(ToSeconds(std::min(end, stage.over) - stage.points[i].at), level, level);
  }
}

Ticks LoadCurve::Begin() const { return std::llround(segments_.front().begin_s * 1e9); }
Ticks LoadCurve::End() const { return std::llround(end_s_ * 1e9); }

const LoadCurve::Segment& LoadCurve::SegmentAt(double time_s) const {
  const auto after = std::upper_bound(segments_.begin() + 1, segments_.end(), time_s,
                                      [](double t, const Segment& s) { return t < s.begin_s; });
  return *(after - 1);
}

double LoadCurve::LevelAt(Ticks time) const {
  const double time_s = std::clamp(ToSeconds(time), segments_.front().begin_s, end_s_);
  const Segment& segment = SegmentAt(time_s);
  return std::max(0.0, segment.LevelAt(time_s - segment.begin_s));
}

double LoadCurve::AreaAt(Ticks time) const {
  const double time_s = std::clamp(ToSeconds(time), segments_.front().begin_s, end_s_);
  const Segment& segment = SegmentAt(time_s);
  return segment.area_before + segment.AreaAt(time_s - segment.begin_s);
}

double LoadCurve::MaxLevel() const {
  double max = 0;
  for (const Segment& s : segments_) {
    max =
        std::max(max, s.omega != 0 ? s.level0 + std::abs(s.level1) : std::max(s.level0, s.level1));
  }
  return max;
}

Ticks LoadCurve::TimeOfArea(double area, std::size_t* hint) const {
  std::size_t i = std::min(*hint, segments_.size() - 1);
  while (i > 0 && area < segments_[i].area_before) --i;
  // `>=`: an arrival on a boundary belongs to the segment that begins there, and one of level 0 is
  // passed.
  while (i + 1 < segments_.size() && area >= segments_[i + 1].area_before) ++i;
  *hint = i;
  const Segment& segment = segments_[i];
  const double t = std::min(segment.TimeOfArea(area - segment.area_before), segment.length_s);
  return static_cast<Ticks>((segment.begin_s + t) * 1e9);
}

std::vector<LoadCurve::Piece> LoadCurve::MonotonePieces() const {
  std::vector<Piece> pieces;
  for (const Segment& s : segments_) {
    // A sine turns at every odd quarter of its period.
    const double quarter_s = s.omega != 0 ? std::numbers::pi / 2 / std::abs(s.omega) : s.length_s;
    const auto count = static_cast<std::size_t>(std::ceil(s.length_s / quarter_s - 1e-9));
    for (std::size_t i = 0; i < std::max<std::size_t>(count, 1); ++i) {
      const double begin_s = s.begin_s + static_cast<double>(i) * quarter_s;
      const double end_s = std::min(begin_s + quarter_s, s.begin_s + s.length_s);
      pieces.push_back({std::llround(begin_s * 1e9), std::llround(end_s * 1e9)});
    }
  }
  return pieces;
}

}  // namespace mbench
