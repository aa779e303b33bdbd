// SPDX-License-Identifier: Apache-2.0
//
// Cuts a run into seconds, and these into slices where somebody looks closer: takes what the crew
// has recorded, counts what was due, and adds what host and system say. Thread: the conductor's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "drivers/observer.h"
#include "harness/engine/cpu_watch.h"
#include "harness/engine/host_probe.h"
#include "harness/engine/system_watch.h"
#include "harness/load/arrivals.h"
#include "harness/stats/interval.h"

namespace mbench {

class Crew;
class Together;

// Counts what the load curve makes due, independently of the workers: the left side of the
// identity.
class DueCounter {
 public:
  explicit DueCounter(std::vector<ArrivalStream> streams);

  // Ops due in [0, time) of the curve. REQUIRES: no earlier time than before.
  std::uint64_t Until(Ticks time);

 private:
  std::vector<ArrivalStream> streams_;
  std::uint64_t count_ = 0;
};

class Intervals {
 public:
  // `observed`: asked what the system says of itself; nullptr: it says nothing. `together`: nullptr
  // for a run alone. REQUIRES: the crew has started, and outlives this.
  Intervals(Crew* crew, SystemObserver* observed, const Together* together, bool open,
            std::size_t ops);

  // The next whole second, or the end of the measured phase when that is nearer.
  Ticks NextEnd() const;
  // What happened from the last slice to `end`, on the axis of the load curve. REQUIRES: not in the
  // warm-up, and not beyond NextEnd().
  Interval Slice(Ticks end);
  Ticks slice_begin() const { return slice_begin_; }

  // The slices since the last cut are a second. REQUIRES: the last one ended at `end`.
  Interval Cut(Ticks end);
  Ticks begin() const { return begin_; }

  // REQUIRES: nothing is measured any more.
  CpuAccount TakeCpu() const;

 private:
  Ticks MeasuredEnd() const;
  void TakeInto(Interval* interval);
  void WatchCpu();

  Crew* crew_;
  bool open_;
  Interval taken_;
  DueCounter due_;
  HostProbe probe_;
  Ticks begin_;
  Ticks slice_begin_ = begin_;
  Interval second_;            // its slices so far
  std::uint64_t offered_ = 0;  // so far
  std::optional<SystemWatch> watch_;
  CpuWatch cpu_;
  bool is_connected_ = false;
  int looks_ = 0;
};

}  // namespace mbench
