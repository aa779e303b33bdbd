// SPDX-License-Identifier: Apache-2.0
//
// A run as it goes, on stderr: a few lines that redraw themselves on a terminal, a plain line every
// few seconds elsewhere.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/result.h"
#include "harness/load/load_curve.h"
#include "harness/plan/run_plan.h"
#include "harness/stats/interval.h"

namespace mbench {

enum class ProgressStyle { kLive, kPlain, kNone };

// "auto", "plain" or "none", as the option says it.
Result<ProgressStyle> ParseProgress(std::string_view text);

// Thread: one.
class Progress {
 public:
  Progress(ProgressStyle style, const RunPlan& plan, std::vector<std::string> op_names);
  ~Progress();

  void Say(std::string_view line);  // stays above the block
  void ShowLoad(std::uint64_t done, std::uint64_t records);
  void Show(const Interval& interval);
  // Nothing is redrawn from here on; the last block stays.
  void Close();

 private:
  std::vector<std::string> Block(const Interval& interval) const;
  std::string PlainLine(const Interval& interval) const;
  void Draw(const std::vector<std::string>& lines);
  void Erase();

  ProgressStyle style_;
  const RunPlan& plan_;
  LoadCurve curve_;
  std::vector<std::string> op_names_;
  std::size_t drawn_lines_ = 0;
  Ticks last_plain_ = -kNever;
  Histogram so_far_;
  std::uint64_t errors_ = 0, ended_ = 0;
};

}  // namespace mbench
