// SPDX-License-Identifier: Apache-2.0
//
// What every driver over a network has to do with replies that come when nobody waits for them any
// more. The server stands still meanwhile, so that they come late for certain.
#include <gtest/gtest.h>

#include "tests/drivers/conformance/subjects.h"

namespace mbench::testing {
namespace {

class LateReplies : public ConformanceTest {
 protected:
  void SetUp() override {
    own_ = std::make_unique<OwnServer>(GetParam().server);
    OpenAt(own_.get());
  }

  // Ops whose key and value are gone when this returns, as are their completions, and what became
  // of them until then.
  std::size_t SubmitAndForget(Session& session, std::size_t count) {
    const std::string key(40, 'k'), value(400, 'v');
    const std::vector<Op> ops(count, Op{.kind = OpKind::kInsert, .key = key, .value = value});
    Completions done(count);
    return session.Submit(ops, done) - done.View().size();
  }

  std::unique_ptr<OwnServer> own_;
};
INSTANTIATE_TEST_SUITE_P(, LateReplies, ::testing::ValuesIn(ServerSubjects()), SubjectName);

TEST_P(LateReplies, ToASessionThatIsGoneConcernNobody) {
  if (facts_.blocking) return;  // nothing is in flight when its Submit returns
  auto session = NewSession({.connections = 8});
  const Op op{.kind = OpKind::kInsert, .slot = 77, .key = "key", .value = "value"};
  ASSERT_EQ(Do(*session, op).outcome, Outcome::kOk);
  own_->Pause();
  ASSERT_GT(SubmitAndForget(*session, 8), 0u);
  session.reset();
  own_->Resume();
  session = NewSession({.connections = 8});
  EXPECT_EQ(Do(*session, op).slot, 77u);
}

TEST_P(LateReplies, ToAnOpThatTimedOutAreNotThoseOfTheNextOne) {
  auto session = NewSession();  // a busy host has time for these
  for (const std::string_view key : {"late", "next"})
    ASSERT_EQ(Do(*session, {.kind = OpKind::kInsert, .key = key, .value = key}).outcome,
              Outcome::kOk);
  session = NewSession({.timeout = kSecond, .want_values = true});
  own_->Pause();
  EXPECT_EQ(Do(*session, {.kind = OpKind::kRead, .key = "late"}).outcome, Outcome::kTimedOut);
  own_->Resume();
  Answer next;
  const Ticks deadline = Clock::Now() + kMinute;
  do next = Do(*session, {.kind = OpKind::kRead, .key = "next"});  // it connects again first
  while (next.outcome != Outcome::kOk && Clock::Now() < deadline);
  EXPECT_EQ(next.copy, "next");
}

}  // namespace
}  // namespace mbench::testing
