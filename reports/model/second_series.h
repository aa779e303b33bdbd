// SPDX-License-Identifier: Apache-2.0
//
// A long run second by second, for what comes and goes too fast for a timeline: the highest p99 and
// the lowest rate of each bin, which is a second, or so many that there are at most kMostBins.
#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "harness/result/result_reader.h"
#include "reports/model/timeline.h"

namespace mbench {

inline constexpr std::size_t kMostBins = 14'400;

// Values by bin; NaN: not known.
struct SecondSeries {
  double bin_s = 1;
  std::vector<double> p99_ns;
  std::vector<double> answered_per_s;
  std::array<std::map<std::string, std::vector<float>>, kFigureSources> figures;  // means
};

// Of soaks (drift_model.h), and of nothing else: it costs some time and memory. Thread: one.
class SecondSeriesMaker : public ResultVisitor {
 public:
  void OnHead(const RunResult& head) override;
  void OnSecond(const SeriesPoint& second) override;
  void OnInterval(const Interval& interval) override;
  void OnLogged(const LoggedInterval& interval) override;

  const SecondSeries& Get() const { return series_; }

 private:
  // The bin of what begins and ends there, or null: it is in none.
  bool FindBin(Ticks begin, Ticks end, std::size_t* bin) const;
  void AddLatency(Ticks begin, Ticks end);
  void AddFigures(const std::map<std::string, double>& said, FigureSource source, std::size_t bin);

  bool is_soak_ = false;
  Ticks planned_length_ = 0;
  Ticks bin_width_ = kSecond;
  std::size_t bins_ = 0;
  std::vector<float> seconds_in_bin_;  // that were met, for means
  Histogram answered_;                 // of one interval
  SecondSeries series_;
};

}  // namespace mbench
