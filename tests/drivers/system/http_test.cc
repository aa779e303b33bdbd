// SPDX-License-Identifier: Apache-2.0
//
// The driver http against nginx: HTTP/1.1, HTTPS and HTTP/2.
#include <gmock/gmock.h>

#include "tests/body_of.h"
#include "tests/drivers/carries.h"
#include "tests/drivers/http/http_testing.h"
#include "tests/drivers/system/servers.h"

namespace mbench::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

StatementSpec Page(std::string request, std::map<std::string, std::string> more = {},
                   std::string label = {}) {
  more["http"] = std::move(request);
  if (!label.empty()) more["label"] = std::move(label);
  return {.name = "page", .body = BodyOf(more)};
}

// The same questions over every protocol.
std::vector<Options> Ways(const Server& nginx) {
  const std::string ca = nginx.Fact("CA");
  return {{{"url", nginx.Url()}},
          {{"url", nginx.Url()}, {"pipeline", "4"}},
          {{"url", nginx.Fact("TLS_URL")}, {"tls_ca", ca}},
          {{"url", nginx.Fact("TLS_URL")}, {"tls_ca", ca}, {"protocol", "h2"}}};
}

std::string NameOf(const Options& options) {
  std::string name;
  for (const auto& [key, value] : options) name += key + "=" + value + " ";
  return name;
}

TEST(HttpSystem, AsksAndIsAnsweredOverEveryProtocol) {
  MBENCH_NEEDS(SharedServer, nginx, "nginx");
  StatementSpec echo = Page("POST /echo?a={a}", {{"headers", R"({"X-Test": "{b}"})"}}, "status");
  Say(&echo, "expect", R"({"body": "POST /echo?a={a} {b} HTTP/"})");
  echo.arguments = {"a", "b"};
  for (const Options& options : Ways(nginx)) {
    HttpUser user(options, {Page("GET /"), Page("HEAD /"), Page("GET /chunked"),
                            Page("GET /redirect", {}, "status"), Page("GET /nowhere"),
                            Page("GET /broken"), Page("GET /busy"), Page("GET /close"), echo,
                            Page("GET /json", {}, "json:/items/0/id")});
    ASSERT_EQ(user.error, "") << NameOf(options);
    EXPECT_THAT(user.facts.system, StartsWith("nginx/"));
    EXPECT_THAT(user.Ask(0).bytes_received, Carries(128)) << NameOf(options);
    EXPECT_EQ(user.AskOutcome(1), "ok");
    EXPECT_THAT(user.Ask(1).bytes_received, Carries(0));
    EXPECT_THAT(user.Ask(2).bytes_received, Carries(128));
    EXPECT_EQ(user.AskLabel(3), "302");
    EXPECT_EQ(user.AskOutcome(4), "failed: status 404");
    EXPECT_EQ(user.AskOutcome(5), "failed: status 500");
    EXPECT_EQ(user.AskOutcome(6), "rejected: status 503");
    for (int i = 0; i < 5; ++i) EXPECT_EQ(user.AskOutcome(7), "ok") << "a connection for each";
    const std::string_view values[] = {"1", "2 3"};
    EXPECT_EQ(user.Outcome(user.Ask(8, values)), "ok") << NameOf(options);
    EXPECT_EQ(user.AskLabel(9), "7");
  }
}

// An encoded slash is no slash, and an encoded percent sign stays one.
TEST(HttpSystem, ThePathOfTheUrlArrivesAsItIsWritten) {
  MBENCH_NEEDS(SharedServer, nginx, "nginx");
  for (Options options : Ways(nginx)) {
    options["url"] += "as/written/a%2Fb/50%25";
    HttpUser user(options, {Page("GET /x?y=%2F",
                                 {{"expect", R"({"body": "/as/written/a%2Fb/50%25/x?y=%2F"})"}})});
    ASSERT_EQ(user.error, "") << NameOf(options);
    EXPECT_EQ(user.AskOutcome(), "ok") << NameOf(options);
  }
}

TEST(HttpSystem, ASocketOfThisHostIsAskedLikeAnyServer) {
  MBENCH_NEEDS(SharedServer, nginx, "nginx");
  HttpUser user({{"url", "http://shop.example/as/written"}, {"socket", nginx.Fact("SOCKET")}},
                {Page("GET /a", {{"expect", R"({"body": "/as/written/a"})"}})});
  ASSERT_EQ(user.error, "");
  EXPECT_EQ(user.AskOutcome(), "ok");
  HttpUser nowhere({{"url", "http://shop.example"}, {"socket", "/nowhere/socket"}}, {});
  EXPECT_THAT(nowhere.error, HasSubstr("http://shop.example at /nowhere/socket: no such socket"));
}

TEST(HttpSystem, ABodyThatIsCompressedIsLookedIntoAsWhatItIs) {
  MBENCH_NEEDS(SharedServer, nginx, "nginx");
  const std::map<std::string, std::string> gzip = {
      {"headers", R"({"accept-encoding": "gzip"})"},
      {"expect", R"({"body": "\"items\"", "header": {"content-encoding": "gzip"}})"}};
  for (const Options& options : Ways(nginx)) {
    HttpUser user(options, {Page("GET /gzip", gzip, "json:/items/0/id"),
                            Page("GET /gzip", gzip, "header:content-type")});
    ASSERT_EQ(user.error, "") << NameOf(options);
    EXPECT_EQ(user.AskOutcome(0), "ok") << NameOf(options);
    EXPECT_EQ(user.AskLabel(0), "7") << NameOf(options);
    EXPECT_EQ(user.AskOutcome(1), "ok") << NameOf(options);
    EXPECT_EQ(user.AskLabel(1), "application/json") << NameOf(options);
  }
}

TEST(HttpSystem, AConnectionForEachRequestIsMadeForIt) {
  MBENCH_NEEDS(SharedServer, nginx, "nginx");
  const std::vector<Op> ops(100, Op{.kind = OpKind::kStatement});
  for (Options options : {Options{{"url", nginx.Url()}},
                          Options{{"url", nginx.Fact("TLS_URL")}, {"tls_ca", nginx.Fact("CA")}}}) {
    options["connection"] = "close";
    HttpUser user(options, {Page("GET /")}, {.connections = 4});
    ASSERT_EQ(user.error, "") << NameOf(options);
    for (const Answer& answer : Do(*user.session, ops)) ASSERT_EQ(user.Outcome(answer), "ok");
    // One more showed that the server is there.
    EXPECT_EQ(user.session->Connections(), (ConnectionCounts{.known = true, .made = 101}));
  }
}

TEST(HttpSystem, StoresAndRemovesWhatABodyCarries) {
  MBENCH_NEEDS(SharedServer, nginx, "nginx");
  StatementSpec put = Page("PUT /files/{name}", {{"body", "{text}"}}, "status");
  StatementSpec get = Page("GET /files/{name}");
  StatementSpec remove = Page("DELETE /files/{name}");
  for (StatementSpec* spec : {&put, &get, &remove}) spec->arguments = {"name", "text"};
  // More than a socket takes at once.
  const std::string text(3'000'000, 'x');
  int number = 0;
  for (const Options& options : Ways(nginx)) {
    HttpUser user(options, {put, get, remove});
    ASSERT_EQ(user.error, "");
    const std::string name = fmt::format("http_test_{}", number++);
    const std::string_view values[] = {name, text};
    const Answer put_answer = user.Ask(0, values);
    EXPECT_EQ(user.Outcome(put_answer), "ok") << NameOf(options);
    EXPECT_THAT(put_answer.bytes_sent, Carries(text.size(), 5000)) << NameOf(options);
    EXPECT_THAT(user.Ask(1, values).bytes_received, Carries(text.size(), 5000)) << NameOf(options);
    EXPECT_EQ(user.Outcome(user.Ask(2, values)), "ok");
    EXPECT_EQ(user.Outcome(user.Ask(1, values)), "failed: status 404");
  }
}

TEST(HttpSystem, CarriesManyOpsOverManyConnections) {
  MBENCH_NEEDS(SharedServer, nginx, "nginx");
  const std::vector<Op> ops(3000, Op{.kind = OpKind::kStatement});
  for (const Options& options : Ways(nginx)) {
    HttpUser user(options, {Page("GET /", {{"expect", R"({"body": "A page of 128 bytes."})"}})},
                  {.connections = 64});
    ASSERT_EQ(user.error, "");
    for (const Answer& answer : Do(*user.session, ops)) {
      ASSERT_EQ(user.Outcome(answer), "ok") << NameOf(options);
    }
  }
}

TEST(HttpSystem, Http2InPlainTextOutlivesGoAwayAndLimits) {
  MBENCH_NEEDS(SharedServer, nginx, "nginx");
  HttpUser user({{"url", nginx.Fact("H2C_URL")}, {"protocol", "h2"}, {"streams", "32"}},
                {Page("GET /")}, {.connections = 32});
  ASSERT_EQ(user.error, "");
  const std::vector<Op> ops(2000, Op{.kind = OpKind::kStatement});
  for (const Answer& answer : Do(*user.session, ops)) ASSERT_EQ(user.Outcome(answer), "ok");
}

TEST(HttpSystem, APasswordIsCheckedByTheServer) {
  MBENCH_NEEDS(SharedServer, nginx, "nginx");
  const std::string right = nginx.Fact("USER") + ":" + nginx.Fact("PASSWORD");
  for (Options options : Ways(nginx)) {
    options["basic"] = right;
    EXPECT_EQ(HttpUser(options, {Page("GET /private")}).AskOutcome(), "ok") << NameOf(options);
    options["basic"] = "mbench:wrong";
    EXPECT_EQ(HttpUser(options, {Page("GET /private")}).AskOutcome(), "failed: status 401");
  }
}

TEST(HttpSystem, ACertificateThatIsWrongIsNamed) {
  MBENCH_NEEDS(SharedServer, nginx, "nginx");
  const auto error = [](const Options& options) {
    const HttpUser user(options, {});
    EXPECT_EQ(user.kind, ErrorKind::kUnreachable);
    return user.error;
  };
  const std::string url = nginx.Fact("TLS_URL");
  for (const char* protocol : {"http1", "h2"}) {
    EXPECT_THAT(error({{"url", url}, {"protocol", protocol}, {"tls_ca", nginx.Fact("OTHER_CA")}}),
                HasSubstr("certificate not trusted"));
    EXPECT_THAT(error({{"url", url}, {"protocol", protocol}}),
                HasSubstr("certificate not trusted"));
    EXPECT_THAT(error({{"url", nginx.Fact("WRONG_NAME_URL")},
                       {"protocol", protocol},
                       {"tls_ca", nginx.Fact("CA")}}),
                HasSubstr("certificate not trusted"));
  }
  const HttpUser unverified({{"url", url}, {"tls_verify", "false"}}, {});
  EXPECT_EQ(unverified.error, "");
}

TEST(HttpSystem, HttpToATlsPortIsAnAnswerAndTlsToAPlainPortIsNot) {
  MBENCH_NEEDS(SharedServer, nginx, "nginx");
  const std::string port = nginx.Fact("PORT");
  const HttpUser user({{"url", "https://127.0.0.1:" + port}, {"tls_ca", nginx.Fact("CA")}}, {});
  EXPECT_EQ(user.kind, ErrorKind::kUnreachable);
  EXPECT_THAT(user.error, StartsWith("https://127.0.0.1:" + port + ": TLS failed"));
}

// Polls for as long; ops that are due are asked all the time.
struct Tally {
  int ok = 0, failed = 0, timed_out = 0, taken = 0;
};

Tally Drive(Session& session, int ops, const std::function<void(int)>& at) {
  Tally tally;
  const Op op{.kind = OpKind::kStatement};
  Completions done(64);
  for (int ended = 0; ended < ops;) {
    done.Clear();
    if (tally.taken < ops && session.Submit({&op, 1}, done) == 1) at(++tally.taken);
    session.Poll(Clock::Now() + kMillisecond, done);
    for (const Completion& completion : done.View()) {
      ++ended;
      tally.ok += completion.outcome == mbench::Outcome::kOk ? 1 : 0;
      tally.failed += completion.outcome == mbench::Outcome::kFailed ? 1 : 0;
      tally.timed_out += completion.outcome == mbench::Outcome::kTimedOut ? 1 : 0;
    }
  }
  return tally;
}

std::vector<Options> PlainAndH2(const Server& nginx) {
  const auto ways = Ways(nginx);
  return {ways.front(), ways.back()};
}

TEST(HttpSystem, AServerThatIsStoppedAndStartedAgainIsFoundAgain) {
  MBENCH_NEEDS(OwnServer, nginx, "nginx");
  for (const Options& options : PlainAndH2(nginx)) {
    HttpUser user(options, {Page("GET /")}, {.connections = 8});
    ASSERT_EQ(user.error, "");
    const Tally before = Drive(*user.session, 100, [](int) {});
    EXPECT_EQ(before.ok, 100);
    nginx.Stop();
    const Tally without = Drive(*user.session, 10, [](int) {});
    EXPECT_EQ(without.failed, 10) << NameOf(options);
    nginx.Start();
    const Tally after = Drive(*user.session, 200, [](int) {});
    EXPECT_GE(after.ok, 180) << NameOf(options);
    EXPECT_EQ(after.ok + after.failed, 200);
  }
}

TEST(HttpSystem, AServerThatIsKilledInMidRunLosesNoOp) {
  MBENCH_NEEDS(OwnServer, nginx, "nginx");
  HttpUser user({{"url", nginx.Url()}}, {Page("GET /")}, {.connections = 8});
  ASSERT_EQ(user.error, "");
  const Tally tally = Drive(*user.session, 400, [&](int op) {
    if (op == 200) nginx.Kill();
    if (op == 250) nginx.Start();
  });
  EXPECT_EQ(tally.ok + tally.failed, 400);
  EXPECT_GE(tally.ok, 199);
  EXPECT_GE(tally.failed, 1);
}

TEST(HttpSystem, AServerThatStandsStillTimesOutAndGoesOn) {
  MBENCH_NEEDS(OwnServer, nginx, "nginx");
  for (const Options& options : PlainAndH2(nginx)) {
    HttpUser user(options, {Page("GET /")}, {.connections = 8, .timeout = 200 * kMillisecond});
    ASSERT_EQ(user.error, "");
    nginx.Pause();
    const Tally still = Drive(*user.session, 8, [](int) {});
    nginx.Resume();
    EXPECT_EQ(still.timed_out + still.failed, 8) << NameOf(options);
    EXPECT_GE(still.timed_out, 1);
    EXPECT_GE(Drive(*user.session, 200, [](int) {}).ok, 150) << NameOf(options);
  }
}

}  // namespace
}  // namespace mbench::testing
