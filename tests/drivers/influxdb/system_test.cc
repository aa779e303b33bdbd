// SPDX-License-Identifier: Apache-2.0
//
// The driver against a real InfluxDB, and against one that misbehaves.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/drivers/points_testing.h"
#include "tests/drivers/statement_conformance.h"
#include "tests/drivers/system/rude_server.h"
#include "tests/drivers/system/servers.h"

namespace mbench::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

struct Influx : PointSystem {
  Influx() { name = "influxdb"; }
};

StatementSpec Query(const std::string& text, std::vector<std::string> arguments = {}) {
  return {.name = "ask", .body = BodyOf({{"query", text}}), .arguments = std::move(arguments)};
}

Options At(const Server& influx) { return {{"url", influx.Url()}, {"database", "mbench"}}; }

TEST(InfluxSystem, ABatchIsWrittenAndFoundAgain) {
  MBENCH_NEEDS(SharedServer, server, "influxdb");
  const std::string m = Measurement();
  Influx influx;
  ASSERT_EQ(influx.Open(At(server), {Write(m, 3), Query("SELECT machine, value FROM " + m)}), "");
  EXPECT_THAT(influx.facts.system, HasSubstr("InfluxDB 1."));
  const Answer written =
      influx.Say(0, {"m 1,=", "1.5", "1700000000000000000", "ü", "-2", "1700000000000000001",
                     "m\\2", "3e5", "1700000000000000002"});
  EXPECT_EQ(influx.Outcome(written), "ok");
  EXPECT_EQ(written.items, 3u);
  const Answer read = influx.Say(1);
  EXPECT_EQ(influx.Outcome(read), "ok");
  EXPECT_EQ(read.items, 3u);
  EXPECT_THAT(read.copy, AllOf(HasSubstr(R"([1700000000000000000,"m 1,=",1.5])"),
                               HasSubstr(R"([1700000000000000001,"ü",-2])"),
                               HasSubstr(R"([1700000000000000002,"m\\2",300000])")));
}

TEST(InfluxSystem, ValuesOfAQueryAreNoPartOfTheRequest) {
  MBENCH_NEEDS(SharedServer, server, "influxdb");
  const std::string m = Measurement();
  Influx influx;
  ASSERT_EQ(influx.Open(At(server),
                        {Write(m), Query("SELECT value FROM " + m + " WHERE machine = '{machine}'",
                                         {"machine"})}),
            "");
  EXPECT_EQ(influx.Outcome(influx.Say(0, {"a&b=c +%\r\n", "1", "1700000000000000000"})), "ok");
  EXPECT_EQ(influx.Say(1, {"a&b=c +%  "}).items, 1u);
  EXPECT_EQ(influx.Say(1, {"a"}).items, 0u);
}

TEST(InfluxSystem, APartialWriteHasFailedAndItsPointsAreCounted) {
  MBENCH_NEEDS(SharedServer, server, "influxdb");
  const std::string m = Measurement();
  Influx influx;
  ASSERT_EQ(influx.Open(At(server), {Write(m, 2), Write(m, 3, ValueType::kText),
                                     Write(m, 2, ValueType::kDouble, {{"policy", "short"}}),
                                     Query("SELECT count(value) FROM " + m)}),
            "");
  EXPECT_EQ(influx.Outcome(influx.Say(0, {"a", "1", "1", "b", "2", "2"})), "ok");
  const Answer conflict = influx.Say(1, {"a", "x", "3", "a", "y", "4", "a", "z", "5"});
  EXPECT_EQ(influx.Outcome(conflict), "failed: partial write: field type conflict");
  EXPECT_THAT(influx.session->LastMessage(), HasSubstr("dropped=3"));
  const Answer old =
      influx.Say(2, {"a", "1", "1700000000000000000", "b", "2", "1700000000000000001"});
  EXPECT_EQ(influx.Outcome(old), "failed: partial write: points beyond retention policy");
  influx.session.reset();
  const SystemRemarks after = influx.driver->Observer()->ExamineAfter();
  EXPECT_EQ(after.facts.at("points dropped"), "5 in 2 partial writes");
  ASSERT_EQ(after.warnings.size(), 1u);
}

TEST(InfluxSystem, ErrorsInsideAReplyOfStatus200AreErrors) {
  MBENCH_NEEDS(SharedServer, server, "influxdb");
  const std::string m = Measurement();
  Influx influx;
  ASSERT_EQ(
      influx.Open(At(server), {Write(m, 1, ValueType::kText), Query("SELECT mean(value) FROM " + m),
                               Query("SELECT"), Query("SELECT * FROM nothing_is_called_so")}),
      "");
  EXPECT_EQ(influx.Outcome(influx.Say(0, {"a", "x", "1"})), "ok");
  EXPECT_EQ(influx.Outcome(influx.Say(1)), "failed: unsupported mean iterator type");
  EXPECT_THAT(influx.Outcome(influx.Say(2)), HasSubstr("failed: error parsing query"));
  const Answer empty = influx.Say(3);
  EXPECT_EQ(influx.Outcome(empty), "ok");
  EXPECT_EQ(empty.items, 0u);
}

TEST(InfluxSystem, PackedBatchesAreWrittenAndBytesAreThoseOnTheWire) {
  MBENCH_NEEDS(SharedServer, server, "influxdb");
  const std::string m = Measurement();
  Options options = At(server);
  std::vector<std::string> times;
  std::vector<std::string_view> points;
  for (int i = 0; i < 1000; ++i) times.push_back(std::to_string(1700000000000000000 + i));
  for (const std::string& time : times) points.insert(points.end(), {"a", "1.5", time});
  std::map<std::string, std::uint32_t> sent;
  for (const char* const gzip : {"false", "true", "1"}) {
    options["gzip"] = gzip;
    Influx influx;
    ASSERT_EQ(influx.Open(options, {Write(m, 1000), Query("SELECT count(value) FROM " + m)}), "");
    const Answer written = influx.Say(0, points);
    EXPECT_EQ(influx.Outcome(written), "ok");
    EXPECT_EQ(written.items, 1000u);
    EXPECT_THAT(influx.Say(1).copy, HasSubstr(",1000]"));
    sent[gzip] = written.bytes_sent;
  }
  EXPECT_GT(sent["false"], 40'000u);
  EXPECT_LT(sent["true"], sent["false"] / 4);
  EXPECT_GE(sent["1"], sent["true"]);
}

TEST(InfluxSystem, DatabasesAreMadeOnRequestOnly) {
  MBENCH_NEEDS(SharedServer, server, "influxdb");
  const std::string name = fmt::format("made \"{}", getpid());
  Influx influx;
  EXPECT_THAT(influx.Open({{"url", server.Url()}, {"database", name}}, {}),
              AllOf(HasSubstr("has no database"), HasSubstr("create: true")));
  EXPECT_EQ(influx.Open({{"url", server.Url()}, {"database", name}, {"create", "true"}},
                        {Write("m"),
                         Query("DROP DATABASE \"" + fmt::format("made \\\"{}", getpid()) + "\"")}),
            "");
  EXPECT_EQ(influx.Outcome(influx.Say(0, {"a", "1", "1"})), "ok");
  EXPECT_EQ(influx.Outcome(influx.Say(1)), "ok");
  EXPECT_EQ(influx.Outcome(influx.Say(0, {"a", "1", "1"})),
            "failed: status 404: database not found");
}

TEST(InfluxSystem, WrongPasswordsAreSaidBeforeTheRun) {
  MBENCH_NEEDS(SharedServer, server, "influxdb");
  Options options = {{"url", server.Fact("AUTH_URL")}, {"database", "mbench"}};
  Influx influx;
  EXPECT_THAT(influx.Open(options, {}), HasSubstr("unable to parse authentication credentials"));
  options["user"] = "mbench";
  options["password"] = "wrong";
  EXPECT_THAT(influx.Open(options, {}),
              AllOf(HasSubstr("cannot use the database \"mbench\": authorization failed"),
                    ::testing::Not(HasSubstr("wrong"))));
  options["password"] = server.Fact("PASSWORD");
  EXPECT_EQ(influx.Open(options, {Write(Measurement())}), "");
  EXPECT_EQ(influx.Outcome(influx.Say(0, {"a", "1", "1"})), "ok");
}

TEST(InfluxSystem, AServerThatComesBackIsUsedAgain) {
  MBENCH_NEEDS(OwnServer, server, "influxdb");
  Influx influx;
  ASSERT_EQ(influx.Open(At(server), {Write("m")}), "");
  EXPECT_EQ(influx.Outcome(influx.Say(0, {"a", "1", "1"})), "ok");
  server.Kill();
  EXPECT_EQ(influx.Say(0, {"a", "1", "1"}).outcome, Outcome::kFailed);
  server.Start();
  const Ticks end = Clock::Now() + 20 * kSecond;
  std::string outcome;
  while (outcome != "ok" && Clock::Now() < end)
    outcome = influx.Outcome(influx.Say(0, {"a", "1", "2"}));
  EXPECT_EQ(outcome, "ok");
}

TEST(InfluxSystem, AcknowledgedPointsThatAreGoneAreLost) {
  MBENCH_NEEDS(SharedServer, server, "influxdb");
  const std::string m = Measurement();
  auto driver = MakeDriver("influxdb", At(server));
  ASSERT_TRUE(driver->Open());
  ASSERT_TRUE(driver->Verifier()->LogWrites());
  ASSERT_EQ(Prepare(*driver, {Write(m, 3, ValueType::kDouble, {{"precision", "ms"}}),
                              Query("DROP MEASUREMENT " + m)}),
            "");
  auto session = driver->NewSession({});
  ASSERT_TRUE(session);
  const std::vector<std::string_view> twice = {"a", "1", "1700000000001999999",
                                               "a", "1", "1700000000001999999",
                                               "b", "2", "1700000000002000000"};
  EXPECT_EQ(Do(**session, {.kind = OpKind::kStatement, .arguments = twice}).items, 3u);
  const auto verify = [&] {
    const auto found = driver->Verifier()->Verify();
    return found && found->size() == 1 ? (*found)[0] : CheckResult{};
  };
  EXPECT_EQ(verify().what, "acknowledged points of " + m);
  EXPECT_EQ(verify().measured, "none of 2 lost") << "the same point again is no second one";
  EXPECT_TRUE(verify().ok);
  Do(**session, {.kind = OpKind::kStatement, .statement = 1});
  EXPECT_EQ(verify().measured, "2 of 2 lost");
  EXPECT_FALSE(verify().ok);
}

TEST(InfluxSystem, WritesAreVerifiedByTheirTimesAndEachMeasurementByOneStatement) {
  MBENCH_NEEDS(SharedServer, server, "influxdb");
  auto driver = MakeDriver("influxdb", At(server));
  ASSERT_TRUE(driver->Open());
  ASSERT_TRUE(driver->Verifier()->LogWrites());
  StatementSpec timeless{.name = "ingest",
                         .body = BodyOf({{"write", "m"}, {"fields", R"({"value": "{value}"})"}}),
                         .arguments = {"value"}};
  EXPECT_THAT(Prepare(*driver, {timeless}), HasSubstr("it has no time"));
  EXPECT_THAT(Prepare(*driver, {Write("m"), Write("m")}), HasSubstr("a second statement writes"));
}

// ---- a rude one ----

std::string Reply(std::string_view status, std::string_view body = "") {
  return fmt::format("HTTP/1.1 {}\r\nX-Influxdb-Version: 0.0\r\nContent-Length: {}\r\n\r\n{}",
                     status, body.size(), body);
}

TEST(InfluxRude, SlowDownIsRejectedAndOtherErrorsHaveAClass) {
  RudeServer server(
      {.request_end = "\r\n\r\n",
       .replies = {
           Reply("204 No Content"), Reply("503 Busy", R"({"error":"timeout"})"),
           Reply("500 Error", R"j({"error":"engine: cache-max-memory-size exceeded: (9/5)"})j"),
           Reply("413 Large", "<p>too large</p>"), "nonsense\r\n\r\n"}});
  Influx influx;
  ASSERT_EQ(
      influx.Open({{"url", fmt::format("http://127.0.0.1:{}", server.port())}, {"database", "d"}},
                  {Query("SELECT 1")}),
      "");
  EXPECT_EQ(influx.facts.system, "InfluxDB 0.0");
  EXPECT_EQ(influx.Outcome(influx.Say(0)), "ok");
  EXPECT_EQ(influx.Outcome(influx.Say(0)), "rejected: status 503: timeout");
  EXPECT_EQ(influx.Outcome(influx.Say(0)), "rejected: status 500: engine");
  EXPECT_EQ(influx.Outcome(influx.Say(0)), "failed: status 413: <p>too large</p>");
  EXPECT_EQ(influx.Outcome(influx.Say(0)), "failed: reply is not HTTP/1");
}

// ---- the contract, which the suite of drivers with verbs cannot hold it to ----

TEST(InfluxConformance, EveryOpHasOneCompletionWithItsSlotAndItsTimesInOrder) {
  MBENCH_NEEDS(SharedServer, server, "influxdb");
  Influx influx;
  Options options = At(server);
  options["pipeline"] = "3";
  ASSERT_EQ(influx.Open(options, {Query("SHOW DATABASES")}, {.connections = 7}), "");
  EveryOpHasOneCompletionWithItsSlot(*influx.session, 20);
}

TEST(InfluxConformance, ASessionMayEndWithOpsInFlightAndVerbsFailWithAClass) {
  MBENCH_NEEDS(SharedServer, server, "influxdb");
  Influx influx;
  ASSERT_EQ(influx.Open(At(server), {Query("SHOW DATABASES")}, {.connections = 8}), "");
  EXPECT_EQ(influx.Outcome(Do(*influx.session, Op{.kind = OpKind::kRead, .key = "a"})),
            "failed: InfluxDB knows statements only");
  PollWithATimeInThePastReturnsAtOnceAndASessionMayEndWithOpsInFlight(std::move(influx.session));
}

}  // namespace
}  // namespace mbench::testing
