// SPDX-License-Identifier: Apache-2.0
//
// The driver against a real VictoriaMetrics, and against one that misbehaves.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/drivers/points_testing.h"
#include "tests/drivers/statement_conformance.h"
#include "tests/drivers/system/rude_server.h"
#include "tests/drivers/system/servers.h"

namespace mbench::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

struct Victoria : PointSystem {
  Victoria() { name = "victoriametrics"; }
  SystemRemarks After() {
    session.reset();
    return driver->Observer()->ExamineAfter();
  }
};

StatementSpec Query(const std::string& text, std::map<std::string, std::string> more = {},
                    std::vector<std::string> arguments = {}) {
  more.insert({"promql", text});
  return {.name = "ask", .body = BodyOf(more), .arguments = std::move(arguments)};
}

Options At(const Server& victoria) { return {{"url", victoria.Url()}, {"database", "plant"}}; }

constexpr std::string_view kTimes[] = {"1700000000000000000", "1700000000001000000",
                                       "1700000000002000000"};

TEST(VictoriaSystem, APackedBatchIsWrittenAndAskedOverARangeOfTimes) {
  MBENCH_NEEDS(SharedServer, server, "victoriametrics");
  const std::string m = Measurement();
  Options options = At(server);
  options["gzip"] = "true";
  Victoria victoria;
  const std::string all = fmt::format(R"({}_value{{db="plant"}})", m);
  ASSERT_EQ(victoria.Open(options,
                          {Write(m, 3), Query(all, {{"start", "1700000000"},
                                                    {"end", "1700000001"},
                                                    {"step", "1s"},
                                                    {"nocache", "true"}})},
                          {.want_values = true}, true),
            "");
  EXPECT_THAT(victoria.facts.system, HasSubstr("VictoriaMetrics"));
  const Answer written =
      victoria.Say(0, {"m 1,=", "1.5", kTimes[0], "ü", "-2", kTimes[0], "m\\2", "3e5", kTimes[0]});
  EXPECT_EQ(victoria.Outcome(written), "ok");
  EXPECT_EQ(written.items, 3u);
  EXPECT_EQ(victoria.Verify().measured, "none of 3 lost");
  const Answer read = victoria.Say(1);
  EXPECT_EQ(read.items, 6u) << read.copy;
  EXPECT_EQ(victoria.Outcome(read), "ok");
  EXPECT_THAT(read.copy,
              AllOf(HasSubstr(R"("machine":"m 1,=")"), HasSubstr(R"([1700000000,"1.5"])"),
                    HasSubstr(R"("machine":"ü")"), HasSubstr(R"([1700000001,"-2"])"),
                    HasSubstr(R"([1700000000,"300000"])")));
}

TEST(VictoriaSystem, ValuesOfAQueryAreNoPartOfTheRequestAndItsErrorsAreTold) {
  MBENCH_NEEDS(SharedServer, server, "victoriametrics");
  Victoria victoria;
  ASSERT_EQ(
      victoria.Open(At(server), {Query(R"(label_set(1, "a", "{text}"))", {}, {"text"}),
                                 Query("sum(up{"), Query("1", {{"start", "x"}, {"step", "1s"}})}),
      "");
  const Answer read = victoria.Say(0, {"a&b=c +%"});
  EXPECT_EQ(read.items, 1u);
  EXPECT_THAT(read.copy, HasSubstr(R"("a":"a&b=c +%")"));
  EXPECT_THAT(
      victoria.Outcome(victoria.Say(1)),
      AllOf(HasSubstr("failed: status 422: error when executing query: "), Not(HasSubstr("1"))))
      << "no values of single ops";
  EXPECT_THAT(victoria.session->LastMessage(), HasSubstr("sum(up{"));
  EXPECT_THAT(victoria.Outcome(victoria.Say(2)), HasSubstr("cannot parse"));
}

TEST(VictoriaSystem, AcknowledgedPointsThatAreNotThereAreLostAndMakeTheRunInvalid) {
  MBENCH_NEEDS(OwnServer, server, "victoriametrics");
  const std::string m = Measurement();
  Victoria victoria;
  ASSERT_EQ(victoria.Open(At(server), {Write(m, 3, ValueType::kDouble, {{"precision", "ns"}})},
                          {.want_values = true}, true),
            "");
  EXPECT_EQ(victoria.Outcome(
                victoria.Say(0, {"a", "1", kTimes[0], "a", "1", kTimes[0], "b", "2", kTimes[2]})),
            "ok");
  EXPECT_EQ(victoria.Verify().what, "acknowledged points of " + m);
  EXPECT_EQ(victoria.Verify().measured, "none of 3 lost") << "the same point again is kept, too";
  EXPECT_TRUE(victoria.Verify().ok);
  // A time in the next century, and one that is no number of 64 bits: it says 204.
  const Answer odd = victoria.Say(
      0, {"a", "1", "4000000000000000000", "a", "1", "99999999999999999999", "a", "1", kTimes[1]});
  EXPECT_EQ(victoria.Outcome(odd), "ok");
  EXPECT_EQ(victoria.Verify().measured, "2 of 6 lost");
  EXPECT_FALSE(victoria.Verify().ok);
  const SystemRemarks after = victoria.After();
  EXPECT_EQ(after.facts.at("left out, lines that it could not read"), "1");
  EXPECT_EQ(after.facts.at("left out, values outside of its retention or in the future"), "1");
  EXPECT_EQ(after.invalid.size(), 2u);
}

TEST(VictoriaSystem, WhatWasLeftOutBeforeIsNotOfThisRunAndTextsAreNamed) {
  MBENCH_NEEDS(OwnServer, server, "victoriametrics");
  for (int run = 0; run < 2; ++run) {
    Victoria victoria;
    const ValueType type = run == 0 ? ValueType::kDouble : ValueType::kText;
    ASSERT_EQ(victoria.Open(At(server), {Write("m", 1, type, {{"precision", "ns"}})}), "");
    EXPECT_EQ(victoria.Outcome(
                  victoria.Say(0, {"a", "1", run == 0 ? "99999999999999999999" : kTimes[0]})),
              "ok");
    const SystemRemarks after = victoria.After();
    EXPECT_EQ(after.invalid.size(), run == 0 ? 1u : 0u);
    EXPECT_EQ(after.facts.contains("texts stored as 0"), run == 1);
    EXPECT_TRUE(after.warnings.empty());
  }
}

TEST(VictoriaSystem, WrongPasswordsAreSaidBeforeTheRun) {
  MBENCH_NEEDS(SharedServer, server, "victoriametrics");
  Options options = {{"url", server.Fact("AUTH_URL")}};
  Victoria victoria;
  EXPECT_THAT(victoria.Open(options, {}), HasSubstr("cannot ask it: "));
  options["user"] = "mbench";
  options["password"] = "wrong";
  EXPECT_THAT(victoria.Open(options, {}),
              AllOf(HasSubstr("cannot ask it: "), Not(HasSubstr("wrong"))));
  options["password"] = server.Fact("PASSWORD");
  EXPECT_EQ(victoria.Open(options, {Write(Measurement())}), "");
  EXPECT_EQ(victoria.Outcome(victoria.Say(0, {"a", "1", kTimes[0]})), "ok");
}

TEST(VictoriaSystem, AServerThatComesBackIsUsedAgain) {
  MBENCH_NEEDS(OwnServer, server, "victoriametrics");
  Victoria victoria;
  ASSERT_EQ(victoria.Open(At(server), {Write("m")}), "");
  EXPECT_EQ(victoria.Outcome(victoria.Say(0, {"a", "1", kTimes[0]})), "ok");
  server.Kill();
  EXPECT_EQ(victoria.Say(0, {"a", "1", kTimes[0]}).outcome, Outcome::kFailed);
  server.Start();
  const Ticks end = Clock::Now() + 20 * kSecond;
  std::string outcome;
  while (outcome != "ok" && Clock::Now() < end)
    outcome = victoria.Outcome(victoria.Say(0, {"a", "1", kTimes[1]}));
  EXPECT_EQ(outcome, "ok");
}

TEST(VictoriaSystem, ItSaysHowItIs) {
  MBENCH_NEEDS(SharedServer, server, "victoriametrics");
  Victoria victoria;
  ASSERT_EQ(victoria.Open(At(server), {}), "");
  const SystemFigures figures = victoria.driver->Observer()->Observe();
  for (const char* const name : {"active_series", "active_merges", "parts", "memory_bytes"})
    EXPECT_TRUE(figures.contains(name)) << name;
}

// ---- a rude one ----

std::string Reply(std::string_view status, std::string_view body = "") {
  return fmt::format("HTTP/1.1 {}\r\nContent-Length: {}\r\n\r\n{}", status, body.size(), body);
}

// What Open asks gets this first reply of each connection: a query, and the page of metrics, which
// it is not.
const std::string kHello = Reply("200 OK", R"({"status":"success","data":{"result":[]}})");

TEST(VictoriaRude, ErrorsHaveAClassWhateverTheStatus) {
  RudeServer server(
      {.request_end = "\r\n\r\n",
       .replies = {kHello, Reply("200 OK", R"({"status":"error","error":"no 'x' there"})"),
                   Reply("200 OK", R"({"status":"success","isPartial":true})"),
                   Reply("200 OK", "<p>welcome</p>"), Reply("503 Busy", "wait 10s"),
                   "nonsense\r\n\r\n"}});
  Victoria victoria;
  ASSERT_EQ(
      victoria.Open({{"url", fmt::format("http://127.0.0.1:{}", server.port())}}, {Query("up")}),
      "");
  EXPECT_EQ(victoria.facts.system, "VictoriaMetrics");
  EXPECT_EQ(victoria.Outcome(victoria.Say(0)), "ok");
  EXPECT_EQ(victoria.Outcome(victoria.Say(0)), "failed: no");
  EXPECT_EQ(victoria.session->LastMessage(), "no 'x' there");
  EXPECT_EQ(victoria.Outcome(victoria.Say(0)), "failed: partial response");
  EXPECT_EQ(victoria.Outcome(victoria.Say(0)), "failed: no reply to a query");
  EXPECT_EQ(victoria.Outcome(victoria.Say(0)), "rejected: status 503: wait");
  EXPECT_EQ(victoria.Outcome(victoria.Say(0)), "failed: reply is not HTTP/1");
}

TEST(VictoriaRude, AServerThatHidesItsMetricsIsNotBelievedSilently) {
  RudeServer server({.request_end = "\r\n\r\n", .replies = {kHello}});
  Victoria victoria;
  ASSERT_EQ(
      victoria.Open({{"url", fmt::format("http://127.0.0.1:{}", server.port())}}, {Write("m")}),
      "");
  const SystemRemarks after = victoria.After();
  ASSERT_EQ(after.warnings.size(), 1u);
  EXPECT_THAT(after.warnings[0], HasSubstr("did not show its metrics"));
  EXPECT_TRUE(after.invalid.empty());
}

// ---- the contract, which the suite of drivers with verbs cannot hold it to ----

TEST(VictoriaConformance, EveryOpHasOneCompletionWithItsSlotAndItsTimesInOrder) {
  MBENCH_NEEDS(SharedServer, server, "victoriametrics");
  Victoria victoria;
  Options options = At(server);
  options["pipeline"] = "3";
  ASSERT_EQ(victoria.Open(options, {Query("1")}, {.connections = 7}), "");
  EveryOpHasOneCompletionWithItsSlot(*victoria.session, 20);
}

TEST(VictoriaConformance, ASessionMayEndWithOpsInFlightAndVerbsFailWithAClass) {
  MBENCH_NEEDS(SharedServer, server, "victoriametrics");
  Victoria victoria;
  ASSERT_EQ(victoria.Open(At(server), {Query("1")}, {.connections = 8}), "");
  EXPECT_EQ(victoria.Outcome(Do(*victoria.session, Op{.kind = OpKind::kRead, .key = "a"})),
            "failed: VictoriaMetrics knows statements only");
  PollWithATimeInThePastReturnsAtOnceAndASessionMayEndWithOpsInFlight(std::move(victoria.session));
}

}  // namespace
}  // namespace mbench::testing
