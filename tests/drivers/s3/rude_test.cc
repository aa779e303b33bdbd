// SPDX-License-Identifier: Apache-2.0
//
// The driver s3 against servers that misbehave.
#include <gmock/gmock.h>

#include "tests/drivers/s3/rig.h"
#include "tests/drivers/system/rude_server.h"

namespace mbench::testing {
namespace {

using ::testing::HasSubstr;

std::string Reply(std::string_view status, std::string_view body, std::string_view headers = "") {
  return fmt::format("HTTP/1.1 {}\r\n{}Content-Length: {}\r\n\r\n{}", status, headers, body.size(),
                     body);
}

std::string Refusal(std::string_view status, std::string_view code) {
  return Reply(status, fmt::format("<?xml version=\"1.0\"?><Error><Code>{}</Code><Message>Please "
                                   "&lt;wait&gt;.</Message></Error>",
                                   code));
}

const std::string& Listing() {
  static const std::string listing =
      Reply("200 OK", "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>",
            "Server: Rude\r\n");
  return listing;
}

Options At(const RudeServer& server, Options more = {}) {
  Options options = {{"url", fmt::format("http://127.0.0.1:{}", server.port())},
                     {"bucket", "plant"},
                     {"access_key", "somebody"},
                     {"secret_key", "hush"}};
  for (const auto& [name, value] : more) options[name] = value;
  return options;
}

Manners Answering(std::vector<std::string> replies) {
  return {.request_end = "\r\n\r\n", .replies = std::move(replies)};
}

// What becomes of one op when the server answers so.
std::string OutcomeOf(const std::map<std::string, std::string>& words, Manners manners) {
  RudeServer server(Answering({Listing()}));
  S3User user(At(server), {Words(words)}, {.timeout = kSecond});
  if (!user.error.empty()) return user.error;
  server.Behave(std::move(manners));
  return user.AskOutcome(0);
}

TEST(S3Rude, SlowDownIsARejection) {
  EXPECT_EQ(OutcomeOf({{"get", "a"}}, Answering({Refusal("503 Slow Down", "SlowDown")})),
            "rejected: SlowDown");
  EXPECT_EQ(OutcomeOf({{"head", "a"}}, Answering({"HTTP/1.1 503 Busy\r\n\r\n"})),
            "rejected: status 503");
}

TEST(S3Rude, ErrorsHaveTheirCodeAsClass) {
  EXPECT_EQ(OutcomeOf({{"get", "a"}}, Answering({Refusal("403 Forbidden", "AccessDenied")})),
            "failed: AccessDenied");
  EXPECT_EQ(OutcomeOf({{"get", "a"}}, Answering({Refusal("404 Not Found", "NoSuchBucket")})),
            "failed: NoSuchBucket");
  EXPECT_EQ(OutcomeOf({{"get", "a"}}, Answering({Refusal("404 Not Found", "NoSuchKey")})),
            "not_found");
  EXPECT_EQ(OutcomeOf({{"get", "a"}}, Answering({Reply("500 No", "\x1b[31m<oops>")})),
            "failed: status 500");
  EXPECT_EQ(OutcomeOf({{"get", "a"}}, Answering({Refusal("400 Bad", "no\x1b[31m code")})),
            "failed: status 400");
}

// The status left before the work was done.
TEST(S3Rude, AnErrorWithinASuccessIsAnError) {
  EXPECT_EQ(
      OutcomeOf({{"copy", "a"}, {"from", "b"}}, Answering({Refusal("200 OK", "InternalError")})),
      "failed: InternalError");
  EXPECT_EQ(OutcomeOf({{"delete_many", "a"}},
                      Answering({Reply("200 OK",
                                       "<DeleteResult><Error><Key>a</Key><Code>AccessDenied"
                                       "</Code></Error></DeleteResult>")})),
            "failed: some were not removed: AccessDenied");
}

TEST(S3Rude, ARangeThatIsNotHeededFails) {
  EXPECT_EQ(OutcomeOf({{"get", "a"}, {"offset", "5"}}, Answering({Reply("200 OK", "all of it")})),
            "failed: the range was not heeded");
}

TEST(S3Rude, HalfAReplyFails) {
  Manners half = Answering({Reply("200 OK", "twelve bytes")});
  half.cut_after = half.replies[0].size() - 3;
  EXPECT_EQ(OutcomeOf({{"get", "a"}}, half), "failed: connection closed within a reply");
  half.cut_after = 10;
  EXPECT_EQ(OutcomeOf({{"get", "a"}}, half), "failed: connection closed within a reply");
}

TEST(S3Rude, SomethingElseThanHttpFails) {
  EXPECT_EQ(OutcomeOf({{"get", "a"}}, {.request_end = "\r\n\r\n", .replies = {Garbage(300)}}),
            "failed: reply is not HTTP/1");
  EXPECT_EQ(OutcomeOf({{"list", ""}}, Answering({Reply("200 OK", "no list")})),
            "failed: a list that is no ListBucketResult");
}

TEST(S3Rude, SilenceTimesOut) { EXPECT_EQ(OutcomeOf({{"get", "a"}}, Answering({})), "timed_out"); }

// The server answers when it has seen the head; the rest of the request would be taken for another.
TEST(S3Rude, AReplyBeforeTheBodyIsWholeEndsTheConnectionAndNotTheSession) {
  RudeServer server(Answering({Listing()}));
  S3User user(At(server), {Words({{"put", "a"}, {"size", "200MiB"}}), Words({{"get", "a"}})},
              {.timeout = 10 * kSecond});
  ASSERT_EQ(user.error, "");
  Manners early = Answering({Refusal("503 Slow Down", "SlowDown")});
  early.close_after_replies = 1;
  server.Behave(early);
  EXPECT_THAT(user.AskOutcome(0),
              ::testing::AnyOf("rejected: SlowDown", "failed: connection reset"));
  server.Behave(Answering({Reply("200 OK", "fine")}));
  EXPECT_EQ(user.AskOutcome(1), "ok");
}

TEST(S3Rude, APartThatFailsIsTheAnswerAndTheUploadIsGivenUp) {
  const std::string created = Reply("200 OK", "<R><UploadId>an&amp;id</UploadId></R>");
  RudeServer server(Answering({Listing()}));
  S3User user(At(server), {Words({{"multipart", "a"}, {"size", "100"}})}, {.timeout = kSecond});
  ASSERT_EQ(user.error, "");
  server.Behave(
      Answering({created, Refusal("500 No", "InternalError"), "HTTP/1.1 204 Gone\r\n\r\n"}));
  const int before = server.requests();
  const Course upload = user.Ask(0);
  EXPECT_EQ(user.Outcome(upload.end), "failed: InternalError");
  EXPECT_THAT(user.Steps(upload), ::testing::ElementsAre("create", "part"));
  EXPECT_EQ(server.requests() - before, 3) << "create, part, abort";
}

TEST(S3Rude, AWrongRegionIsSaid) {
  RudeServer server(Answering({Reply("400 Bad Request",
                                     "<Error><Code>AuthorizationHeaderMalformed</Code><Message>no"
                                     "</Message><Region>eu-north-1</Region></Error>")}));
  EXPECT_THAT(S3User(At(server)).error, HasSubstr("give region: eu-north-1"));
}

TEST(S3Rude, NobodyThereIsUnreachable) {
  RudeServer server({.refuse = true});
  const S3User user(At(server));
  EXPECT_EQ(user.kind, ErrorKind::kUnreachable);
  EXPECT_THAT(user.error, HasSubstr("connection refused"));
}

}  // namespace
}  // namespace mbench::testing
