// SPDX-License-Identifier: Apache-2.0
//
// What drivers/driver.h asks of every driver, of the driver http: it has statements and no verbs,
// and its server answers in real time, so that the suite in tests/drivers/conformance cannot drive
// it.
#include <gtest/gtest.h>

#include <set>

#include "tests/body_of.h"
#include "tests/drivers/http/http_testing.h"
#include "tests/drivers/system/servers.h"

namespace mbench::testing {
namespace {

class HttpConformance : public ::testing::TestWithParam<const char*> {
 protected:
  HttpUser User(const Server& nginx, const SessionPlan& plan) {
    return HttpUser({{"url", nginx.Fact("TLS_URL")},
                     {"tls_ca", nginx.Fact("CA")},
                     {"streams", "3"},
                     {"protocol", GetParam()}},
                    {{.name = "page", .body = BodyOf({{"http", "GET /"}})}}, plan);
  }

  static std::vector<Op> Ops(std::size_t count) {
    std::vector<Op> ops(count, Op{.kind = OpKind::kStatement});
    for (std::size_t i = 0; i < count; ++i) ops[i].slot = static_cast<std::uint32_t>(1000 + 7 * i);
    return ops;
  }
};
INSTANTIATE_TEST_SUITE_P(, HttpConformance, ::testing::Values("http1", "h2"),
                         [](const auto& instance) { return std::string(instance.param); });

TEST_P(HttpConformance, EveryOpHasOneCompletionWithItsSlotAndItsTimesInOrder) {
  MBENCH_NEEDS(SharedServer, nginx, "nginx");
  HttpUser user = User(nginx, {.connections = 7});
  ASSERT_EQ(user.error, "");
  const Ticks begin = Clock::Now();
  std::multiset<std::uint32_t> expected, seen;
  const std::vector<Op> ops = Ops(200);
  for (const Op& op : ops) expected.insert(op.slot);
  for (const Answer& answer : Do(*user.session, ops)) {
    seen.insert(answer.slot);
    EXPECT_LE(begin, answer.started);
    EXPECT_LE(answer.started, answer.finished);
    EXPECT_LE(answer.finished, Clock::Now());
  }
  EXPECT_EQ(seen, expected);
}

TEST_P(HttpConformance, TakesNoMoreOpsThanThereIsRoomOrThanItHasConnections) {
  MBENCH_NEEDS(SharedServer, nginx, "nginx");
  HttpUser user = User(nginx, {.connections = 5});
  ASSERT_EQ(user.error, "");
  const std::vector<Op> ops = Ops(20);
  Completions three(3), many(64);
  const std::size_t taken = user.session->Submit(ops, three);
  EXPECT_LE(taken, 3u);
  while (three.View().size() < taken) user.session->Poll(Clock::Now() + kSecond, three);
  EXPECT_EQ(user.session->Submit(ops, many), 5u);
}

TEST_P(HttpConformance, PollLooksOnceWhenItsTimeIsOver) {
  MBENCH_NEEDS(SharedServer, nginx, "nginx");
  HttpUser user = User(nginx, {});
  ASSERT_EQ(user.error, "");
  Completions done(4);
  user.session->Poll(0, done);
  user.session->Poll(Clock::Now() - kHour, done);
  EXPECT_TRUE(done.Empty());
}

TEST_P(HttpConformance, ASessionMayEndWithOpsInFlight) {
  MBENCH_NEEDS(SharedServer, nginx, "nginx");
  HttpUser user = User(nginx, {.connections = 8});
  ASSERT_EQ(user.error, "");
  Completions done(64);
  EXPECT_EQ(user.session->Submit(Ops(8), done), 8u);
  user.session.reset();
}

TEST_P(HttpConformance, VerbsFailWithAClass) {
  MBENCH_NEEDS(SharedServer, nginx, "nginx");
  HttpUser user = User(nginx, {});
  ASSERT_EQ(user.error, "");
  EXPECT_EQ(user.Outcome(Do(*user.session, Op{.kind = OpKind::kRead, .key = "a"})),
            "failed: HTTP knows statements only");
}

}  // namespace
}  // namespace mbench::testing
