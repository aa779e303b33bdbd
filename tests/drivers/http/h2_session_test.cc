// SPDX-License-Identifier: Apache-2.0
//
// HTTP/2 against a server that sends the frames it is told to send. Every request of these tests
// has the body "END!", so that the server knows when it has come.
#include <gmock/gmock.h>

#include "tests/drivers/carries.h"
#include "tests/drivers/http/http_testing.h"

namespace mbench::testing {
namespace {

enum Type : std::uint8_t { kData = 0, kHeaders = 1, kReset = 3, kSettings = 4, kGoAway = 7 };
constexpr std::uint8_t kEndStream = 1, kEndHeaders = 4;
constexpr std::uint32_t kCancel = 8, kRefused = 7;

std::string Number(std::uint32_t value) {
  return {static_cast<char>(value >> 24), static_cast<char>(value >> 16),
          static_cast<char>(value >> 8), static_cast<char>(value)};
}

// RFC 9113, section 4.1.
std::string Frame(Type type, std::uint8_t flags, std::uint32_t stream, std::string_view payload) {
  std::string frame = Number(static_cast<std::uint32_t>(payload.size())).substr(1);
  frame += static_cast<char>(type);
  frame += static_cast<char>(flags);
  return frame + Number(stream) + std::string(payload);
}

std::string Settings(std::uint32_t most_streams = 100) {
  return Frame(kSettings, 0, 0, std::string("\0\x03", 2) + Number(most_streams));
}

// :status 200 or 404 is one byte of the static table of HPACK.
std::string Answer200(std::uint32_t stream, std::string_view body = "hello") {
  return Frame(kHeaders, kEndHeaders, stream, "\x88") + Frame(kData, kEndStream, stream, body);
}
std::string Answer404(std::uint32_t stream) {
  return Frame(kHeaders, kEndHeaders | kEndStream, stream, "\x8d");
}
std::string Reset(std::uint32_t stream, std::uint32_t error) {
  return Frame(kReset, 0, stream, Number(error));
}
std::string GoAway(std::uint32_t last_stream) {
  return Frame(kGoAway, 0, 0, Number(last_stream) + Number(0));
}

// Open is answered read by read, as what it asks has no body: the first one brings our hello, the
// second one the request. Then come the manners of the test.
struct H2Server {
  explicit H2Server(std::vector<std::string> replies, std::uint32_t most_streams = 100)
      : server({.request_end = "", .replies = {Settings(), Answer404(1)}}),
        options_({{"url", UrlOf(server)}, {"protocol", "h2"}, {"streams", "4"}}) {
    manners.replies = std::move(replies);
    manners.greeting = Settings(most_streams);
  }

  HttpUser User(const SessionPlan& plan = {}, StatementSpec spec = Get({{"body", "END!"}})) {
    const HttpUser::Between between = [this] { server.Behave(manners); };
    return HttpUser(options_, {std::move(spec)}, plan, between);
  }

  RudeServer server;
  Manners manners{.request_end = "END!"};

 private:
  Options options_;
};

TEST(H2, AnAnswerHasItsStatusAndItsBytes) {
  H2Server server({Answer200(1), Answer404(3)});
  HttpUser user = server.User();
  ASSERT_EQ(user.error, "");
  const Answer answer = user.Ask();
  EXPECT_EQ(user.Outcome(answer), "ok");
  EXPECT_THAT(answer.bytes_received, Carries(5)) << "with the heads of its frames";
  EXPECT_THAT(answer.bytes_sent, Carries(0));
  EXPECT_EQ(answer.slot, 3u);
  EXPECT_EQ(user.AskOutcome(), "failed: status 404");
}

TEST(H2, ExpectationsLabelsAndValuesAreAsInHttp1) {
  H2Server server({Answer200(1, R"({"a": "b"})")});
  StatementSpec spec = Get({{"body", "END!"}, {"expect", R"({"body": "\"b\""})"}}, "json:/a");
  HttpUser user = server.User({.want_values = true}, spec);
  const Answer answer = user.Ask();
  EXPECT_EQ(user.Outcome(answer), "ok");
  EXPECT_EQ(answer.copy, R"({"a": "b"})");
  EXPECT_EQ(user.session->DescribeLabel(answer.label), "b");
}

TEST(H2, RepliesMayComeInAnyOrder) {
  H2Server server({"", Answer200(3) + Answer404(1)});
  HttpUser user = server.User({.connections = 2});
  std::vector<Op> ops(2, Op{.kind = OpKind::kStatement});
  ops[1].slot = 1;
  const std::vector<Answer> answers = Do(*user.session, ops);
  EXPECT_EQ(answers[0].slot, 1u);
  EXPECT_EQ(user.Outcome(answers[0]), "ok");
  EXPECT_EQ(answers[1].slot, 0u);
  EXPECT_EQ(user.Outcome(answers[1]), "failed: status 404");
}

TEST(H2, AResetEndsOneRequestAndNotTheConnection) {
  H2Server server({Reset(1, kCancel), Reset(3, kRefused), Answer200(5)});
  HttpUser user = server.User();
  EXPECT_EQ(user.AskOutcome(), "failed: stream reset (CANCEL)");
  EXPECT_EQ(user.AskOutcome(), "rejected: stream reset (REFUSED_STREAM)");
  EXPECT_EQ(user.AskOutcome(), "ok");
  EXPECT_EQ(server.server.accepted(), 2);
}

TEST(H2, ATimeOutEndsOneRequestWhileOthersGoOn) {
  H2Server server({"", Answer200(3), Answer200(5)});
  HttpUser user = server.User({.connections = 2, .timeout = 100 * kMillisecond});
  std::vector<Op> ops(2, Op{.kind = OpKind::kStatement});
  ops[1].slot = 1;
  const std::vector<Answer> answers = Do(*user.session, ops);
  EXPECT_EQ(answers[0].slot, 1u);
  EXPECT_EQ(user.Outcome(answers[0]), "ok");
  EXPECT_EQ(user.Outcome(answers[1]), "timed_out");
  EXPECT_EQ(user.AskOutcome(), "ok");
  EXPECT_EQ(server.server.accepted(), 2);
}

TEST(H2, AConnectionThatIsSilentUntilATimeOutIsMadeAnew) {
  H2Server server({""});
  HttpUser user = server.User({.timeout = 50 * kMillisecond});
  EXPECT_EQ(user.AskOutcome(), "timed_out");
  server.manners.replies = {Answer200(1)};
  server.server.Behave(server.manners);
  EXPECT_EQ(user.AskOutcome(), "ok");
  EXPECT_EQ(server.server.accepted(), 3);
}

TEST(H2, RequestsThatTheServerDidNotLookAtBeforeItWentAwayAreSentAgain) {
  // The second request of a connection is not looked at; the first one is answered after that.
  H2Server server({"", GoAway(1) + Answer200(1)});
  HttpUser user = server.User({.connections = 2});
  const Op op{.kind = OpKind::kStatement};
  Completions done(8);
  for (int i = 0; i < 2; ++i) user.session->Submit({&op, 1}, done);
  while (done.Empty()) user.session->Poll(Clock::Now() + kSecond, done);
  EXPECT_EQ(done.View().size(), 1u);
  EXPECT_EQ(done.View()[0].outcome, mbench::Outcome::kOk);
  server.manners.replies = {Answer200(1)};
  server.server.Behave(server.manners);
  while (done.View().size() < 2) user.session->Poll(Clock::Now() + kSecond, done);
  EXPECT_EQ(done.View()[1].outcome, mbench::Outcome::kOk);
  EXPECT_EQ(server.server.accepted(), 3);
}

TEST(H2, RequestsBeyondWhatTheServerAllowsWaitForTheirTurn) {
  H2Server server({Answer200(1), Answer200(3), Answer200(5), Answer200(7)}, 1);
  HttpUser user = server.User({.connections = 4});
  const std::vector<Op> ops(4, Op{.kind = OpKind::kStatement});
  for (const Answer& answer : Do(*user.session, ops)) EXPECT_EQ(user.Outcome(answer), "ok");
  EXPECT_EQ(server.server.accepted(), 2);
}

TEST(H2, RequestsThatWaitForTheirTurnSurviveAGoAway) {
  H2Server server({GoAway(1) + Answer200(1)}, 1);
  HttpUser user = server.User({.connections = 4});
  const std::vector<Op> ops(4, Op{.kind = OpKind::kStatement});
  for (const Answer& answer : Do(*user.session, ops)) EXPECT_EQ(user.Outcome(answer), "ok");
  EXPECT_EQ(server.server.accepted(), 5) << "one request on each connection";
}

TEST(H2, GarbageHasAClassAndTheNextConnectionIsWell) {
  H2Server server({Garbage(1000)});
  HttpUser user = server.User();
  EXPECT_THAT(user.AskOutcome(), ::testing::AnyOf("failed: malformed HTTP/2 from the server",
                                                  "failed: stream reset (PROTOCOL_ERROR)"));
  server.manners.replies = {Answer200(1)};
  server.server.Behave(server.manners);
  EXPECT_EQ(user.AskOutcome(), "ok");
}

TEST(H2, AConnectionThatIsClosedHalfWayFailsItsRequests) {
  H2Server server({Answer200(1)});
  server.manners.cut_after = 15;
  HttpUser user = server.User();
  EXPECT_EQ(user.AskOutcome(), "failed: connection closed by the server");
}

TEST(H2, AServerOfHttp1IsUnreachable) {
  RudeServer server({.request_end = "\r\n\r\n", .replies = {"HTTP/1.1 400 Bad Request\r\n\r\n"}});
  HttpUser user({{"url", UrlOf(server)}, {"protocol", "h2"}}, {});
  EXPECT_EQ(user.kind, ErrorKind::kUnreachable);
  EXPECT_EQ(user.error, UrlOf(server) + ": the server does not speak HTTP/2");
}

}  // namespace
}  // namespace mbench::testing
