// SPDX-License-Identifier: Apache-2.0
//
// The level of the load over time, and its integral: a pure function, made once from the plan.
//
// Every profile is a row of segments, each a straight line or a piece of a sine. In the open model the
// level is a rate and the area under it counts arrivals: the n-th op is due where the area reaches n. In
// the closed model the level is a number of clients.
//
// Time 0 is the start of the first stage; the warm-up, at the level the first stage starts with, lies
// before it at negative times.
#pragma once

#include <cstdint>
#include <vector>

#include "harness/plan/run_plan.h"

namespace mbench {

// Thread: any; immutable.
class LoadCurve {
 public:
  explicit LoadCurve(const LoadPlan& plan);

  Ticks Begin() const;   // -warmup
  Ticks End() const;     // of the last stage
  double LevelAt(Ticks time) const;
  double MaxLevel() const;
  // Arrivals due in [Begin(), time).
  double AreaAt(Ticks time) const;
  double TotalArea() const { return total_area_; }
  // When the area reaches `area`. REQUIRES: 0 <= area < TotalArea(). `hint`: segment to look at first, is
  // updated; a caller that asks in ascending order pays for no search.
  Ticks TimeOfArea(double area, std::size_t* hint) const;

 private:
  struct Segment {
    double begin_s, length_s;
    double level0, level1;       // straight line; for a sine: its middle and its amplitude
    double omega = 0;            // sine: 2 pi / period; 0 for a line
    double area_before = 0;
    double LevelAt(double t) const;  // t: seconds from begin_s
    double AreaAt(double t) const;
    double TimeOfArea(double area) const;
  };
  std::size_t SegmentAt(double time_s) const;
  void Append(double length_s, double level0, double level1, double omega = 0);
  void AppendStage(const StagePlan& stage);

  std::vector<Segment> segments_;
  double begin_s_ = 0, end_s_ = 0;
  double total_area_ = 0;
};

}  // namespace mbench
