// SPDX-License-Identifier: Apache-2.0
//
// A run cut into blocks of seconds, and how far chance within the run may have moved its numbers.
//
// Latencies of neighbouring seconds depend on each other (queues, compactions, caches), so seconds
// are drawn in blocks that are longer than that memory (Kuensch, The jackknife and the bootstrap
// for general stationary observations, 1989). A percentile of such a draw is that of the merged
// histogram of its blocks, at a level that is drawn too: the k-th of n samples lies at level
// Beta(k, n-k+1) of the distribution they are from (David and Nagaraja, Order Statistics, 2003).
//
// Drawing blocks and then samples again within them counts the chance of the samples twice
// (Davison and Hinkley, Bootstrap Methods and their Application, 1997, 3.8). The deviations are
// therefore scaled to the larger of the two variances: that of the blocks, times B/(B-1), or that
// of the samples alone.
//
// Memory: histograms are kept in 64 cells per power of two, one column per block; within a cell
// values are interpolated. The percentiles of a run itself come from the full histogram.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "harness/base/rng.h"
#include "harness/plan/metric_name.h"
#include "harness/result/metric_value.h"
#include "harness/result/run_result.h"
#include "harness/result/series.h"

namespace mbench {

// About twelve blocks for a short run, and up to sixty of at least 10 s for a long one.
Ticks BlockLength(Ticks measured_length);

class RunBlocks {
 public:
  // `run`: planned_length, measured_length and op_names are used. Of parts of ops only those are
  // kept that `also` names.
  explicit RunBlocks(const RunResult& run, std::span<const MetricName> also = {});

  // Every interval of latency.hlog, and every second of the series, which knows what was moved and
  // how much CPU that took.
  void Add(const Interval& interval);
  void AddSecond(const SeriesPoint& second);

  std::size_t Count() const { return blocks_; }

  // Deviations from the metric's value that `resamples` draws gave, on its scale; empty when there
  // is nothing to draw from.
  std::vector<float> Noise(const MetricName& metric, std::size_t resamples, Rng* rng) const;

 private:
  // Samples of one op by coarse cell; one count per block in each.
  using Cells = std::map<std::uint32_t, std::vector<std::uint32_t>>;
  class Column;
  // All ops, one, or a part of one.
  struct Subject {
    MetricSubject of;
    std::vector<MetricCounts> counts;  // by block
    Cells cells;
  };

  void AddSubject(const std::string& name);
  void AddCells(const Histogram& answered, std::size_t block, Cells* cells) const;
  std::size_t BlockOf(Ticks begin) const;
  bool InDrain(Ticks begin) const;
  std::vector<float> PercentileNoise(const Cells& cells, double percentile, std::size_t resamples,
                                     Rng* rng) const;
  std::vector<float> RatioNoise(const MetricName& metric, const Subject& subject,
                                std::size_t resamples, Rng* rng) const;

  std::vector<std::string> op_names_;
  Ticks planned_length_;
  Ticks block_length_;
  std::size_t blocks_;
  std::map<std::string, Subject, std::less<>> subjects_;  // by MetricName::op
};

}  // namespace mbench
