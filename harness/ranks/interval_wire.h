// SPDX-License-Identifier: Apache-2.0
//
// A second of a run as bytes, and the same seconds of several ranks as one.
#pragma once

#include "harness/ranks/wire.h"
#include "harness/stats/interval.h"

namespace mbench {

// All of it, histograms cell by cell: what is read is equal to what was written.
void WriteInterval(const Interval& interval, WireWriter* to);
Interval ReadInterval(WireReader* from);

// Adds what another process measured in the same stretch of time. Histograms and counts, ops in
// flight, CPU time and memory are summed; the busiest worker and what was stolen are those of the
// rank where they are highest; the planned level, the figures of the host and what the system said
// stay those of the first one.
void AddBeside(const Interval& other, Interval* whole);

}  // namespace mbench
