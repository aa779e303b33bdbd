// SPDX-License-Identifier: Apache-2.0
//
// Several addresses behind one name, and what becomes of connections when these change.
#include "drivers/common/endpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "drivers/common/stream_line.h"
#include "tests/drivers/system/rude_server.h"
#include "tests/drivers/testing.h"

namespace mbench::testing {
namespace {

using Addresses = Endpoint::Addresses;

SocketAddress Named(const std::string& text) {
  SocketAddress address;
  address.text = text;
  return address;
}

std::string Turns(Endpoint* endpoint, int count) {
  std::string turns;
  for (int i = 0; i < count; ++i) turns += endpoint->Next().text;
  return turns;
}

TEST(Endpoint, GivesItsAddressesInTurn) {
  Endpoint endpoint({Named("a"), Named("b"), Named("c")}, nullptr);
  EXPECT_EQ(Turns(&endpoint, 7), "abcabca");
}

TEST(Endpoint, WhatIsLookedUpAgainCountsForLaterConnections) {
  std::promise<void> may_answer;
  std::atomic<int> asked{0};
  Endpoint endpoint({Named("a")}, [&, answer = may_answer.get_future().share()] {
    ++asked;
    answer.wait();
    return Result<Addresses>(Addresses{Named("b"), Named("c")});
  });
  endpoint.LookAgain();
  endpoint.LookAgain();
  EXPECT_EQ(Turns(&endpoint, 2), "aa") << "nobody waits for the resolver";
  may_answer.set_value();
  while (endpoint.Next().text == "a") continue;
  EXPECT_THAT(Turns(&endpoint, 2), ::testing::AnyOf("bc", "cb"));
  EXPECT_EQ(asked, 1) << "connections that are lost together ask once";
}

TEST(Endpoint, ANameThatIsNotKnownForAWhileChangesNothing) {
  const auto asked = std::make_shared<std::promise<void>>();
  Endpoint endpoint({Named("a")}, [asked]() -> Result<Addresses> {
    asked->set_value();
    return Unreachable("not known");
  });
  endpoint.LookAgain();
  asked->get_future().wait();
  EXPECT_EQ(Turns(&endpoint, 2), "aa");
}

TEST(Endpoint, ANumberIsNoName) {
  EXPECT_TRUE(IsNumeric("127.0.0.1") && IsNumeric("::1"));
  EXPECT_FALSE(IsNumeric("localhost") || IsNumeric("10.example"));
}

// A line for a line.
class EchoProtocol final : public StreamProtocol {
 public:
  void AppendRequest(Call*, std::string* out) override { out->append("hello\r\n"); }
  Reply ReadReply(std::string_view in, bool, Call*) override {
    const std::size_t end = in.find('\n');
    if (end == std::string_view::npos) return {};
    return {.kind = Reply::Kind::kDone, .consumed = end + 1};
  }
};

class EchoSession final : public StreamSession {
 public:
  EchoSession(const SessionPlan& plan, std::shared_ptr<Endpoint> endpoint)
      : StreamSession(plan, 1, nullptr) {
    AddSystem(std::move(endpoint));
  }

 private:
  StreamProtocol& Protocol() override { return protocol_; }
  EchoProtocol protocol_;
};

SocketAddress AddressOf(const RudeServer& server) {
  return ResolveTcp("127.0.0.1", server.port())->front();
}

constexpr Op kHello{.kind = OpKind::kStatement};

TEST(Endpoint, ConnectionsOfAllSessionsAreSpreadOverAllAddresses) {
  const Manners manners{.replies = {"hello\r\n"}};
  RudeServer one(manners), two(manners), three(manners);
  const auto endpoint = std::make_shared<Endpoint>(
      Addresses{AddressOf(one), AddressOf(two), AddressOf(three)}, nullptr);
  EchoSession first({.connections = 4}, endpoint), second({.connections = 5}, endpoint);
  ASSERT_TRUE(first.Start(kSecond));
  ASSERT_TRUE(second.Start(kSecond));
  // An answer on each of them, for a server accepts when it comes to it.
  for (const Answer& answer : Do(first, std::vector<Op>(4, kHello)))
    EXPECT_EQ(answer.outcome, Outcome::kOk);
  for (const Answer& answer : Do(second, std::vector<Op>(5, kHello)))
    EXPECT_EQ(answer.outcome, Outcome::kOk);
  EXPECT_EQ(one.accepted(), 3);
  EXPECT_EQ(two.accepted(), 3);
  EXPECT_EQ(three.accepted(), 3);
}

TEST(Endpoint, AConnectionThatIsLostIsMadeWhereTheNameLeadsToNow) {
  const Manners manners{.replies = {"hello\r\n"}};
  RudeServer before(manners), now(manners);
  const auto endpoint = std::make_shared<Endpoint>(
      Addresses{AddressOf(before)}, [&now] { return Result<Addresses>({AddressOf(now)}); });
  EchoSession session({.connections = 1}, endpoint);
  ASSERT_TRUE(session.Start(kSecond));
  ASSERT_EQ(Do(session, kHello).outcome, Outcome::kOk);
  before.Behave({.refuse = true});
  before.HangUp();
  while (Do(session, kHello).outcome != Outcome::kOk) continue;
  EXPECT_EQ(now.accepted(), 1);
  const ConnectionCounts counts = session.Connections();
  EXPECT_EQ(counts.made, 2u);
  EXPECT_EQ(counts.lost, 1u);
}

}  // namespace
}  // namespace mbench::testing
