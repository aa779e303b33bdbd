// SPDX-License-Identifier: Apache-2.0
//
// The level of the load over time, and its integral: a pure function, made once from the plan.
//
// Every profile is a row of segments, each a straight line or a piece of a sine. In the open model
// the level is a rate and the area under it counts arrivals: the n-th op is due where the area
// reaches n. In the closed model the level is a number of clients.
//
//    rate
//     r1 |            ____      area(t) = r0 t + (r1 - r0) t^2 / 2D
//        |        ___/          solve area(t) = n for t
//     r0 |_______/
//        +--------------> t     D = length of the segment
//
// Times are computed from n, never by adding up intervals, so a million arrivals carry the rounding
// error of one.
//
// Time 0 is the start of the first stage; the warm-up, at the level the first stage starts with,
// lies before it at negative times.
#pragma once

#include <cstddef>
#include <vector>

#include "harness/plan/run_plan.h"

namespace mbench {

// Thread: any; immutable.
class LoadCurve {
 public:
  // REQUIRES: plan.stages is not empty, lengths are positive, levels are not negative.
  explicit LoadCurve(const LoadPlan& plan);

  Ticks Begin() const;  // -warmup
  Ticks End() const;    // of the last stage
  double LevelAt(Ticks time) const;
  double MaxLevel() const;

  // Arrivals due in [Begin(), time).
  double AreaAt(Ticks time) const;
  double TotalArea() const { return total_area_; }
  // When the area reaches `area`. REQUIRES: 0 <= area < TotalArea(). `hint`: the segment to look at
  // first, moved on by the call; who asks in ascending order pays for no search.
  Ticks TimeOfArea(double area, std::size_t* hint) const;

  // A stretch of the curve without jumps or turns: level rises, falls or stays.
  struct Piece {
    Ticks begin, end;
  };
  std::vector<Piece> MonotonePieces() const;

 private:
  // Times in seconds from the segment's begin.
  struct Segment {
    double begin_s, length_s;
    double level0, level1;  // line: at both ends; sine: its middle and its amplitude
    double omega;           // sine: 2 pi / period; 0 for a line
    double area_before;     // of all segments before

    double LevelAt(double t) const;
    double AreaAt(double t) const;
    double TimeOfArea(double area) const;
    double TimeOfSineArea(double area) const;
  };
  void Append(double length_s, double level0, double level1, double omega = 0);
  void AppendStage(const StagePlan& stage);
  void AppendSpike(const StagePlan& stage);
  void AppendSteps(const StagePlan& stage);
  void AppendReplay(const StagePlan& stage);
  const Segment& SegmentAt(double time_s) const;

  std::vector<Segment> segments_;
  double end_s_ = 0;
  double total_area_ = 0;
};

}  // namespace mbench
