// SPDX-License-Identifier: Apache-2.0
//
// What one of the processes that shared a run came to.
#pragma once

#include <cstdint>
#include <string>

#include "harness/base/clock.h"

namespace mbench {

struct RankRecord {
  std::uint32_t rank = 0;
  std::string host;
  std::uint32_t workers = 0;
  std::uint64_t ended = 0, errors = 0;  // ops of the measured phase
  Ticks lag_p99 = 0, delay_p99 = 0;
  double cpu_cores = 0;    // mean over the measured phase
  double busy = 0;         // its busiest worker, 0..1
  Ticks clock_offset = 0;  // the time of day of its host - that of the host of rank 0
  Ticks start_error = 0;   // between its start and that of rank 0, at most
  Ticks drift = 0;         // of its clock against that of rank 0, during the run
  bool operator==(const RankRecord&) const = default;
};

}  // namespace mbench
