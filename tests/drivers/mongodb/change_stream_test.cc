// SPDX-License-Identifier: Apache-2.0
//
// Writes that are watched, and their events, with real servers.
#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "drivers/observer.h"
#include "drivers/watcher.h"
#include "tests/drivers/mongodb/rig.h"

namespace mbench::testing {
namespace {

using ::testing::HasSubstr;

constexpr SessionPlan kPlan{.timeout = 10 * kSecond};

// The watcher of a rig's statements, in a thread of its own, as the engine has it.
class Watching {
 public:
  explicit Watching(MongoRig& rig) {
    auto watchers = rig.driver().Watchers()->NewWatchers(kPlan);
    if (!watchers) {
      ADD_FAILURE() << watchers.error().message;
      return;
    }
    EXPECT_EQ(watchers->size(), 1u);
    watcher_ = std::move(watchers->front());
    thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
  }

  // Ends it: when nothing is missing, or after that time. Then how often each statement was seen
  // stands in `seen`, and what failed in `failed`.
  void Finish(Ticks patience = 20 * kSecond) {
    deadline_ = Clock::Now() + patience;
    thread_.request_stop();
    thread_.join();
    watcher_.reset();
  }

  std::map<std::uint32_t, int> seen;
  std::map<std::string, int> failed;
  Ticks longest = 0;

 private:
  void Run(const std::stop_token& stop) {
    while (!stop.stop_requested()) Turn();
    while (watcher_->Missing() != 0 && Clock::Now() < deadline_) Turn();
    watcher_->GiveUp(false);
    Turn();
  }
  void Turn() {
    std::vector<Sighting> told;
    watcher_->Poll(Clock::Now() + 20 * kMillisecond, &told);
    for (const Sighting& one : told) {
      EXPECT_LE(one.ended, one.seen);
      EXPECT_EQ(watcher_->DescribeLabel(one.label), "event");
      if (one.outcome == Outcome::kOk) {
        ++seen[one.statement];
        longest = std::max(longest, one.seen - one.ended);
      } else {
        ++failed[watcher_->DescribeError(one.error)];
      }
    }
  }

  std::unique_ptr<Watcher> watcher_;
  std::atomic<Ticks> deadline_{0};
  std::jthread thread_;
};

std::string FactAfter(MongoRig& rig, const std::string& name) {
  const SystemRemarks remarks = rig.driver().Observer()->ExamineAfter();
  const auto found = remarks.facts.find(name);
  return found == remarks.facts.end() ? "" : found->second;
}

StatementSpec Watched(std::map<std::string, std::string> body,
                      std::vector<std::string> arguments = {}) {
  body.emplace("watch", "true");
  return Statement(std::move(body), std::move(arguments));
}

TEST(MongodbChangeStream, EveryWriteOfEveryKindIsSeenOnce) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  MongoRig rig(server.Url());
  ASSERT_EQ(rig.Open(), "");
  StatementSpec pay = Statement({});
  pay.steps = {Watched({{"insert", "orders"}, {"document", "{}"}}),
               Watched({{"update", "orders"},
                        {"filter", R"({"_id": "nobody"})"},
                        {"set", R"({"$inc": {"n": 1}})"}})};
  StatementSpec batch =
      Watched({{"insert", "orders"}, {"document", R"({"n": "{n}"})"}, {"batch", "3"}}, {"n"});
  batch.batch = 3;
  ASSERT_EQ(rig.Prepare({
                Watched({{"insert", "orders"}, {"document", R"({"_id": "{id}"})"}}, {"id"}),
                Watched({{"update", "orders"},
                         {"filter", R"({"_id": "a"})"},
                         {"set", R"({"$inc": {"n": 1}})"}}),
                Watched({{"update", "orders"},
                         {"filter", R"({"_id": "a"})"},
                         {"pipeline", R"([{"$set": {"m": "$n"}}])"}}),
                Watched({{"replace", "orders"},
                         {"filter", R"({"_id": "b"})"},
                         {"document", "{}"},
                         {"upsert", "true"}}),
                Watched({{"findAndModify", "orders"},
                         {"filter", R"({"_id": "a"})"},
                         {"set", R"({"$inc": {"n": 1}})"}}),
                batch,
                pay,
            }),
            "");
  Watching watching(rig);
  const auto session = rig.NewSession(kPlan);
  const std::string_view a[] = {"a"}, three[] = {"1", "2", "3"};
  EXPECT_EQ(Ask(*session, 0, a), "ok");
  EXPECT_EQ(Ask(*session, 0, a), "failed: DuplicateKey") << "has no event, and none is waited for";
  for (int i = 0; i < 5; ++i) {
    for (std::uint16_t statement = 1; statement <= 4; ++statement)
      EXPECT_EQ(Ask(*session, statement), "ok");
  }
  EXPECT_EQ(Ask(*session, 5, three), "ok");
  EXPECT_EQ(Ask(*session, 6), "ok") << "though one of its steps found nothing";
  watching.Finish();
  EXPECT_EQ(watching.seen,
            (std::map<std::uint32_t, int>{{0, 1}, {1, 5}, {2, 5}, {3, 5}, {4, 5}, {5, 3}, {6, 1}}));
  EXPECT_TRUE(watching.failed.empty());
  EXPECT_LT(watching.longest, 5 * kSecond);
  EXPECT_THAT(FactAfter(rig, "events of orders"),
              HasSubstr("25 writes acknowledged, 25 seen as events"));
  EXPECT_THAT(FactAfter(rig, "events of orders"), HasSubstr("0 lost, 0 doubled"));
  EXPECT_TRUE(rig.driver().Observer()->ExamineAfter().invalid.empty());
}

TEST(MongodbChangeStream, AnEventThatNeverComesIsLostAndMakesTheRunInvalid) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  MongoRig rig(server.Url());
  ASSERT_EQ(rig.Open(), "");
  ASSERT_EQ(rig.Prepare({Statement(
                {{"insert", "orders"},
                 {"document", R"({"n": "{n}"})"},
                 {"watch", R"({"pipeline": [{"$match": {"fullDocument.n": {"$ne": "2"}}}]})"}},
                {"n"})}),
            "");
  Watching watching(rig);
  const auto session = rig.NewSession(kPlan);
  for (const char* number : {"1", "2", "3"}) {
    const std::string_view values[] = {number};
    EXPECT_EQ(Ask(*session, 0, values), "ok");
  }
  watching.Finish(500 * kMillisecond);
  EXPECT_EQ(watching.seen[0], 2);
  EXPECT_EQ(watching.failed, (std::map<std::string, int>{{"event lost", 1}}));
  const SystemRemarks after = rig.driver().Observer()->ExamineAfter();
  ASSERT_EQ(after.invalid.size(), 1u);
  EXPECT_THAT(after.invalid[0], HasSubstr("1 of 3 acknowledged writes to orders were not seen"));
}

TEST(MongodbChangeStream, GoesOnWithoutLossWhenItsConnectionIsCut) {
  MBENCH_NEEDS(SharedServer, server, "mongodb-replicaset");
  MongoRig rig(fmt::format("{}&w=majority&appName={}", server.Url(), getpid()));
  ASSERT_EQ(rig.Open(), "");
  ASSERT_EQ(rig.Prepare({Watched({{"insert", "orders"}, {"document", "{}"}})}), "");
  Watching watching(rig);
  const auto session = rig.NewSession(kPlan);
  for (int cut = 0; cut < 2; ++cut) {
    for (int i = 0; i < 10; ++i) EXPECT_EQ(Ask(*session, 0), "ok");
    rig.AskIn("admin",
              fmt::format(R"({{"configureFailPoint": "failCommand", "mode": {{"times": 1}}, )"
                          R"("data": {{"failCommands": ["getMore"], "closeConnection": true, )"
                          R"("appName": "{}"}}}})",
                          getpid()));
    for (int i = 0; i < 10; ++i) EXPECT_EQ(Ask(*session, 0), "ok");
  }
  watching.Finish();
  EXPECT_EQ(watching.seen[0], 40);
  EXPECT_TRUE(watching.failed.empty());
  EXPECT_THAT(FactAfter(rig, "events of orders"), HasSubstr(" times"));
}

TEST(MongodbChangeStream, LosesAndDoublesNothingWhenThePrimaryStepsDownOrIsKilled) {
  MBENCH_NEEDS(OwnServer, server, "mongodb-replicaset");
  MongoRig rig(server.Url() + "&w=majority");
  ASSERT_EQ(rig.Open(), "");
  ASSERT_EQ(rig.Prepare({Watched({{"insert", "orders"}, {"document", "{}"}})}), "");
  Watching watching(rig);
  std::atomic<bool> stop{false};
  std::atomic<int> acknowledged{0};
  std::thread writer([&, session = rig.NewSession(kPlan)] {
    while (!stop) acknowledged += Ask(*session, 0) == "ok" ? 1 : 0;
  });
  const auto await = [&acknowledged](int more) {
    const int wanted = acknowledged + more;
    const Ticks deadline = Clock::Now() + 30 * kSecond;
    while (acknowledged < wanted && Clock::Now() < deadline)
      Clock::SleepUntil(Clock::Now() + 5 * kMillisecond);
    return acknowledged >= wanted;
  };
  EXPECT_TRUE(await(50));
  const std::string first = rig.Primary();
  rig.AskIn("admin", R"({"replSetStepDown": 5, "secondaryCatchUpPeriodSecs": 5})");
  EXPECT_TRUE(await(50)) << "writes go on after the step-down";
  const std::string second = rig.Primary();
  EXPECT_NE(second, first);
  server.Kill(ProcessOf(server, second));
  EXPECT_TRUE(await(50)) << "and after a kill -9";
  stop = true;
  writer.join();
  watching.Finish();
  EXPECT_EQ(watching.seen[0], acknowledged);
  EXPECT_TRUE(watching.failed.empty());
  EXPECT_THAT(FactAfter(rig, "events of orders"), HasSubstr("0 lost, 0 doubled"));
}

TEST(MongodbChangeStream, ADroppedCollectionIsSaidAsTheReason) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  MongoRig rig(server.Url());
  ASSERT_EQ(rig.Open(), "");
  ASSERT_EQ(rig.Prepare({Watched({{"insert", "orders"}, {"document", "{}"}})}), "");
  Watching watching(rig);
  const auto session = rig.NewSession(kPlan);
  EXPECT_EQ(Ask(*session, 0), "ok");
  rig.Ask(R"({"drop": "orders"})");
  EXPECT_EQ(Ask(*session, 0), "ok");
  watching.Finish(kSecond);
  EXPECT_EQ(watching.seen[0], 1);
  EXPECT_EQ(watching.failed["event lost"], 1);
  const SystemRemarks after = rig.driver().Observer()->ExamineAfter();
  ASSERT_EQ(after.invalid.size(), 1u);
  EXPECT_THAT(after.invalid[0], HasSubstr("invalidate"));
}

TEST(MongodbChangeStream, WhatCannotBeWatchedIsRefusedBeforeTheRun) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  const StatementSpec insert = Watched({{"insert", "orders"}, {"document", "{}"}});
  MongoRig direct(server.Url(), {{"client", "direct"}});
  ASSERT_EQ(direct.Open(), "");
  EXPECT_THAT(direct.Prepare({insert}), HasSubstr("use client: libmongoc"));
  MongoRig unacknowledged(server.Url() + "&w=0");
  ASSERT_EQ(unacknowledged.Open(), "");
  EXPECT_THAT(unacknowledged.Prepare({insert}), HasSubstr("take w=0 out of the uri"));
  MongoRig bad(server.Url());
  ASSERT_EQ(bad.Open(), "");
  ASSERT_EQ(bad.Prepare({Statement({{"insert", "orders"},
                                    {"document", "{}"},
                                    {"watch", R"({"pipeline": [{"$nope": 1}]})"}})}),
            "");
  const auto watchers = bad.driver().Watchers()->NewWatchers(kPlan);
  ASSERT_FALSE(watchers);
  EXPECT_EQ(watchers.error().kind, ErrorKind::kUsage);
  EXPECT_THAT(watchers.error().message, HasSubstr("cannot watch 'orders'"));
  EXPECT_THAT(watchers.error().message, HasSubstr("$nope"));
}

TEST(MongodbChangeStream, AServerWithoutAReplicaSetIsToldWhatItNeeds) {
  MBENCH_NEEDS(SharedServer, server, "mongodb-standalone");
  MongoRig rig(server.Url());
  ASSERT_EQ(rig.Open(), "");
  const std::string why = rig.Prepare({Watched({{"insert", "orders"}, {"document", "{}"}})});
  EXPECT_THAT(why, HasSubstr("watch needs a replica set"));
  EXPECT_THAT(why, HasSubstr("--replSet NAME"));
}

}  // namespace
}  // namespace mbench::testing
