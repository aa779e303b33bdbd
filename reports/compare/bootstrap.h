// SPDX-License-Identifier: Apache-2.0
//
// How much larger is B than A, and how sure is that: a hierarchical bootstrap over runs, blocks of
// seconds within a run, and samples within the histogram of a run.
//
// A draw takes as many runs as there are, with replacement; each run stands for its value plus one
// of its deviations by chance within the run (run_blocks.h). What is drawn is the difference of
// the means over the runs of a side; on logarithms that is the ratio of geometric means (Kalibera
// and Jones, Quantifying performance changes with effect size confidence intervals, 2012/2020).
//
// Two things that a plain percentile bootstrap gets wrong with few runs are put right:
//
// 1. The values of runs differ by chance within runs already, so adding deviations counts that
//    twice. Deviations of runs from their mean are shrunk until the variance of a drawn value is
//    max(s^2, w^2), with s^2 the variance between runs and w^2 that within (the variance component
//    of runs is s^2 - w^2 and never negative): Davison and Hinkley 1997, 3.8, and the reflated
//    residual bootstrap of Carpenter, Goldstein and Rasbash (2003).
// 2. n values drawn from n have (n-1)/n of the variance, and their mean is taken for normal. The
//    variance is mended as in 1, and the percentiles are taken further out, as far as Student's t
//    with na+nb-2 degrees of freedom is beyond the normal distribution (expanded percentile
//    interval: Hesterberg, What teachers should know about the bootstrap, 2015).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace mbench {

struct BootstrapSide {
  std::vector<double> values;                 // one per run
  std::vector<std::span<const float>> noise;  // deviations of each run; spans may be empty
};

struct BootstrapEstimate {
  double difference = 0;  // mean of B - mean of A
  double low = 0;
  double high = 0;
};

// Both ends are infinite when a side has fewer than two runs.
BootstrapEstimate Bootstrap(const BootstrapSide& a, const BootstrapSide& b, double alpha,
                            std::size_t resamples, std::uint64_t seed);

}  // namespace mbench
