// SPDX-License-Identifier: Apache-2.0
//
// What is said of a run while it goes, as lines of text:
//
//   stage   2 of 3, ramp from 2.00k/s to 20.0k/s
//   measure  45%  27s of 1m00s, 33s left  ██████████████░░░░░░░░░░░░░░░░░
//   load    11.0k/s asked, 10.9k/s done, 12 in flight
//   now     p50   210us  p99  1.20ms  max  3.40ms
//   so far  p50   190us  p99  1.10ms  max  12.0ms  of 297k ops
//   errors  12 (0.01%): timed_out 8, connection lost 4
//
// The first words of every line matter most: a narrow terminal shows only these.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "harness/live/run_watcher.h"
#include "harness/load/load_curve.h"

namespace mbench {

struct ProgressLine {
  std::string text;
  bool alarming = false;  // there were errors
};

// Thread: one at a time.
class ProgressText {
 public:
  explicit ProgressText(const WatchedRun& run);

  // `took`: since the load phase began.
  ProgressLine Load(std::uint64_t done, std::uint64_t records, Ticks took,
                    std::size_t columns) const;
  // Of every interval, before it is shown.
  void Add(const Interval& interval);
  std::vector<ProgressLine> Block(const Interval& interval, std::size_t columns) const;
  // All of it in one line, for a log.
  std::string Plain(const Interval& interval) const;

 private:
  std::string Stage(Ticks at) const;
  std::string Load(const Interval& interval) const;
  std::string Errors() const;
  std::string Time(const Interval& interval, std::size_t columns) const;
  Ticks Left(const Interval& interval) const;

  const RunPlan& plan_;
  std::string label_;
  LoadCurve curve_;
  Histogram so_far_;
  std::uint64_t ended_ = 0, errors_ = 0;
  std::map<std::string, std::uint64_t> by_class_;
};

}  // namespace mbench
