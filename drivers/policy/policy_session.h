// SPDX-License-Identifier: Apache-2.0
//
// A session that tries again and breaks the circuit, around one that does neither.
//
//         +--------------- after its backoff ---------------+
//         v                                                 |
//   op -> waiting -> Admit -> inner session -> attempt ended: again?
//                      | no                       | no
//                      v                          v
//                  rejected: "refused by         the completion of the op
//                  the circuit breaker"
//
// The op begins with its first attempt and ends with its last; each attempt of one that was tried
// again is a step of it ("attempt"), and what became of it is told by a label ("1 retry") where the
// driver has none of its own. Where ops fail fast (open model) one that is refused ends at once;
// else its client, who would only ask again, hears of it when the breaker lets somebody through.
//
// A write of which an attempt may have been done is not said to have
// failed because a later one was refused: it ends as the attempt in doubt did.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "drivers/driver.h"
#include "drivers/policy/circuit_breaker.h"
#include "harness/base/rng.h"

namespace mbench {

// Of all sessions.
struct RetryCounts {
  std::atomic<std::uint64_t> retries{0};
  std::atomic<std::uint64_t> ops{0};        // that were tried again
  std::atomic<std::uint64_t> recovered{0};  // of these, so many were answered in the end
};

class PolicySession final : public Session {
 public:
  // `breaker`: nullptr where there is none. Both outlive it.
  PolicySession(std::unique_ptr<Session> session, const SessionPlan& plan, const RetryPolicy& retry,
                CircuitBreaker* breaker, RetryCounts* counts);

  std::size_t Submit(std::span<const Op> ops, Completions& done) override;
  void Poll(Ticks until, Completions& done) override;
  NextWork WhenToPoll() const override;
  std::string DescribeError(std::uint16_t error) const override;
  std::string DescribeLabel(std::uint16_t label) const override;
  std::string LastMessage() const override { return session_->LastMessage(); }
  std::uint64_t AlreadyThere() const override { return session_->AlreadyThere(); }
  ConnectionCounts Connections() const override { return session_->Connections(); }

 private:
  // An op that goes on, by its number; the inner session knows it by that.
  struct Call {
    Op op;
    std::uint32_t slot = 0;     // as its caller knows it
    std::uint32_t retries = 0;  // so far
    Ticks started = 0;          // of its first attempt
    std::uint32_t bytes_sent = 0, bytes_received = 0;
    Ticks due = 0;  // of its next attempt
    CircuitBreaker::Pass pass = 0;
    bool refused = false;  // and has to wait before it hears so
    bool in_doubt = false;
    Completion doubt = {};  // of the first attempt that may have been done
  };

  void Give(Ticks now, Completions& done);
  void Admit(std::uint32_t number, Ticks now, Completions& done);
  void Refuse(std::uint32_t number, Ticks now, Completions& done);
  void Collect(Completions& done);
  void End(std::uint32_t number, Completion completion, Completions& done);
  bool IsTriedAgain(const Call& call, const Completion& completion) const;
  void TryAgain(Call* call);
  Ticks NextDue() const;

  const std::unique_ptr<Session> session_;
  const RetryPolicy retry_;
  const bool fail_fast_;
  CircuitBreaker* const breaker_;
  RetryCounts* const counts_;
  Rng rng_;
  std::vector<Call> calls_;             // by number
  std::vector<std::uint32_t> free_;     // numbers
  std::vector<std::uint32_t> waiting_;  // for their time, in no order
  std::vector<std::uint32_t> due_;      // of these, those whose time has come
  std::vector<Op> ready_;               // admitted, for room in the inner session
  Completions inner_;
  std::size_t inside_ = 0;  // in flight in the inner session
};

}  // namespace mbench
