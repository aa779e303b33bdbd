// SPDX-License-Identifier: Apache-2.0
//
// A server that exists only as arithmetic.
//
//   arrivals -> [queue, first come first served] -> capacity x [one request at a time] -> replies
//
// Because the queue keeps its order and no request is interrupted, all of a request's future is
// known when it arrives: it begins when the first server is free, and it ends its service time
// later. So there are no events to simulate, and a reply's time is exact whenever anybody looks.
#pragma once

#include <deque>
#include <mutex>
#include <vector>

#include "drivers/op.h"
#include "drivers/sim/stalls.h"
#include "harness/base/rng.h"

namespace mbench::sim {

enum class Distribution { kConstant, kExponential, kLognormal, kUniform };

struct ServerPlan {
  Ticks service = kMillisecond;  // mean
  Distribution distribution = Distribution::kExponential;
  std::size_t capacity = 8;
  Stalls stalls;
  double error_rate = 0;
  double missing = 0;            // reads: part that finds nothing
  std::size_t reject_above = 0;  // requests waiting; 0: no limit
  double slowdown = 0;           // 0.2: everything takes 20 % longer
  Ticks die_at = 0;              // 0: never
  bool never_answers = false;
};

// Codes of Completion::error.
enum Error : std::uint16_t { kNone, kSimulated, kQueueFull, kConnectionLost, kConnectionRefused };

struct Reply {
  Ticks at;
  Outcome outcome;
  Error error;
};

// Thread: all of it from any thread.
class SimulatedServer {
 public:
  explicit SimulatedServer(const ServerPlan& plan);

  // What becomes of a request that is sent at `now`, for a client that waits at most `timeout`.
  // Times of the plan count from the first request. `rng`: the caller's own, so that what it draws
  // does not depend on what other threads do.
  Reply Send(OpKind kind, Ticks now, Ticks timeout, Rng& rng);

  // How long it takes to hear that one is not welcome.
  static constexpr Ticks kRefusal = 100 * kMicrosecond;

 private:
  struct Draw {
    Ticks work;
    Outcome outcome;
  };
  Draw DrawFor(OpKind kind, Rng& rng) const;
  bool QueueIsFull(Ticks since);
  Ticks Serve(Ticks since, Ticks work);

  const ServerPlan plan_;
  std::mutex mutex_;
  Ticks first_ = kNever;        // time of the first request
  Ticks last_ = 0;              // of the latest one, since the first
  std::vector<Ticks> free_at_;  // a heap: the server that is free first is in front
  std::deque<Ticks> begins_;    // requests that wait, or did a moment ago; with reject_above only
};

}  // namespace mbench::sim
