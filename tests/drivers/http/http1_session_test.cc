// SPDX-License-Identifier: Apache-2.0
//
// HTTP/1.1 against a server that says what it is told to say.
#include "drivers/http/http1_session.h"

#include <gmock/gmock.h>

#include <array>
#include <set>
#include <thread>

#include "tests/drivers/carries.h"
#include "tests/drivers/http/http_testing.h"

namespace mbench::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(Http1, OpenTellsWhatTheServerCallsItself) {
  RudeServer server(Answering({Reply("405 Method Not Allowed", "Server: abacus/3\r\n")}));
  HttpUser user({{"url", UrlOf(server)}}, {});
  EXPECT_EQ(user.error, "");
  EXPECT_EQ(user.facts.system, "abacus/3");
  EXPECT_FALSE(user.facts.verbs);
  EXPECT_NE(user.driver->Preparer(), nullptr);
  EXPECT_EQ(user.driver->Store(), nullptr);
}

// ---- what is asked before the run ----

TEST(Http1, AServerThatDoesNotAnswerWhatNobodyNeedsIsNotAskedForIt) {
  RudeServer server({.request_end = "\r\n\r\n", .replies = {}});
  HttpUser user({{"url", UrlOf(server)}, {"probe", "none"}}, {Get()}, {},
                [&server] { server.Behave(Answering({Reply("200 OK")})); });
  ASSERT_EQ(user.error, "");
  EXPECT_EQ(user.facts.system, "HTTP server");
  EXPECT_EQ(user.AskOutcome(), "ok");
  EXPECT_EQ(server.requests(), 1);
}

TEST(Http1, TheProbeIsWhatTheFileSays) {
  RudeServer server({.request_end = "GET /base/health HTTP/1.1\r\n",
                     .replies = {Reply("500 Oh", "Server: abacus/3\r\n")}});
  HttpUser user({{"url", UrlOf(server) + "/base"}, {"probe", "GET /health"}}, {});
  EXPECT_EQ(user.error, "");
  EXPECT_EQ(user.facts.system, "abacus/3");
  EXPECT_THAT(RefusalOf("http", {{"url", UrlOf(server)}, {"probe", "health"}}),
              HasSubstr("does not begin with /"));
}

TEST(Http1, AProbeWaitsAsLongAsAnOpAndItsSilenceSaysWhatToDo) {
  RudeServer server({.replies = {}});
  const HttpUser user({{"url", UrlOf(server)}}, {}, {.timeout = 50 * kMillisecond});
  EXPECT_EQ(user.kind, ErrorKind::kUnreachable);
  EXPECT_THAT(
      user.error,
      HasSubstr("no answer within 50.0ms, to HEAD /; where the server has no answer to that, give "
                "probe: \"GET /path\", or none"));
}

TEST(Http1, AConnectionForEachRequestIsAPartOfItsTime) {
  RudeServer server(Answering({Reply("200 OK")}));
  HttpUser user({{"url", UrlOf(server)}, {"probe", "none"}, {"connection", "close"}}, {Get()});
  ASSERT_EQ(user.error, "");
  ASSERT_EQ(user.AskOutcome(), "ok");
  const int before = server.accepted();
  for (int i = 1; i <= 3; ++i) {
    EXPECT_EQ(server.accepted(), before + i - 1) << "not made before there is an op for it";
    EXPECT_EQ(user.AskOutcome(), "ok") << "though the server would keep the connection";
    EXPECT_EQ(server.accepted(), before + i);
  }
  EXPECT_EQ(user.session->Connections().lost, 0u);
  server.Behave({.refuse = true});
  server.HangUp();
  EXPECT_EQ(user.AskOutcome(), "failed: connection refused");
  server.Behave(Answering({Reply("200 OK")}));
  while (user.AskOutcome() != "ok") continue;
}

TEST(Http1, ABodyThatIsNotOfItsCodingFails) {
  const std::string wrong = Reply("200 OK", "Content-Encoding: gzip\r\n", "hello");
  const std::string other = Reply("200 OK", "Content-Encoding: br\r\n", "hello");
  const std::string plain = Reply("200 OK", "Content-Encoding: identity\r\n", "hello");
  RudeServer server(Answering({wrong, other, plain, wrong}));
  HttpUser user({{"url", UrlOf(server)}, {"probe", "none"}},
                {Get({{"expect", R"({"body": "hello"})"}}), Get()});
  EXPECT_EQ(user.AskOutcome(), "failed: body is not of its content-encoding");
  EXPECT_EQ(user.AskOutcome(), "failed: content-encoding of the body is not known here");
  EXPECT_EQ(user.AskOutcome(), "ok");
  EXPECT_EQ(user.AskOutcome(1), "ok") << "nobody looks at it";
}

TEST(Http1, AnAnswerHasItsSlotAndAllBytesOfItsReply) {
  RudeServer server(Answering({Reply("200 OK")}));
  HttpUser user({{"url", UrlOf(server)}}, {Get()});
  const Answer answer = user.Ask();
  EXPECT_EQ(user.Outcome(answer), "ok");
  EXPECT_EQ(answer.bytes_received, Reply("200 OK").size());
  EXPECT_EQ(answer.slot, 3u);
  EXPECT_LE(answer.started, answer.finished);
}

TEST(Http1, TheBodyIsTheValueWhenValuesAreWanted) {
  RudeServer server(Answering({Reply("200 OK"),
                               "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                               "3\r\nbye\r\n0\r\n\r\n"}));
  HttpUser user({{"url", UrlOf(server)}}, {Get()}, {.want_values = true});
  EXPECT_EQ(user.Ask().copy, "hello");
  EXPECT_EQ(user.Ask().copy, "bye");
}

TEST(Http1, StatusesAreClassesOfErrorsAndOverloadIsARejection) {
  RudeServer server(Answering({Reply("404 Not Found"), Reply("503 Busy"), Reply("429 Slow"),
                               Reply("500 Oh"), Reply("302 Found")}));
  HttpUser user({{"url", UrlOf(server)}}, {Get()});
  EXPECT_EQ(user.AskOutcome(), "failed: status 404");
  EXPECT_EQ(user.AskOutcome(), "rejected: status 503");
  EXPECT_EQ(user.AskOutcome(), "rejected: status 429");
  EXPECT_EQ(user.AskOutcome(), "failed: status 500");
  EXPECT_EQ(user.AskOutcome(), "ok") << "a redirect is an answer, and not followed";
  EXPECT_EQ(server.accepted(), 2) << "one to open, one for all requests";
}

TEST(Http1, ExpectationsAreHeld) {
  RudeServer server(Answering({Reply("404 Gone", "X-Cache: HIT\r\n", "it says hello twice")}));
  const std::string status = R"("status": 404)";
  HttpUser user({{"url", UrlOf(server)}},
                {Get({{"expect", "{" + status + "}"}}),
                 Get({{"expect", "{" + status + R"(, "body": "hello"})"}}),
                 Get({{"expect", "{" + status + R"(, "body": "goodbye"})"}}),
                 Get({{"expect", "{" + status + R"(, "header": {"x-cache": "HIT"}})"}}),
                 Get({{"expect", "{" + status + R"(, "header": {"x-cache": "MISS"}})"}}),
                 Get({{"expect", "{" + status + R"(, "header": {"etag": "1"}})"}})});
  EXPECT_EQ(user.AskOutcome(0), "ok");
  EXPECT_EQ(user.AskOutcome(1), "ok");
  EXPECT_EQ(user.AskOutcome(2), "failed: body is not as expected");
  EXPECT_EQ(user.AskOutcome(3), "ok");
  EXPECT_EQ(user.AskOutcome(4), "failed: header x-cache is not as expected");
  EXPECT_EQ(user.AskOutcome(5), "failed: header etag is missing");
}

TEST(Http1, ExpectationsMayHavePlaceholders) {
  RudeServer server(Answering({Reply("200 OK", "", R"({"id": "k7"})")}));
  StatementSpec spec = Get({{"expect", R"({"body": "\"{key}\""})"}});
  spec.arguments = {"key"};
  HttpUser user({{"url", UrlOf(server)}}, {spec});
  const std::string_view right = "k7", wrong = "k8";
  EXPECT_EQ(user.Outcome(user.Ask(0, {&right, 1})), "ok");
  EXPECT_EQ(user.Outcome(user.Ask(0, {&wrong, 1})), "failed: body is not as expected");
}

TEST(Http1, LabelsComeFromStatusHeaderOrJson) {
  const std::string json = R"({"source": "replica", "list": [1, {"b": true}], "o": {}})";
  RudeServer server(Answering({Reply("201 Made", "X-Cache: HIT\r\n", json)}));
  HttpUser user({{"url", UrlOf(server)}},
                {Get({}, "status"), Get({}, "header:x-cache"), Get({}, "header:x-none"),
                 Get({}, "json:/source"), Get({}, "json:/list/1/b"), Get({}, "json:/list/7"),
                 Get({}, "json:/list/x"), Get({}, "json:/o"), Get({}, "json:/source/x")});
  EXPECT_EQ(user.AskLabel(0), "201");
  EXPECT_EQ(user.AskLabel(1), "HIT");
  EXPECT_EQ(user.AskLabel(2), "absent");
  EXPECT_EQ(user.AskLabel(3), "replica");
  EXPECT_EQ(user.AskLabel(4), "true");
  EXPECT_EQ(user.AskLabel(5), "absent");
  EXPECT_EQ(user.AskLabel(6), "absent");
  EXPECT_EQ(user.AskLabel(7), "an object");
  EXPECT_EQ(user.AskLabel(8), "absent");
  EXPECT_THAT(user.Ask(3).bytes_received, Carries(json.size()));
}

StatementSpec Reading(const std::string& version, std::string label = {}) {
  return Get({{"reads", fmt::format(R"({{"key": "1", "version": "{}"}})", version)}},
             std::move(label));
}

TEST(Http1, TheValueOfAStatementThatReadsAVersionIsTheVersion) {
  const std::string json = R"({"price": 12, "text": "x", "none": null, "list": [1]})";
  RudeServer server(Answering({Reply("200 OK", "ETag: e1\r\n", json)}));
  HttpUser user(
      {{"url", UrlOf(server)}},
      {Reading("json:/price"), Reading("json:/text"), Reading("header:etag"), Reading("json:/none"),
       Reading("json:/list"), Reading("json:/away"), Reading("header:away"),
       Reading("json:/price", "header:etag"), Reading("header:etag", "json:/text")},
      {.want_values = true});
  EXPECT_EQ(user.Ask(0).copy, "12");
  EXPECT_EQ(user.Ask(1).copy, "x");
  EXPECT_EQ(user.Ask(2).copy, "e1");
  EXPECT_EQ(user.Ask(3).copy, "null");
  for (const std::uint16_t nothing : std::array<std::uint16_t, 3>{4, 5, 6})
    EXPECT_EQ(user.Ask(nothing).value.data(), nullptr) << nothing;
  EXPECT_EQ(user.Ask(7).copy, "12");
  EXPECT_EQ(user.AskLabel(7), "e1");
  EXPECT_EQ(user.Ask(8).copy, "e1");
  EXPECT_EQ(user.AskLabel(8), "x");
}

TEST(Http1, AReadOfAVersionThatIsAnsweredWith404HasFoundNothing) {
  RudeServer server(Answering({Reply("404 Not Found", "", R"({"price": 1})")}));
  HttpUser user({{"url", UrlOf(server)}}, {Reading("json:/price"), Get()}, {.want_values = true});
  EXPECT_EQ(user.AskOutcome(0), "not_found");
  EXPECT_EQ(user.Ask(0).value.data(), nullptr);
  EXPECT_EQ(user.AskOutcome(1), "failed: status 404");
}

TEST(Http1, ALabelFromABodyThatIsNoJsonSaysSo) {
  RudeServer server(Answering({Reply("200 OK", "", "{")}));
  HttpUser user({{"url", UrlOf(server)}}, {Get({}, "json:/a")});
  EXPECT_EQ(user.AskLabel(), "no JSON");
}

TEST(Http1, ALabelIsSafeToPrintAndShort) {
  RudeServer server(Answering({Reply("200 OK", "X: \x1b[31mred\r\n"),
                               Reply("200 OK", "X: " + std::string(5000, 'a') + "\r\n")}));
  HttpUser user({{"url", UrlOf(server)}}, {Get({}, "header:x")});
  EXPECT_EQ(user.AskLabel(), R"('\x1b[31mred')");
  EXPECT_LT(user.AskLabel().size(), 100u);
}

TEST(Http1, OnlySixtyFourLabelsAreToldApart) {
  RudeServer server({.request_end = "\r\n\r\n", .replies = [] {
                       std::vector<std::string> replies;
                       for (int i = 0; i < 100; ++i)
                         replies.push_back(Reply("200 OK", fmt::format("X: {}\r\n", i)));
                       return replies;
                     }()});
  HttpUser user({{"url", UrlOf(server)}}, {Get({}, "header:x")});
  std::set<std::uint16_t> labels;
  for (int i = 0; i < 100; ++i) labels.insert(user.Ask().label);
  EXPECT_EQ(labels.size(), 65u);
}

TEST(Http1, InterimRepliesAreSkipped) {
  RudeServer server(
      Answering({"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: "
                 "x\r\n\r\n" +
                 Reply("200 OK")}));
  HttpUser user({{"url", UrlOf(server)}}, {Get({}, "status")});
  EXPECT_EQ(user.AskLabel(), "200");
  EXPECT_EQ(user.AskLabel(), "200");
  EXPECT_EQ(server.accepted(), 2);
}

TEST(Http1, ConnectionCloseIsFollowedByANewConnection) {
  Manners manners = Answering({Reply("200 OK", "Connection: close\r\n")});
  manners.close_after_replies = 1;
  RudeServer server(manners);
  HttpUser user({{"url", UrlOf(server)}}, {Get()});
  for (int i = 0; i < 5; ++i) EXPECT_EQ(user.AskOutcome(), "ok");
  EXPECT_GE(server.accepted(), 6);
}

TEST(Http1, ABodyMayEndWithItsConnection) {
  Manners manners = Answering({"HTTP/1.1 200 OK\r\n\r\nhello, hello"});
  manners.close_after_replies = 1;
  RudeServer server(manners);
  HttpUser user({{"url", UrlOf(server)}},
                {Get(), Get({{"expect", R"({"body": "hello, hello"})"}})});
  EXPECT_EQ(user.Ask(0).bytes_received, std::string("HTTP/1.1 200 OK\r\n\r\nhello, hello").size());
  EXPECT_EQ(user.AskOutcome(1), "ok");
}

// A reply that comes in two parts, whose second is sent with the next request. So the cut is where
// it is meant to be, and the first op ends only when the second one was sent.
TEST(Http1, AReplyCutAnywhereIsTheSameReply) {
  const std::string reply =
      "HTTP/1.1 200 OK\r\nX: y\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhell\r\n1\r\no\r\n0\r\n\r\n";
  for (const char* expect : {R"({"status": 200})", R"({"body": "hello"})"}) {
    for (std::size_t cut = 1; cut < reply.size(); ++cut) {
      RudeServer server(Answering({Reply("200 OK")}));
      HttpUser user({{"url", UrlOf(server)}, {"pipeline", "2"}}, {Get({{"expect", expect}})},
                    {.connections = 2});
      ASSERT_EQ(user.error, "");
      server.Behave(Answering({reply.substr(0, cut), reply.substr(cut)}));
      const Op op{.kind = OpKind::kStatement};
      Completions done(4);
      ASSERT_EQ(user.session->Submit({&op, 1}, done), 1u);
      const int opened = 1;  // the request of Open
      while (server.requests() < opened + 1) user.session->Poll(Clock::Now() + kMillisecond, done);
      user.session->Submit({&op, 1}, done);
      while (done.Empty()) user.session->Poll(Clock::Now() + kSecond, done);
      EXPECT_EQ(done.View()[0].outcome, mbench::Outcome::kOk) << cut << " " << expect;
      EXPECT_EQ(done.View()[0].bytes_received, reply.size()) << cut;
    }
  }
}

// The protocol alone, without a socket.
struct Bare {
  explicit Bare(const StatementSpec& spec) {
    ComplaintList complaints;
    programs.emplace_back(ReadHttpStatement(spec, {.authority = "a"}, &complaints));
  }
  HttpPrograms programs;
  ErrorTable errors, labels;
  Http1Protocol protocol{&programs, &errors, &labels, false};
  Call call{.op = {.kind = OpKind::kStatement}};
};

TEST(Http1, AHugeBodyThatNobodyLooksAtIsCountedAndNotKept) {
  Bare bare(Get());
  const std::string piece(64 * 1024, 'x');
  constexpr int kPieces = 1000;
  const std::string head =
      fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", piece.size() * kPieces);
  EXPECT_EQ(bare.protocol.ReadReply(head, false, &bare.call).consumed, head.size());
  mbench::Reply reply;
  for (int i = 0; i < kPieces; ++i) {
    EXPECT_EQ(reply.kind, mbench::Reply::Kind::kIncomplete);
    reply = bare.protocol.ReadReply(piece, false, &bare.call);
    EXPECT_EQ(reply.consumed, piece.size());
  }
  EXPECT_EQ(reply.kind, mbench::Reply::Kind::kDone);
}

TEST(Http1, ABodyThatIsTooLongToLookIntoIsRefusedBeforeItComes) {
  Bare bare(Get({{"expect", R"({"body": "y"})"}}));
  const std::string head =
      fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", HttpJudge::kMostBodyBytes + 1);
  const mbench::Reply reply = bare.protocol.ReadReply(head, false, &bare.call);
  EXPECT_EQ(reply.kind, mbench::Reply::Kind::kMalformed);
  EXPECT_EQ(bare.errors.Name(reply.answer.error), "body too long to look into");
}

TEST(Http1, PipelinedRequestsShareAConnection) {
  RudeServer server(Answering({Reply("200 OK")}));
  HttpUser user({{"url", UrlOf(server)}, {"pipeline", "8"}}, {Get()}, {.connections = 8});
  const std::vector<Op> ops(100, Op{.kind = OpKind::kStatement});
  for (const Answer& answer : Do(*user.session, ops)) EXPECT_EQ(user.Outcome(answer), "ok");
  EXPECT_EQ(server.accepted(), 2);
}

TEST(Http1, ALineBreakInAHeaderFailsTheOpAndNothingIsSent) {
  RudeServer server(Answering({Reply("200 OK")}));
  StatementSpec spec = Get({{"headers", R"({"x-key": "{key}"})"}});
  spec.arguments = {"key"};
  HttpUser user({{"url", UrlOf(server)}}, {spec});
  const std::string_view bad = "a\r\nx-admin: 1", good = "a";
  EXPECT_EQ(user.Outcome(user.Ask(0, {&bad, 1})), "failed: line break in a value for a header");
  EXPECT_EQ(server.requests(), 1) << "that of Open";
  EXPECT_EQ(user.Outcome(user.Ask(0, {&good, 1})), "ok");
}

// ---- what can go wrong ----

TEST(Http1, AServerThatRefusesIsUnreachableWithItsAddress) {
  RudeServer server({.refuse = true});
  HttpUser user({{"url", UrlOf(server)}}, {});
  EXPECT_EQ(user.kind, ErrorKind::kUnreachable);
  EXPECT_EQ(user.error, UrlOf(server) + ": connection refused");
}

TEST(Http1, AServerThatSpeaksSomethingElseIsUnreachable) {
  RudeServer server(Answering({"-ERR unknown command\r\n"}));
  HttpUser user({{"url", UrlOf(server)}}, {});
  EXPECT_EQ(user.kind, ErrorKind::kUnreachable);
  EXPECT_EQ(user.error, UrlOf(server) + ": reply is not HTTP/1");
}

TEST(Http1, GarbageHasAClassAndTheNextOpGoesOn) {
  RudeServer server(Answering({Reply("200 OK")}));
  HttpUser user({{"url", UrlOf(server)}}, {Get()});
  server.Behave(Answering({Garbage(1000)}));
  EXPECT_EQ(user.AskOutcome(), "failed: reply is not HTTP/1");
  server.Behave(Answering({"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"}));
  EXPECT_EQ(user.AskOutcome(), "failed: malformed chunk in a reply");
  server.Behave(Answering({"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"}));
  EXPECT_EQ(user.AskOutcome(), "failed: malformed header in a reply");
  server.Behave(Answering({Reply("200 OK")}));
  EXPECT_EQ(user.AskOutcome(), "ok");
}

TEST(Http1, AReplyThatIsCutShortHasAClass) {
  const std::string reply = Reply("200 OK");
  for (const std::size_t cut : {std::size_t{3}, std::size_t{20}, reply.size() - 1}) {
    RudeServer server(Answering({reply}));
    HttpUser user({{"url", UrlOf(server)}}, {Get()});
    Manners manners = Answering({reply});
    manners.cut_after = cut;
    server.Behave(manners);
    EXPECT_EQ(user.AskOutcome(), "failed: connection closed within a reply") << cut;
    server.Behave(Answering({reply}));
    EXPECT_EQ(user.AskOutcome(), "ok") << cut;
  }
}

TEST(Http1, AServerThatIsSlowTimesOutAndTheLateReplyIsNotTheNextOnes) {
  RudeServer server(Answering({Reply("200 OK")}));
  HttpUser user({{"url", UrlOf(server)}}, {Get({}, "status")}, {.timeout = 50 * kMillisecond});
  server.Behave(Answering({}));
  EXPECT_EQ(user.AskOutcome(), "timed_out");
  server.Behave(Answering({Reply("201 Made")}));
  EXPECT_EQ(user.AskLabel(), "201");
}

TEST(Http1, AServerThatIsGoneFailsOpsAndIsFoundAgain) {
  RudeServer server(Answering({Reply("200 OK")}));
  HttpUser user({{"url", UrlOf(server)}}, {Get()}, {.connections = 4, .fail_fast = true});
  server.Behave({.refuse = true});
  server.HangUp();
  std::string outcome = user.AskOutcome();
  for (int i = 0; i < 1000 && outcome != "failed: connection refused"; ++i) {
    Completions none(8);
    user.session->Poll(Clock::Now() + kMillisecond, none);
    outcome = user.AskOutcome();
  }
  EXPECT_EQ(outcome, "failed: connection refused");
  server.Behave(Answering({Reply("200 OK")}));
  for (int i = 0; i < 5000 && outcome != "ok"; ++i) {
    Completions none(8);
    user.session->Poll(Clock::Now() + kMillisecond, none);
    outcome = user.AskOutcome();
  }
  EXPECT_EQ(outcome, "ok");
}

// As with keepalive_timeout.
TEST(Http1, AConnectionThatIsClosedWhileIdleIsMadeAgainAndFailsNoOp) {
  FakeClock clock(kSecond);
  RudeServer server(Answering({Reply("200 OK")}));
  HttpUser user({{"url", UrlOf(server)}}, {Get()}, {.connections = 1, .fail_fast = true});
  Completions done(2);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(user.AskOutcome(), "ok");
    clock.Advance(kSecond);
    server.HangUp();
    user.session->Poll(0, done);
  }
  EXPECT_EQ(user.AskOutcome(), "ok");
  EXPECT_EQ(server.accepted(), 5) << "one to open, and four for ops";
}

TEST(Http1, AConnectionThatIsClosedAsSoonAsItStandsIsNotMadeAgainAndAgain) {
  FakeClock clock(kSecond);
  RudeServer server(Answering({Reply("200 OK")}));
  HttpUser user({{"url", UrlOf(server)}}, {Get()}, {.connections = 1, .fail_fast = true});
  while (server.accepted() < 2) std::this_thread::yield();  // one to open, and the session's
  server.HangUp();
  Completions done(2);
  user.session->Poll(0, done);
  EXPECT_EQ(user.AskOutcome(), "failed: connection closed by the server");
  clock.Advance(Backoff::kFirst);
  EXPECT_EQ(user.AskOutcome(), "ok");
}

// It has not read all of the request, so what is behind it in the socket is reset.
TEST(Http1, AReplyThatComesBeforeTheRequestIsOutIsTheReply) {
  RudeServer server(Answering({Reply("405 Method Not Allowed")}));
  StatementSpec post = Get({{"http", "POST /"}, {"body", "{text}"}});
  post.arguments = {"text"};
  HttpUser user({{"url", UrlOf(server)}}, {post});
  Manners hasty = Answering({Reply("413 Too Large", "Connection: close\r\n")});
  hasty.close_after_replies = 1;
  server.Behave(hasty);
  const std::string text(8'000'000, 'x');
  const std::string_view value = text;
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(user.Outcome(user.Ask(0, {&value, 1})), "failed: status 413");
  }
}

TEST(Http1, MistakesInOptionsAreNamedAndSecretsAreNot) {
  const auto mistake = [](const Options& options) { return RefusalOf("http", options); };
  EXPECT_THAT(mistake({{"url", "ftp://a"}}), HasSubstr("the scheme 'ftp'"));
  const std::string with_password = mistake({{"url", "http://me:hunter2@127.0.0.1"}});
  EXPECT_THAT(with_password, HasSubstr("user and password do not belong there"));
  EXPECT_THAT(with_password, ::testing::Not(HasSubstr("hunter2")));
  EXPECT_THAT(mistake({{"url", "http://a/?b=c"}}), HasSubstr("a query belongs into"));
  EXPECT_THAT(mistake({{"url", "http://a"}, {"basic", "hunter2"}}), HasSubstr("has no colon"));
  EXPECT_THAT(mistake({{"url", "http://a"}, {"bearer", "x\ny"}}), HasSubstr("line break"));
  EXPECT_THAT(mistake({{"url", "http://a"}, {"pipeline", "0"}}), HasSubstr("out of range"));
  EXPECT_THAT(mistake({{"url", "http://a"}, {"protocol", "h2"}, {"pipeline", "2"}}),
              HasSubstr("with h2 give streams"));
}

}  // namespace
}  // namespace mbench::testing
