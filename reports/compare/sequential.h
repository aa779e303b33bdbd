// SPDX-License-Identifier: Apache-2.0
//
// Looking more than once at growing data without paying for it with false alarms: group-sequential
// looks whose errors add up to alpha.
//
// Each side of the test has alpha/2, of which 2 - 2 Phi(z_{alpha/4} / sqrt(t)) may be spent when
// the part t of the largest number of runs is there: little at first, nearly all at the end (Lan
// and DeMets, Discrete sequential boundaries for clinical trials, Biometrika 1983, first function,
// of the kind of O'Brien and Fleming). Bounds follow by the recursion of Armitage, McPherson and
// Rowe (1969), see Jennison and Turnbull, Group Sequential Methods (2000), chapter 19.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "reports/compare/verdict.h"

namespace mbench {

// z value beyond which look k decides; `information`: ascending, in (0, 1]. Two-sided.
std::vector<double> SequentialBounds(std::span<const double> information, double alpha);

// The same as nominal levels: look k decides at p <= level.
std::vector<double> LookLevels(std::span<const double> information, double alpha);

// When to look, in runs a side: from kMinRunsForVerdict on at every `step`, and at `most`.
std::vector<std::size_t> PlanLooks(std::size_t most, std::size_t step = 2);

// Compare at look number `look` (from 0) of `looks`, with the error of that look.
Comparison CompareAtLook(std::span<const RunSample> a, std::span<const RunSample> b,
                         std::span<const std::size_t> looks, std::size_t look,
                         const CompareOptions& options);

// Whether more runs could change it: some primary metric is inconclusive or there are too few runs.
bool IsOpen(const Comparison& comparison);

}  // namespace mbench
