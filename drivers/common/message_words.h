// SPDX-License-Identifier: Apache-2.0
//
// Words that statements of brokers have in common.
#pragma once

#include "drivers/words.h"
#include "harness/base/clock.h"

namespace mbench {

constexpr WordSpec MembersWord(std::string_view help) {
  return {.name = "members",
          .type = WordType::kCount,
          .help = help,
          .example = "3",
          .fallback = "1",
          .min = 1,
          .max = 1000,
          .range = "1 to 1000"};
}

// ---- of consume alone ----

inline constexpr WordSpec kUntilWord = {
    .name = "until",
    .type = WordType::kChoice,
    .help =
        "when the run is over: with its load, or as soon as all has been read that was there "
        "when it began",
    .example = "end",
    .fallback = "load",
    .choices = "load|end"};

constexpr WordSpec MostWord(std::int64_t max, std::string_view range) {
  return {.name = "most",
          .type = WordType::kCount,
          .help = "messages that an op takes at most",
          .example = "500",
          .fallback = "500",
          .min = 1,
          .max = max,
          .range = range};
}

constexpr WordSpec WaitWord(Ticks min, std::string_view range) {
  return {.name = "wait",
          .type = WordType::kDuration,
          .help = "how long an op waits for the first of them; then it has found nothing",
          .example = "1s",
          .fallback = "1s",
          .min = min,
          .max = kHour,
          .range = range};
}

}  // namespace mbench
