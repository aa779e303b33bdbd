// SPDX-License-Identifier: Apache-2.0
//
// One probe of a search for the capacity: a run at one level of the load, and what it says.
//
// Levels are operations per second in the open model and clients in the closed one.
#pragma once

#include <cstddef>

#include "harness/base/names.h"

namespace mbench {

enum class ProbeEnd {
  kHolds,      // every objective held for the whole of the window, and no queue grew
  kBreaks,     // one did not
  kGenerator,  // not counted: the load generator was at its limit
  kHost,       // not counted: others had the host
  kUnsettled,  // not counted: the system was still warming up when the window began
  kDied,       // the system went away; the search is over
};
template <>
inline constexpr auto kNamesOf<ProbeEnd> = Names("holds", "breaks", "generator", "host",
                                                 "unsettled", "died");

struct Probe {
  double level = 0;
  bool scout = false;  // a short window, to find out where to look
  ProbeEnd end = ProbeEnd::kHolds;
  // Of the objective that is nearest to its limit: log(allowed / measured), above 0 when it held,
  // and the standard error of that.
  double margin = 0;
  double margin_error = 0;
  // How many standard errors the probe is away from the limit: above 0 when it holds. A queue that
  // grew, or an objective that has no error of its own, is as clear as kClear.
  double clarity = 0;
  double answered_per_s = 0;  // 0: not known

  bool Counts() const { return end == ProbeEnd::kHolds || end == ProbeEnd::kBreaks; }
  bool Held() const { return end == ProbeEnd::kHolds; }
};

// Beyond this a probe is not more certain: what differs from run to run is not seen in one.
inline constexpr double kClear = 3.5;

}  // namespace mbench
