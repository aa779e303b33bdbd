// SPDX-License-Identifier: Apache-2.0
//
// What can go wrong between us and MongoDB, and how it is called.
#include <fmt/format.h>

#include <atomic>
#include <mutex>
#include <set>
#include <thread>

#include "drivers/verifier.h"
#include "tests/drivers/mongodb/rig.h"

namespace mbench::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// ---- at the start ----

struct Refused {
  ErrorKind kind;
  std::string message;
};

Refused OpenAt(const std::string& uri, Options options = {}) {
  MongoRig rig(uri, std::move(options));
  std::string message = rig.Open();
  return {rig.kind, message};
}

TEST(MongodbStart, AWrongPasswordIsSaidWithoutThePassword) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  const std::string address = server.Fact("HOST") + ":" + server.Fact("PORT");
  const Refused refused = OpenAt("mongodb://mbench:open_sesame@" + address);
  EXPECT_EQ(refused.kind, ErrorKind::kUnreachable);
  EXPECT_THAT(refused.message, HasSubstr(address));
  EXPECT_THAT(refused.message, HasSubstr("Authentication failed"));
  EXPECT_THAT(refused.message, Not(HasSubstr("open_sesame")));
}

TEST(MongodbStart, AWrongReplicaSetIsSaidWithItsName) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  const std::string address = server.Fact("HOST") + ":" + server.Fact("PORT");
  const Refused refused =
      OpenAt("mongodb://" + address + "/?replicaSet=other&serverSelectionTimeoutMS=700");
  EXPECT_EQ(refused.kind, ErrorKind::kUnreachable);
  EXPECT_THAT(refused.message, HasSubstr(address));
  EXPECT_THAT(refused.message, HasSubstr("No suitable servers found"));
}

TEST(MongodbStart, AnAddressWithoutAServerIsSaidWithTheReason) {
  const Refused refused = OpenAt("mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=300");
  EXPECT_EQ(refused.kind, ErrorKind::kUnreachable);
  EXPECT_THAT(refused.message, HasSubstr("MongoDB at 127.0.0.1:1: "));
  EXPECT_THAT(refused.message, HasSubstr("onnection"));
}

TEST(MongodbStart, AUriThatCannotBeRightIsAMistake) {
  for (const char* uri : {"mongodb://127.0.0.1/?readPreference=nearby",
                          "mongodb://127.0.0.1/?retryWrite=true", "mongodb://"}) {
    const Refused refused = OpenAt(uri);
    EXPECT_EQ(refused.kind, ErrorKind::kUsage) << uri;
    EXPECT_THAT(refused.message, HasSubstr("uri is not right: ")) << uri;
  }
}

TEST(MongodbStart, ACertificateThatIsNotTrustedIsNamed) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  const std::string address = server.Fact("HOST") + ":" + server.Fact("PORT");
  const Refused refused =
      OpenAt("mongodb://" + address +
             "/?tls=true&serverSelectionTimeoutMS=700&tlsCAFile=" + server.Fact("OTHER_CA"));
  EXPECT_EQ(refused.kind, ErrorKind::kUnreachable);
  EXPECT_THAT(refused.message, HasSubstr("TLS handshake failed"));
}

// ---- what the server refuses ----

TEST(MongodbFault, ADocumentOfMoreThan16MegabytesIsTooLarge) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  MongoRig rig(server.Url());
  const auto session = rig.Start(
      {Statement({{"insert", "large"}, {"document", R"({"_id": 1, "text": "{text}"})"}}, {"text"}),
       Statement({{"update", "large"},
                  {"filter", R"({"_id": 1})"},
                  {"set", R"({"$push": {"more": "{text}"}})"}},
                 {"text"})});
  const std::string megabytes(17 << 20, 'x'), half(9 << 20, 'x');
  const std::string_view too_large[] = {megabytes}, large[] = {half};
  EXPECT_EQ(Ask(*session, 0, too_large), "failed: document too large");
  EXPECT_EQ(Ask(*session, 0, large), "ok");
  EXPECT_EQ(Ask(*session, 1, large), "failed: BSONObjectTooLarge") << "it would become so";
  EXPECT_EQ(rig.Count("large"), 1);
}

// Joins a collection of 1,500 documents with itself twice over, which takes much longer than anyone
// here waits.
void MakeSlow(const MongoRig& rig) {
  rig.Ask(
      R"({"aggregate": 1, "cursor": {}, "pipeline": [)"
      R"({"$documents": [{"n": {"$range": [0, 1500]}}]}, {"$unwind": "$n"}, {"$out": "many"}]})");
  ASSERT_EQ(rig.Count("many"), 1500);
}

StatementSpec Slow(std::map<std::string, std::string> more = {}) {
  constexpr std::string_view kJoin = R"({"$lookup": {"from": "many", "pipeline": [], "as": "b"}}, )"
                                     R"({"$unwind": "$b"}, )";
  more["aggregate"] = "many";
  more["pipeline"] = fmt::format(R"([{}{}{{"$count": "n"}}])", kJoin, kJoin);
  return Statement(std::move(more));
}

TEST(MongodbFault, AQueryOverItsMaxTimeIsEndedByTheServer) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  MongoRig rig(server.Url());
  MakeSlow(rig);
  const auto session = rig.Start({Slow({{"maxTimeMS", "50"}})});
  EXPECT_EQ(Ask(*session, 0), "failed: MaxTimeMSExpired");
}

TEST(MongodbFault, AnOpThatRunsOutOfTimeIsTimedOutAndTheSessionGoesOn) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  for (const char* client : {"libmongoc", "direct"}) {
    MongoRig rig(server.Url() + "&retryReads=false", {{"client", client}});
    MakeSlow(rig);
    // The server is told too, later, so that it does not work on for ever.
    const auto session = rig.Start({Slow({{"maxTimeMS", "2000"}}), Statement({{"count", "many"}})},
                                   {.timeout = 300 * kMillisecond});
    const Answer slow = Do(*session, StatementOp(0));
    EXPECT_EQ(slow.outcome, Outcome::kTimedOut) << client;
    EXPECT_LT(slow.finished - slow.started, 1500 * kMillisecond) << "not waited for";
    std::string told;
    for (int i = 0; i < 20 && told != "ok"; ++i) told = Ask(*session, 1);
    EXPECT_EQ(told, "ok") << client;
  }
}

TEST(MongodbFault, TheServerGivesUpWithUsWhenItIsToldOurTimeOut) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  for (const char* client : {"libmongoc", "direct"}) {
    MongoRig rig(server.Url() + "&retryReads=false", {{"max_time", "true"}, {"client", client}});
    MakeSlow(rig);
    const auto session = rig.Start({Slow()}, {.timeout = 300 * kMillisecond});
    EXPECT_NE(Do(*session, StatementOp(0)).outcome, Outcome::kOk);
    const auto works = [&] {
      return rig.AskIn("admin", R"({"aggregate": 1, "cursor": {}, "pipeline": [{"$currentOp": {}},)"
                                R"({"$match": {"ns": ")" +
                                    rig.database() + R"(.many"}}]})")
                 .find("$lookup") != std::string::npos;
    };
    bool still = true;
    for (int i = 0; i < 50 && still; ++i) still = works();
    EXPECT_FALSE(still) << client;
  }
}

TEST(MongodbFault, ABadQueryIsCalledAsTheServerCallsIt) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  MongoRig rig(server.Url());
  const auto session = rig.Start({Statement({{"find", "a"}, {"filter", R"({"$nope": 1})"}}),
                                  Statement({{"command", R"({"fly": 1})"}})});
  EXPECT_EQ(Ask(*session, 0), "failed: BadValue");
  EXPECT_THAT(session->LastMessage(), HasSubstr("$nope")) << "in its own words";
  EXPECT_EQ(Ask(*session, 1), "failed: CommandNotFound");
}

TEST(MongodbFault, ValuesThatDoNotFitAreNotSent) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  MongoRig rig(server.Url());
  const auto session =
      rig.Start({Statement({{"find", "a"}, {"filter", R"({"_id": {"$oid": "{id}"}})"}}, {"id"})});
  const std::string_view id[] = {"no id"};
  EXPECT_EQ(Ask(*session, 0, id), "failed: a value is not an ObjectId");
}

// ---- a replica set that loses its primary ----

// Writes one after the other with majority, in a thread, and remembers which were acknowledged.
class Writer {
 public:
  Writer(std::unique_ptr<Session> session)
      : session_(std::move(session)), thread_([this] { Run(); }) {}
  ~Writer() { Stop(); }

  void Stop() {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
  }
  // Until so many more were acknowledged; false when that takes more than half a minute.
  bool Await(int more) {
    const std::uint64_t wanted = acknowledged_ + more;
    const Ticks deadline = Clock::Now() + 30 * kSecond;
    while (acknowledged_ < wanted && Clock::Now() < deadline) {
      Clock::SleepUntil(Clock::Now() + 5 * kMillisecond);
    }
    return acknowledged_ >= wanted;
  }
  Ticks longest_gap() const { return longest_gap_; }
  const std::vector<std::string>& keys() const { return keys_; }  // REQUIRES: stopped
  const std::set<std::string>& errors() const { return errors_; }

 private:
  void Run() {
    Ticks last = Clock::Now();
    for (int i = 0; !stop_; ++i) {
      const std::string key = fmt::format("key{:06}", i);
      const Answer answer = Do(*session_, {.kind = OpKind::kInsert, .key = key, .value = "v"});
      if (answer.outcome == Outcome::kOk) {
        longest_gap_ = std::max(longest_gap_, answer.finished - last);
        last = answer.finished;
        keys_.push_back(key);
        ++acknowledged_;
      } else {
        errors_.insert(Told(*session_, answer));
      }
    }
  }

  std::unique_ptr<Session> session_;
  std::vector<std::string> keys_;
  std::set<std::string> errors_;
  Ticks longest_gap_ = 0;
  std::atomic<bool> stop_{false};
  std::atomic<std::uint64_t> acknowledged_{0};
  std::thread thread_;
};

// How many of the keys are there, asked of whoever is primary now.
std::size_t CountPresent(MongoRig& rig, const std::vector<std::string>& keys) {
  const auto session = rig.NewSession({.timeout = 10 * kSecond});
  std::size_t present = 0;
  for (const std::string& key : keys) {
    present += Do(*session, {.kind = OpKind::kRead, .key = key}).outcome == Outcome::kOk ? 1 : 0;
  }
  return present;
}

class ReplicaSet : public ::testing::Test {
 protected:
  static std::string Uri(const Server& server, std::string_view more = "") {
    return server.Url() + "&w=majority" + std::string(more);
  }
};

TEST_F(ReplicaSet, LosesNoAcknowledgedWriteWhenThePrimaryStepsDownOrIsKilled) {
  MBENCH_NEEDS(OwnServer, server, "mongodb-replicaset");
  MongoRig rig(Uri(server, "&retryWrites=false"));
  ASSERT_EQ(rig.Open(), "");
  ASSERT_TRUE(rig.driver().Verifier()->LogWrites());
  Writer writer(rig.NewSession({.timeout = 3 * kSecond}));
  ASSERT_TRUE(writer.Await(50));
  const std::string first = rig.Primary();
  rig.AskIn("admin", R"({"replSetStepDown": 20, "secondaryCatchUpPeriodSecs": 5})");
  ASSERT_TRUE(writer.Await(100)) << "the run goes on";
  const std::string second = rig.Primary();
  EXPECT_NE(first, second);
  server.Kill(ProcessOf(server, second));
  ASSERT_TRUE(writer.Await(100)) << "and after a kill -9";
  writer.Stop();
  EXPECT_GT(writer.longest_gap(), 100 * kMillisecond) << "nothing was written meanwhile";
  EXPECT_FALSE(writer.errors().empty());
  // What may be said while there is no primary, without retries.
  const std::set<std::string> known = {
      "failed: NotWritablePrimary",    "failed: PrimarySteppedDown",
      "failed: connection lost",       "failed: InterruptedDueToReplStateChange",
      "failed: no suitable server",    "failed: NotPrimaryNoSecondaryOk",
      "failed: NotPrimaryOrSecondary", "timed_out: no suitable server",
      "timed_out: connection lost",    "failed: InterruptedAtShutdown"};
  for (const std::string& error : writer.errors()) EXPECT_TRUE(known.contains(error)) << error;
  EXPECT_EQ(CountPresent(rig, writer.keys()), writer.keys().size()) << "a write was lost";
  const auto verified = rig.driver().Verifier()->Verify();
  ASSERT_TRUE(verified) << verified.error().message;
  EXPECT_TRUE(verified->at(0).ok) << verified->at(0).measured;
}

TEST_F(ReplicaSet, RetriedWritesHideAStepDown) {
  MBENCH_NEEDS(SharedServer, server, "mongodb-replicaset");
  MongoRig rig(Uri(server));
  ASSERT_EQ(rig.Open(), "");
  const auto session = rig.NewSession({.timeout = 10 * kSecond});
  ASSERT_EQ(Told(*session, Do(*session, {.kind = OpKind::kInsert, .key = "a", .value = "v"})),
            "ok");
  rig.AskIn(
      "admin",
      R"({"configureFailPoint": "failCommand", "mode": {"times": 1}, "data": {)"
      R"("failCommands": ["update"], "errorCode": 10107, "errorLabels": ["RetryableWriteError"]}})");
  EXPECT_EQ(Told(*session, Do(*session, {.kind = OpKind::kUpdate, .key = "a", .value = "w"})),
            "ok");
}

TEST_F(ReplicaSet, ACommitThatNobodyHeardOfIsAskedForAgain) {
  MBENCH_NEEDS(SharedServer, server, "mongodb-replicaset");
  MongoRig rig(Uri(server));
  StatementSpec spec = Statement({});
  spec.steps = {Statement({{"insert", "a"}, {"document", R"({"_id": 1})"}})};
  rig.Ask(R"({"create": "a"})");
  const auto session = rig.Start({spec}, {.timeout = 10 * kSecond});
  rig.AskIn("admin",
            R"({"configureFailPoint": "failCommand", "mode": {"times": 3}, "data": {)"
            R"("failCommands": ["commitTransaction"], "errorCode": 10107,)"
            R"("errorLabels": ["RetryableWriteError", "UnknownTransactionCommitResult"]}})");
  EXPECT_EQ(Ask(*session, 0), "ok");
  EXPECT_EQ(rig.Count("a"), 1);
}

TEST_F(ReplicaSet, ReadsGoWhereThePreferenceSaysWithAllTheirBatches) {
  MBENCH_NEEDS(SharedServer, server, "mongodb-replicaset");
  MongoRig writing(server.Url() + "&w=3");
  ASSERT_EQ(writing.Open(), "");
  {
    const auto session = writing.NewSession();
    for (int i = 0; i < 50; ++i) {
      const std::string key = Key(i);
      Do(*session, {.kind = OpKind::kInsert, .key = key, .value = "v"});
    }
  }
  MongoRig reading(server.Url() + "&readPreference=secondary");
  const auto session = reading.Start({Statement({{"find", "usertable"}, {"batchSize", "3"}})});
  for (int i = 0; i < 20; ++i) EXPECT_EQ(Ask(*session, 0), "ok");
  const Answer whole = Do(*session, StatementOp(0));
  EXPECT_EQ(whole.items, 50u);
}

}  // namespace
}  // namespace mbench::testing
