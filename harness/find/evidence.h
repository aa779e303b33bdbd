// SPDX-License-Identifier: Apache-2.0
//
// How clearly a window of measurements holds an objective. Pure functions of counts per second.
//
// A percentile is a share: p99 < 20 ms is "at most 1 % of the ops take 20 ms or more". So are
// errors. Ops of one second have waited in the same queue, so they are no independent samples: the
// error of a share comes from how much it differs between blocks of time (batch means), and is
// never taken below that of independent ops.
#pragma once

#include <span>

namespace mbench {

struct ShareBlock {
  double bad = 0;  // ops beyond the limit of the objective
  double all = 0;
};

struct ShareEvidence {
  double share = 0;
  double margin = 0;        // log(allowed / share); a share of 0 counts as half an op
  double margin_error = 0;  // standard error of it
  double clarity = 0;       // standard errors between the share and the allowed one
};

// `blocks`: consecutive seconds. REQUIRES: 0 < allowed < 1.
ShareEvidence JudgeShare(std::span<const ShareBlock> blocks, double allowed);

// The same of a mean or a ratio that has to stay below `limit`: `bad` sums up to what is measured.
ShareEvidence JudgeRatio(std::span<const ShareBlock> blocks, double limit);

// Whether an objective broke in the first seconds of the window only, up to a third of it: the
// system was still warming up when the window began.
bool IsUnsettled(std::span<const ShareBlock> blocks, double allowed);

// Ops that were due and have not ended, at the end of each second, and how many were due in one.
// True: there are more at the end than at the start by more than chance, and by more than a
// five-hundredth of what was due in between.
bool QueueGrows(std::span<const double> backlog, double due_per_s);

}  // namespace mbench
