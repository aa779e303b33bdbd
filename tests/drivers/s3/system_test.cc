// SPDX-License-Identifier: Apache-2.0
//
// The driver s3 against a real MinIO.
#include <gmock/gmock.h>

#include "drivers/s3/bucket.h"
#include "drivers/s3/request.h"
#include "tests/drivers/carries.h"
#include "tests/drivers/s3/rig.h"

namespace mbench::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::size_t kMiB = 1024 * 1024;
constexpr std::size_t kWords = 800;  // bytes of heads, signatures among them

TEST(S3System, AnObjectIsPutReadAskedForAndDeleted) {
  MBENCH_NEEDS(SharedServer, minio, "minio");
  S3User user(OptionsFor(minio), {Words({{"put", "one"}, {"size", "70000"}}),
                                  Words({{"get", "one"}, {"verify", "true"}}),
                                  Words({{"head", "one"}}), Words({{"delete", "one"}})});
  ASSERT_EQ(user.error, "");
  EXPECT_EQ(user.facts.system, "MinIO");
  const Course put = user.Ask(0);
  EXPECT_EQ(user.Outcome(put.end), "ok");
  EXPECT_THAT(put.end.bytes_sent, Carries(std::size_t{70000}, kWords));
  const Course get = user.Ask(1);
  EXPECT_EQ(user.Outcome(get.end), "ok");
  EXPECT_GE(get.end.bytes_received, 70000u);
  EXPECT_EQ(get.end.items, 1u);
  EXPECT_EQ(user.AskOutcome(2), "ok");
  EXPECT_EQ(user.AskOutcome(3), "ok");
  EXPECT_EQ(user.AskOutcome(1), "not_found");
  EXPECT_EQ(user.AskOutcome(2), "not_found");
}

// Blanks, =, :, + and % and others that have to be encoded to be signed.
TEST(S3System, KeysMayHaveAnyCharacter) {
  MBENCH_NEEDS(SharedServer, minio, "minio");
  S3User user(OptionsFor(minio),
              {Words({{"put", "{k}"}, {"size", "100"}}, {"k"}),
               Words({{"get", "{k}"}, {"verify", "true"}}, {"k"}),
               Words({{"copy", "copy of {k}"}, {"from", "{k}"}}, {"k"}),
               Words({{"get", "copy of {k}"}}, {"k"}),
               Words({{"get", "{k}"}, {"presigned", "true"}, {"verify", "true"}}, {"k"}),
               Words({{"delete_many", "{k}"}}, {"k"})});
  ASSERT_EQ(user.error, "");
  for (const std::string_view key :
       {"a=b", "a:b", "a b", "a+b", "100%", "q?x=1&y", "d\xc3\xa4/\xe2\x82\xac", "~-_.!*'()",
        "<tag>&amp;", "a%20b", "$@,;"}) {
    for (std::uint16_t statement = 0; statement < 6; ++statement)
      EXPECT_EQ(user.AskOutcome(statement, {&key, 1}), "ok") << key << " " << statement;
    EXPECT_EQ(user.AskOutcome(1, {&key, 1}), "not_found") << key;
  }
}

TEST(S3System, ARangeIsReadAndChecked) {
  MBENCH_NEEDS(SharedServer, minio, "minio");
  const std::map<std::string, std::string> range = {
      {"get", "ranged"}, {"verify", "true"}, {"offset", "{at}"}, {"bytes", "{size}"}};
  S3User user(OptionsFor(minio),
              {Words({{"put", "ranged"}, {"size", "1MiB"}}), Words(range, {"at", "size"}),
               Words({{"get", "ranged"}, {"offset", "1000000"}})});
  ASSERT_EQ(user.error, "");
  ASSERT_EQ(user.AskOutcome(0), "ok");
  const std::pair<std::string_view, std::string_view> kRanges[] = {
      {"0", "1"}, {"1", "4095"}, {"4095", "4098"}, {"123457", "64KiB"}, {"1048575", "1"}};
  for (const auto& [at, size] : kRanges) {
    const std::string_view arguments[] = {at, size};
    EXPECT_EQ(user.AskOutcome(1, arguments), "ok") << at << "+" << size;
  }
  EXPECT_THAT(user.Ask(2).end.bytes_received, Carries(kMiB - 1000000, kWords)) << "to the end";
  const std::string_view behind[] = {"2MiB", "10"};
  EXPECT_EQ(user.AskOutcome(1, behind), "failed: InvalidRange");
  const std::string_view not_one[] = {"many", "10"};
  EXPECT_EQ(user.AskOutcome(1, not_one), "failed: a value that is no size");
}

TEST(S3System, BytesThatNobodyWroteThereAreAMismatch) {
  MBENCH_NEEDS(SharedServer, minio, "minio");
  S3User user(OptionsFor(minio),
              {Words({{"put", "other"}, {"body", "not what belongs there"}}),
               Words({{"get", "other"}, {"verify", "true"}}), Words({{"get", "other"}})});
  ASSERT_EQ(user.error, "");
  ASSERT_EQ(user.AskOutcome(0), "ok");
  EXPECT_EQ(user.AskOutcome(1), "mismatch");
  EXPECT_EQ(user.AskOutcome(2), "ok");
}

TEST(S3System, TheFirstByteIsAStep) {
  MBENCH_NEEDS(SharedServer, minio, "minio");
  S3User user(OptionsFor(minio), {Words({{"put", "large"}, {"size", "3MiB"}}),
                                  Words({{"get", "large"}, {"first_byte", "true"}})});
  ASSERT_EQ(user.error, "");
  ASSERT_EQ(user.AskOutcome(0), "ok");
  const Course get = user.Ask(1);
  ASSERT_THAT(user.Steps(get), ElementsAre("first byte"));
  EXPECT_EQ(get.steps[0].started, get.end.started);
  EXPECT_LE(get.steps[0].finished, get.end.finished);
  EXPECT_THAT(get.steps[0].bytes_received, ::testing::Lt(2000u)) << "the head alone";
  EXPECT_GE(get.end.bytes_received, 3 * kMiB);
}

TEST(S3System, APartAtATimeMakesAnObjectOfAll) {
  MBENCH_NEEDS(SharedServer, minio, "minio");
  S3User user(
      OptionsFor(minio),
      {Words({{"multipart", "many"}, {"size", "13MiB"}, {"part", "5MiB"}}),
       Words({{"get", "many"}, {"verify", "true"}}), Words({{"multipart", "none"}, {"size", "0"}}),
       Words({{"get", "none"}, {"verify", "true"}})});
  ASSERT_EQ(user.error, "");
  const Course upload = user.Ask(0);
  EXPECT_EQ(user.Outcome(upload.end), "ok");
  EXPECT_THAT(user.Steps(upload), ElementsAre("create", "part", "part", "part"));
  EXPECT_THAT(upload.steps[1].bytes_sent, Carries(5 * kMiB, kWords));
  EXPECT_THAT(upload.steps[3].bytes_sent, Carries(3 * kMiB, kWords));
  EXPECT_LE(upload.steps[1].finished, upload.steps[2].started);
  EXPECT_GE(upload.end.bytes_sent, 13 * kMiB);
  const Course get = user.Ask(1);
  EXPECT_EQ(user.Outcome(get.end), "ok");
  EXPECT_GE(get.end.bytes_received, 13 * kMiB);
  EXPECT_EQ(user.AskOutcome(2), "ok");
  EXPECT_EQ(user.AskOutcome(3), "ok");
}

TEST(S3System, AListGoesPageByPageAndCountsItsKeys) {
  MBENCH_NEEDS(SharedServer, minio, "minio");
  S3User user(OptionsFor(minio),
              {Words({{"put", "list/{d}/{n}"}, {"size", "10"}}, {"d", "n"}),
               Words({{"list", "list/"}, {"max_keys", "4"}, {"pages", "2"}}),
               Words({{"list", "list/"}, {"max_keys", "4"}, {"pages", "0"}}),
               Words({{"list", "list/"}, {"delimiter", "/"}}), Words({{"list", "nothing/"}})});
  ASSERT_EQ(user.error, "");
  for (const std::string_view d : {"a", "b"})
    for (const std::string_view n : {"1", "2", "3", "4", "5"}) {
      const std::string_view arguments[] = {d, n};
      ASSERT_EQ(user.AskOutcome(0, arguments), "ok");
    }
  const Course two = user.Ask(1);
  EXPECT_EQ(two.end.items, 8u);
  EXPECT_THAT(user.Steps(two), ElementsAre("page"));
  EXPECT_EQ(two.steps[0].items, 4u);
  const Course all = user.Ask(2);
  EXPECT_EQ(all.end.items, 10u);
  EXPECT_THAT(user.Steps(all), ElementsAre("page", "page"));
  EXPECT_EQ(user.Ask(3).end.items, 2u) << "a/ and b/";
  EXPECT_EQ(user.Ask(4).end.items, 0u);
}

TEST(S3System, ManyAreRemovedAtOnce) {
  MBENCH_NEEDS(SharedServer, minio, "minio");
  StatementSpec remove = Words({{"delete_many", "removed/{n}"}, {"batch", "3"}}, {"n"});
  remove.batch = 3;
  S3User user(OptionsFor(minio), {Words({{"put", "removed/{n}"}, {"size", "10"}}, {"n"}), remove,
                                  Words({{"list", "removed/"}})});
  ASSERT_EQ(user.error, "");
  const std::string_view all[] = {"1", "2", "3", "4"};
  for (const std::string_view& n : all) ASSERT_EQ(user.AskOutcome(0, {&n, 1}), "ok");
  const Course removed = user.Ask(1, std::span(all).first(3));
  EXPECT_EQ(user.Outcome(removed.end), "ok");
  EXPECT_EQ(removed.end.items, 3u);
  EXPECT_EQ(user.Ask(2).end.items, 1u);
}

TEST(S3System, SignedPayloadsAndParametersAndHeaders) {
  MBENCH_NEEDS(SharedServer, minio, "minio");
  S3User user(
      OptionsFor(minio, {{"payload", "signed"}}),
      {Words({{"put", "signed"}, {"size", "300KiB"}}),
       Words({{"put", "text"},
              {"body", "{\"a\": 1}"},
              {"headers", R"({"content-type": "application/json", "x-amz-meta-b": "1  2"})"}}),
       Words({{"get", "signed"},
              {"verify", "true"},
              {"query", R"({"response-content-type": "text/plain; a=b", "partNumber": "1"})"}}),
       Words({{"multipart", "parts"}, {"size", "6MiB"}, {"part", "5MiB"}}),
       Words({{"put", "text"},
              {"query", R"({"tagging": ""})"},
              {"body", "<Tagging><TagSet/></Tagging>"}})});
  ASSERT_EQ(user.error, "");
  for (const int statement : {0, 0, 1, 2, 3, 4})
    EXPECT_EQ(user.AskOutcome(static_cast<std::uint16_t>(statement)), "ok") << statement;
}

TEST(S3System, ABucketMayBeAPartOfTheHost) {
  MBENCH_NEEDS(SharedServer, minio, "minio");
  const std::string url = "http://localhost:" + minio.Fact("PORT");
  const std::vector<StatementSpec> statements = {Words({{"put", "a=b/by host"}, {"size", "10"}}),
                                                 Words({{"get", "a=b/by host"}}),
                                                 Words({{"list", "a=b/"}})};
  S3User user(OptionsFor(minio, {{"url", url}, {"style", "virtual"}}), statements);
  ASSERT_EQ(user.error, "");
  EXPECT_EQ(user.AskOutcome(0), "ok");
  S3User other(OptionsFor(minio), statements);
  EXPECT_EQ(other.AskOutcome(1), "ok") << "the same object by its path";
  EXPECT_EQ(user.Ask(2).end.items, 1u);
}

TEST(S3System, ByTlsWithACertificateThatIsTrusted) {
  MBENCH_NEEDS(SharedServer, minio, "minio-tls");
  const std::vector<StatementSpec> statements = {Words({{"put", "tls"}, {"size", "5MiB"}}),
                                                 Words({{"get", "tls"}, {"verify", "true"}})};
  S3User user(OptionsFor(minio, {{"tls_ca", minio.Fact("CA")}}), statements);
  ASSERT_EQ(user.error, "");
  EXPECT_EQ(user.AskOutcome(0), "ok");
  EXPECT_EQ(user.AskOutcome(1), "ok");
  const S3User stranger(OptionsFor(minio, {{"tls_ca", minio.Fact("OTHER_CA")}}));
  EXPECT_THAT(stranger.error, HasSubstr("certificate not trusted"));
}

// ---- what is wrong ----

TEST(S3System, AWrongKeyIsSaidWithoutRepeatingIt) {
  MBENCH_NEEDS(SharedServer, minio, "minio");
  const S3User user(OptionsFor(minio, {{"secret_key", "wrong-and-secret"}}));
  EXPECT_THAT(user.error, AllOf(HasSubstr("SignatureDoesNotMatch"), HasSubstr("secret_key"),
                                ::testing::Not(HasSubstr("wrong-and-secret"))));
  EXPECT_EQ(user.kind, ErrorKind::kUnreachable);
  const S3User stranger(OptionsFor(minio, {{"access_key", "nobody"}}));
  EXPECT_THAT(stranger.error, HasSubstr("is access_key the right one?"));
}

TEST(S3System, ABucketIsMadeOnlyOnRequest) {
  MBENCH_NEEDS(SharedServer, minio, "minio");
  const std::string bucket = fmt::format("made-by-{}", getpid());
  const S3User missing(OptionsFor(minio, {{"bucket", bucket}, {"create", "false"}}));
  EXPECT_THAT(missing.error, AllOf(HasSubstr("no bucket"), HasSubstr("create: true")));
  EXPECT_EQ(missing.kind, ErrorKind::kUsage);
  EXPECT_EQ(S3User(OptionsFor(minio, {{"bucket", bucket}})).error, "");
  EXPECT_EQ(S3User(OptionsFor(minio, {{"bucket", bucket}, {"create", "false"}})).error, "");
}

TEST(S3System, ClocksThatAreTooFarApartAreSaidWithBothTimes) {
  MBENCH_NEEDS(SharedServer, minio, "minio");
  s3::MoveSigningTime(3600);
  const S3User user(OptionsFor(minio));
  s3::MoveSigningTime(0);
  EXPECT_THAT(user.error,
              AllOf(HasSubstr("RequestTimeTooSkewed"), HasSubstr("this host signed at 2"),
                    HasSubstr("GMT"), HasSubstr("set the clock")));
}

TEST(S3System, AKeyThatIsTooLongIsNotSent) {
  MBENCH_NEEDS(SharedServer, minio, "minio");
  S3User user(OptionsFor(minio), {Words({{"get", "{k}"}}, {"k"})});
  ASSERT_EQ(user.error, "");
  const std::string text(2000, 'k');
  const std::string_view long_key = text, no_key = "";
  EXPECT_EQ(user.AskOutcome(0, {&long_key, 1}), "failed: key longer than 1,024 bytes");
  EXPECT_EQ(user.AskOutcome(0, {&no_key, 1}), "failed: no key");
}

TEST(S3System, ObjectsOfOthersAreNeverCleared) {
  MBENCH_NEEDS(SharedServer, minio, "minio");
  const Options options = OptionsFor(minio, {{"prefix", fmt::format("theirs-{}/", getpid())}});
  S3User them(options,
              {Words({{"put", "precious"}, {"size", "10"}}), Words({{"head", "precious"}})});
  ASSERT_EQ(them.error, "");
  ASSERT_EQ(them.AskOutcome(0), "ok");
  S3User user(options);
  ASSERT_EQ(user.error, "");
  EXPECT_EQ(Look(*user.driver).dataset, "");
  EXPECT_FALSE(Look(*user.driver).empty);
  const Status cleared = user.driver->Store()->Clear();
  ASSERT_FALSE(cleared);
  EXPECT_EQ(cleared.error().kind, ErrorKind::kUsage);
  EXPECT_THAT(cleared.error().message, HasSubstr("left alone"));
  EXPECT_FALSE(user.driver->Store()->SetDataset("ours"));
  EXPECT_EQ(them.AskOutcome(1), "ok");
}

// More than a page of a list, with names that need their encoding.
TEST(S3System, ClearRemovesAllObjectsOfOurs) {
  MBENCH_NEEDS(SharedServer, minio, "minio");
  S3User user(OptionsFor(minio, {{"prefix", fmt::format("ours-{}/", getpid())}}), {},
              {.connections = 16});
  ASSERT_EQ(user.error, "");
  std::vector<std::string> keys;
  for (int i = 0; i < 1100; ++i) keys.push_back(fmt::format("k {}+&{}", i, i));
  std::vector<Op> ops;
  for (const std::string& key : keys)
    ops.push_back({.kind = OpKind::kInsert, .key = key, .value = "v"});
  for (const Answer& answer : Do(*user.session, ops)) ASSERT_EQ(user.Outcome(answer), "ok");
  ASSERT_FALSE(Look(*user.driver).empty);
  user.session.reset();
  const Status cleared = user.driver->Store()->Clear();
  ASSERT_TRUE(cleared) << cleared.error().message;
  EXPECT_TRUE(Look(*user.driver).empty);
  EXPECT_EQ(Look(*user.driver).dataset, kUnfinishedDataset);
}

}  // namespace
}  // namespace mbench::testing
