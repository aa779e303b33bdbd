// SPDX-License-Identifier: Apache-2.0
//
// Questions about a group, which its coordinator answers: the broker that keeps what the group has
// committed. One that has just started, or has got the group from another one, says for a while
// that it does not know it yet.
#pragma once

#include <librdkafka/rdkafka.h>

#include "harness/base/clock.h"

namespace mbench::kafka {

inline bool IsSettling(rd_kafka_resp_err_t error) {
  return error == RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS ||
         error == RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE ||
         error == RD_KAFKA_RESP_ERR_NOT_COORDINATOR;
}

// `ask`: with what is left of `patience`. Again and again while the coordinator settles; the last
// answer.
template <class Ask>
rd_kafka_resp_err_t AskCoordinator(Ticks patience, Ask ask) {
  constexpr Ticks kPause = 100 * kMillisecond;
  const Ticks deadline = Clock::Now() + patience;
  for (;;) {
    const rd_kafka_resp_err_t error = ask(deadline - Clock::Now());
    if (!IsSettling(error) || Clock::Now() + kPause >= deadline) return error;
    Clock::SleepUntil(Clock::Now() + kPause);
  }
}

}  // namespace mbench::kafka
