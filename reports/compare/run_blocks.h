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
#include <map>
#include <span>
#include <string>
#include <vector>

#include "harness/base/rng.h"
#include "harness/plan/metric_name.h"
#include "harness/result/run_result.h"
#include "harness/result/series.h"

namespace mbench {

// About twelve blocks for a short run, and up to sixty of at least 10 s for a long one.
Ticks BlockLength(Ticks measured_length);

class RunBlocks {
 public:
  // `run`: planned_length, measured_length and op_names are used.
  explicit RunBlocks(const RunResult& run);

  // Every interval of latency.hlog and every second of the series.
  void Add(const Interval& interval);
  void AddCpu(const SeriesPoint& second);

  std::size_t Count() const { return totals_.size(); }

  // Deviations from the metric's value that `resamples` draws gave, on its scale; empty when there
  // is nothing to draw from.
  std::vector<float> Noise(const MetricName& metric, std::size_t resamples, Rng* rng) const;

 private:
  struct Counts {
    double length_s = 0;
    double answered = 0;  // in time
    double ended = 0;
    double errors = 0;
    double cpu_s = 0;
  };
  // Samples of one op by coarse cell; one count per block in each.
  using Cells = std::map<std::uint32_t, std::vector<std::uint32_t>>;
  class Column;

  void AddCells(const Histogram& answered, std::size_t op, std::size_t block);
  std::size_t BlockOf(Ticks begin) const;
  std::vector<float> PercentileNoise(const Cells& cells, double percentile, std::size_t resamples,
                                     Rng* rng) const;
  std::vector<float> RatioNoise(const MetricName& metric, std::size_t resamples, Rng* rng) const;
  const Counts& CountsOf(std::size_t op, std::size_t block) const;
  std::size_t OpIndex(const std::string& name) const;

  std::vector<std::string> op_names_;
  Ticks planned_length_;
  Ticks block_length_;
  std::vector<Counts> totals_;            // by block
  std::vector<std::vector<Counts>> ops_;  // by op, by block
  std::vector<Cells> cells_;              // by op; the last one: all together
};

}  // namespace mbench
