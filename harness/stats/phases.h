// SPDX-License-Identifier: Apache-2.0
//
// What else happened in a run, besides the ops that were measured.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "drivers/check_result.h"
#include "drivers/connection_counts.h"
#include "harness/base/clock.h"
#include "harness/base/names.h"

namespace mbench {

// A statement that was done once, before or after the records were loaded.
struct SetUpRecord {
  std::string name;
  Ticks took = 0;
};

struct LoadPhase {
  std::uint64_t records = 0;  // written; 0 with `reused`: found there already
  // Not written, because the store had one with that key: duplicates in what was loaded. After a
  // load that was resumed, or whose batches were tried again, also what these had written.
  std::uint64_t already_there = 0;
  std::uint64_t resumed_at = 0;  // records that a load before this one, which was killed, had sent
  Ticks took = 0;                // without `set_up`
  bool reused = false;
  std::vector<SetUpRecord> set_up = {};

  // Records that were sent per second.
  double RecordsPerSecond() const {
    return took > 0 ? static_cast<double>(records + already_there) / ToSeconds(took) : 0;
  }
};

// How an event ended. kSkipped: it never began, for `why`.
enum class EventEnd { kDone, kFailed, kKilled, kSkipped };
template <>
inline constexpr auto kNamesOf<EventEnd> = Names("done", "failed", "killed", "skipped");

struct EventRecord {
  Ticks at = 0;  // from the start of the measured phase
  std::string name;
  std::optional<int> exit_code = {};  // of its command
  EventEnd end = EventEnd::kDone;
  bool must_succeed = false;
  std::uint32_t round = 1;         // of one that is repeated
  Ticks took = 0;                  // its command, and what it waited for
  std::string output = {};         // the tail of what its command said; secrets out
  std::uint64_t output_bytes = 0;  // all of it
  std::string why = {};            // of all but kDone
};

}  // namespace mbench
