// SPDX-License-Identifier: Apache-2.0
//
// When a simulated server stands still.
//
//    "5s+500ms, 10s+1s"       at 5 s for 500 ms, at 10 s for 1 s
//    "every 5s for 500ms"     at 5 s, 10 s, 15 s, ... for 500 ms each
#pragma once

#include <string_view>
#include <vector>

#include "harness/base/clock.h"
#include "harness/base/result.h"

namespace mbench::sim {

class Stalls {
 public:
  Stalls() = default;
  static Result<Stalls> Parse(std::string_view text);

  // When work that begins at `begin` and takes `work` is done, if it rests during the stalls.
  Ticks Finish(Ticks begin, Ticks work) const;

 private:
  struct Span {
    Ticks from;
    Ticks to;
  };

  static Result<Stalls> ParseEvery(std::string_view text);
  static Result<Span> ParseOne(std::string_view text);
  // The first stall that ends after `time`; far away when there is none.
  Span NextAfter(Ticks time) const;

  std::vector<Span> list_;  // in order, apart from each other
  Ticks every_ = 0;         // 0: the list counts
  Ticks length_ = 0;
};

}  // namespace mbench::sim
