// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/set_up.h"

#include <memory>

namespace mbench {
namespace {

// A limit for statements around the load: an index over a billion records takes hours.
constexpr Ticks kPatience = 24 * kHour;

Completion Do(const Op& op, Session* session) {
  constexpr std::size_t kRoom = 4;
  Completions done(kRoom);
  for (std::size_t taken = 0;;) {
    done.Clear();
    if (taken == 0) taken = session->Submit({&op, 1}, done);
    if (done.Empty()) session->Poll(Clock::Now() + 100 * kMillisecond, done);
    if (!done.View().empty()) return done.View().front();
  }
}

Status Judge(const Completion& completion, const StatementSpec& statement, const Session& session) {
  if (IsAnswer(completion.outcome)) return {};
  if (completion.error == 0) return Unreachable("{}: {}", statement.name, Name(completion.outcome));
  const std::string reason = session.DescribeError(completion.error);
  if (completion.outcome == Outcome::kFailed) {
    const std::string message = session.LastMessage();
    return BadConfig("{} was refused: {}{}{}", statement.name, reason, message.empty() ? "" : ": ",
                     message);
  }
  return Unreachable("{}: {}", statement.name, reason);
}

}  // namespace

Status RunSetUp(SessionPhase phase, const RunPlan& plan, Driver* driver,
                const std::atomic<bool>* stop, std::vector<SetUpRecord>* done) {
  const bool before = phase == SessionPhase::kBeforeLoad;
  const std::vector<StatementSpec>& statements =
      before ? plan.data.before_load : plan.data.after_load;
  if (statements.empty()) return {};
  Result<std::unique_ptr<Session>> session = driver->NewSession({.timeout = kPatience,
                                                                 .phase = phase,
                                                                 .records = false,
                                                                 .fields = plan.data.value.fields,
                                                                 .seed = plan.engine.seed});
  if (!session) return Failed(session);
  std::uint16_t number = 0;
  for (const StatementSpec& statement : statements) {
    if (*stop) return {};
    const Ticks begin = Clock::Now();
    const Op op{.kind = OpKind::kStatement, .statement = number++};
    if (Status judged = Judge(Do(op, session->get()), statement, **session); !judged) return judged;
    done->push_back({statement.name, Clock::Now() - begin});
  }
  return {};
}

}  // namespace mbench
