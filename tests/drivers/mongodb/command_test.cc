// SPDX-License-Identifier: Apache-2.0
//
// `command`, and where requests go: what a server says of writes that failed is heard, cursors are
// read to their end or closed, and read preference and concerns are those of the statement or the
// URI. With both clients.
#include <fmt/format.h>

#include "drivers/observer.h"
#include "drivers/verifier.h"
#include "tests/drivers/mongodb/rig.h"

namespace mbench::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

StatementSpec Command(const std::string& json, std::map<std::string, std::string> more = {}) {
  more["command"] = json;
  return Statement(std::move(more));
}

// How often the server at `uri` was asked for the distinct values of a field.
std::int64_t DistinctsAt(const std::string& uri) {
  const MongoRig at(uri);
  const std::string status = at.AskIn("admin", R"({"serverStatus": 1})");
  const std::size_t counted =
      status.find(R"("total" : )", status.find(R"("distinct" : { "failed")"));
  EXPECT_NE(counted, std::string::npos);
  return counted == std::string::npos ? -1 : std::stoll(status.substr(counted + 10));
}

class MongodbCommand : public ::testing::TestWithParam<const char*> {
 protected:
  static Options Client() { return {{"client", GetParam()}}; }
};
INSTANTIATE_TEST_SUITE_P(, MongodbCommand, ::testing::Values("libmongoc", "direct"),
                         [](const auto& instance) { return std::string(instance.param); });

// ---- writes ----

TEST_P(MongodbCommand, AWriteThatFailedIsNotOkThoughTheCommandIs) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  MongoRig rig(server.Url(), Client());
  const auto session = rig.Start(
      {Command(R"({"insert": "c", "documents": [{"_id": 1}]})"),
       Command(R"({"insert": "c", "ordered": false, "documents": [{"_id": 2}, {"_id": 1}]})"),
       Command(R"({"update": "c", "updates": [{"q": {"_id": 2}, "u": {"$set": {"_id": 3}}}]})"),
       Command(R"({"bulkWrite": 1, "ops": [{"insert": 0, "document": {"_id": 4}},
                                           {"insert": 0, "document": {"_id": 1}}],
                   "nsInfo": [{"ns": ")" +
                   rig.database() + R"(.c"}]})",
               {{"database", "admin"}})});
  ASSERT_TRUE(session);
  EXPECT_EQ(Ask(*session, 0), "ok");
  EXPECT_EQ(Ask(*session, 0), "failed: DuplicateKey");
  EXPECT_EQ(Ask(*session, 1), "failed: DuplicateKey") << "the other one is there";
  EXPECT_EQ(Ask(*session, 2), "failed: ImmutableField");
  EXPECT_EQ(Ask(*session, 3), "failed: DuplicateKey") << "told in a cursor";
  EXPECT_EQ(rig.Count("c"), 3);
}

TEST_P(MongodbCommand, AWriteConcernThatWasNotMetIsAFailure) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  MongoRig rig(server.Url(), Client());
  constexpr const char* kTwo = R"({"w": 2, "wtimeout": 100})";
  const auto session = rig.Start(
      {Command(R"({"insert": "c", "documents": [{"a": 1}], "writeConcern": {"w": 2}})"),
       Statement({{"insert", "c"}, {"document", R"({"a": 2})"}, {"writeConcern", kTwo}}),
       Statement({{"findAndModify", "c"},
                  {"filter", "{}"},
                  {"set", R"({"$set": {"b": 1}})"},
                  {"writeConcern", kTwo}}),
       Statement({{"aggregate", "c"}, {"pipeline", R"([{"$out": "d"}])"}, {"writeConcern", kTwo}}),
       Statement({{"insert", "c"}, {"document", R"({"a": 3})"}, {"writeConcern", R"({"w": 1})"}})});
  ASSERT_TRUE(session);
  for (const std::uint16_t statement : std::initializer_list<std::uint16_t>{0, 1, 2, 3})
    EXPECT_EQ(Ask(*session, statement), "failed: UnsatisfiableWriteConcern") << statement;
  EXPECT_EQ(Ask(*session, 4), "ok");
}

TEST_P(MongodbCommand, AWriteHasTheWriteConcernOfTheUri) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  MongoRig rig(server.Url() + "&w=2", Client());
  const auto session =
      rig.Start({Command(R"({"insert": "c", "documents": [{"a": 1}]})"),
                 Command(R"({"delete": "c", "deletes": [{"q": {}, "limit": 0}]})"),
                 Command(R"({"insert": "c", "documents": [{"a": 1}], "writeConcern": {"w": 1}})")});
  ASSERT_TRUE(session);
  EXPECT_EQ(Ask(*session, 0), "failed: UnsatisfiableWriteConcern");
  EXPECT_EQ(Ask(*session, 1), "failed: UnsatisfiableWriteConcern");
  EXPECT_EQ(Ask(*session, 2), "ok") << "its own counts";
}

// ---- cursors ----

TEST_P(MongodbCommand, ReadsAllBatchesAndLeavesNoCursorOpen) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  MongoRig rig(server.Url(), Client());
  rig.Ask(R"({"create": "capped", "capped": true, "size": 4096})");
  rig.Ask(R"({"insert": "capped", "documents": [{"_id": 1}, {"_id": 2}]})");
  rig.Ask(R"({"insert": "c", "documents": [{}, {}, {}, {}, {}, {}, {}]})");
  const auto session =
      rig.Start({Command(R"({"find": "c", "batchSize": 2})"),
                 Command(R"({"aggregate": "c", "pipeline": [], "cursor": {"batchSize": 0}})"),
                 Command(R"({"listCollections": 1, "cursor": {"batchSize": 1}})"),
                 Command(R"({"find": "capped", "tailable": true, "batchSize": 1})"),
                 Command(R"({"ping": 1})")});
  ASSERT_TRUE(session);
  EXPECT_EQ(Do(*session, StatementOp(0)).items, 7u);
  EXPECT_EQ(Do(*session, StatementOp(1)).items, 7u);
  EXPECT_EQ(Do(*session, StatementOp(2)).items, 2u) << "c and capped";
  const Answer tail = Do(*session, StatementOp(3));
  EXPECT_EQ(Told(*session, tail), "ok") << session->LastMessage();
  EXPECT_EQ(tail.items, 2u) << "and does not wait for a third";
  EXPECT_EQ(Do(*session, StatementOp(4)).items, 1u);
  const std::string open = rig.AskIn(
      "admin", R"({"aggregate": 1, "cursor": {}, "pipeline": [{"$currentOp": {"idleCursors": true,
                  "allUsers": true}}, {"$match": {"type": "idleCursor"}}]})");
  EXPECT_EQ(open.find(rig.database()), std::string::npos) << open;
}

TEST(MongodbCursor, ThatIsOutOfTimeIsClosed) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  MongoRig rig(server.Url());
  rig.Ask(R"({"aggregate": 1, "cursor": {}, "pipeline": [)"
          R"({"$documents": [{"n": {"$range": [0, 40000]}}]}, {"$unwind": "$n"}, {"$out": "c"}]})");
  const auto session =
      rig.Start({Statement({{"find", "c"}, {"batchSize", "1"}})}, {.timeout = 600 * kMillisecond});
  ASSERT_TRUE(session);
  EXPECT_EQ(Do(*session, StatementOp(0)).outcome, Outcome::kTimedOut);
  const std::string open = rig.AskIn(
      "admin", R"({"aggregate": 1, "cursor": {}, "pipeline": [{"$currentOp": {"idleCursors": true,
                  "allUsers": true}}, {"$match": {"type": "idleCursor"}}]})");
  EXPECT_EQ(open.find(rig.database()), std::string::npos) << open;
}

// ---- where it goes ----

std::vector<std::string> AddressesOf(const Server& server) {
  std::vector<std::string> addresses;
  std::string ports = server.Fact("PORTS");
  for (std::size_t comma = 0; comma != std::string::npos;) {
    comma = ports.find(',');
    addresses.push_back("127.0.0.1:" + ports.substr(0, comma));
    if (comma != std::string::npos) ports.erase(0, comma + 1);
  }
  return addresses;
}

TEST(MongodbReadPreference, IsThatOfTheStatementOrElseOfTheUriAlsoForCommands) {
  MBENCH_NEEDS(SharedServer, server, "mongodb-replicaset");
  const std::string distinct = R"({"distinct": "c", "key": "a"})";
  const StatementSpec here = Statement({{"distinct", "c"}, {"key", "a"}});
  const StatementSpec there =
      Statement({{"distinct", "c"}, {"key", "a"}, {"readPreference", R"({"mode": "secondary"})"}});
  const StatementSpec primary =
      Statement({{"distinct", "c"}, {"key", "a"}, {"readPreference", "primary"}});
  struct Case {
    std::string uri;
    StatementSpec statement;
    bool at_primary;
  };
  const std::vector<Case> cases = {
      {"", Command(distinct), true},
      {"", here, true},
      {"", there, false},
      {"", Command(distinct, {{"readPreference", "secondary"}}), false},
      {"&readPreference=secondary", Command(distinct), false},
      {"&readPreference=secondary", primary, true},
  };
  for (const Case& one : cases) {
    MongoRig rig(server.Url() + one.uri);
    const std::string at = fmt::format("mongodb://{}/?directConnection=true", rig.Primary());
    const auto session = rig.Start({one.statement});
    ASSERT_TRUE(session);
    const auto before = DistinctsAt(at);
    EXPECT_EQ(Ask(*session, 0), "ok");
    EXPECT_EQ(DistinctsAt(at) - before, one.at_primary ? 1 : 0) << one.uri;
  }
}

TEST(MongodbReadPreference, OfADirectClientIsToldToTheServerAndNoPrimaryIsReadInItsPlace) {
  MBENCH_NEEDS(SharedServer, server, "mongodb-replicaset");
  const MongoRig all(server.Url());
  const std::string primary = all.Primary();
  for (const std::string& address : AddressesOf(server)) {
    MongoRig rig(fmt::format("mongodb://{}/?readPreference=secondary", address),
                 {{"client", "direct"}});
    ASSERT_EQ(rig.Open(), "") << address;
    ASSERT_EQ(
        rig.Prepare({Command(R"({"distinct": "c", "key": "a"})"), Statement({{"find", "c"}})}), "");
    std::string why;
    const auto session = rig.NewSession({.timeout = 5 * kSecond}, &why);
    if (address == primary) {
      EXPECT_THAT(why,
                  HasSubstr("it is the primary, which readPreference=secondary does not read"));
      continue;
    }
    ASSERT_TRUE(session) << why;
    EXPECT_EQ(Ask(*session, 0), "ok");
    EXPECT_EQ(Ask(*session, 1), "not_found");
  }
}

// A ping, and the batches after the first, know no read concern.
TEST_P(MongodbCommand, AReadConcernOfTheUriGoesWithWhatKnowsIt) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  MongoRig rig(server.Url() + "&readConcernLevel=majority", Client());
  rig.Ask(R"({"insert": "c", "documents": [{}, {}, {}]})");
  const auto session =
      rig.Start({Statement({{"find", "c"}, {"batchSize", "2"}}), Command(R"({"ping": 1})"),
                 Command(R"({"dbStats": 1})"), Command(R"({"find": "c", "batchSize": 2})"),
                 Command(R"({"find": "c", "readConcern": {"level": "local"}})")});
  ASSERT_TRUE(session);
  EXPECT_EQ(Do(*session, StatementOp(0)).items, 3u);
  for (const std::uint16_t statement : std::initializer_list<std::uint16_t>{1, 2, 3, 4})
    EXPECT_EQ(Ask(*session, statement), "ok") << statement;
}

TEST_P(MongodbCommand, AnAggregationMayBeOfNoCollection) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  MongoRig rig(server.Url(), Client());
  StatementSpec numbers =
      Statement({{"aggregate", "1"},
                 {"pipeline", R"([{"$documents": [{"a": 1}, {"a": 2}, {"a": 3}]}])"},
                 {"batchSize", "2"}});
  StatementSpec operations = Statement(
      {{"aggregate", "1"}, {"database", "admin"}, {"pipeline", R"([{"$currentOp": {}}])"}});
  const auto session = rig.Start({numbers, operations});
  ASSERT_TRUE(session);
  EXPECT_EQ(Do(*session, StatementOp(0)).items, 3u);
  EXPECT_EQ(Ask(*session, 1), "ok");
}

// ---- what nobody acknowledges ----

std::string LabelOf(const Session& session, const Answer& answer) {
  return answer.label == 0 ? "" : session.DescribeLabel(answer.label);
}

TEST(MongodbUnacknowledged, AWriteSaysThatNobodyKnowsWhatBecameOfIt) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  MongoRig rig(server.Url() + "&w=0");
  const auto session = rig.Start(
      {Statement({{"insert", "c"}, {"document", R"({"_id": 1})"}}),
       Statement({{"insert", "c"}, {"document", R"({"_id": 1})"}, {"writeConcern", R"({"w": 1})"}}),
       Statement({{"find", "c"}}), Command(R"({"insert": "c", "documents": [{"_id": 1}]})")});
  ASSERT_TRUE(session);
  for (int i = 0; i < 2; ++i) {
    const Answer sent = Do(*session, StatementOp(0));
    EXPECT_EQ(Told(*session, sent), "ok");
    EXPECT_EQ(LabelOf(*session, sent), "unacknowledged");
  }
  EXPECT_EQ(Ask(*session, 1), "failed: DuplicateKey") << "its own write concern counts";
  EXPECT_EQ(LabelOf(*session, Do(*session, StatementOp(2))), "") << "a read";
  EXPECT_EQ(LabelOf(*session, Do(*session, StatementOp(3))), "unacknowledged");
  const SystemRemarks remarks = rig.driver().Observer()->Examine({{}, {}, {}, {}});
  EXPECT_THAT(remarks.warnings, ::testing::Contains(HasSubstr("nobody acknowledges writes (w=0 in "
                                                              "the uri)")));
}

TEST(MongodbUnacknowledged, AStatementMayAskForIt) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  MongoRig rig(server.Url());
  StatementSpec fast =
      Statement({{"insert", "c"}, {"document", R"({"_id": 1})"}, {"writeConcern", R"({"w": 0})"}});
  fast.name = "fast";
  const auto session = rig.Start({fast, Statement({{"bulkWrite", "c"},
                                                   {"operations", R"([{"insert": {"_id": 1}}])"},
                                                   {"writeConcern", R"({"w": 0})"}})});
  ASSERT_TRUE(session);
  for (const std::uint16_t statement : std::initializer_list<std::uint16_t>{0, 0, 1}) {
    const Answer sent = Do(*session, StatementOp(statement));
    EXPECT_EQ(Told(*session, sent), "ok");
    EXPECT_EQ(LabelOf(*session, sent), "unacknowledged");
  }
  EXPECT_THAT(rig.driver().Observer()->Examine({{}, {}}).warnings,
              ::testing::Contains(HasSubstr("w: 0 in fast")));
  MongoRig direct(server.Url(), {{"client", "direct"}});
  ASSERT_EQ(direct.Open(), "");
  EXPECT_THAT(direct.Prepare({fast}), HasSubstr("knows no writes that nobody acknowledges"));
}

TEST(MongodbUnacknowledged, NoTransactionAndNothingThatIsLookedForMayBe) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  MongoRig zero(server.Url() + "&w=0");
  ASSERT_EQ(zero.Open(), "");
  StatementSpec pay = Statement({});
  pay.steps = {Statement({{"insert", "c"}, {"document", "{}"}})};
  EXPECT_THAT(zero.Prepare({pay}), HasSubstr("a transaction has to be acknowledged"));
  MongoRig rig(server.Url());
  ASSERT_EQ(rig.Open(), "");
  ASSERT_TRUE(rig.driver().Verifier()->LogWrites());
  EXPECT_THAT(rig.Prepare({Statement(
                  {{"insert", "c"}, {"document", "{}"}, {"writeConcern", R"({"w": 0})"}})}),
              HasSubstr("verify needs writes that are acknowledged"));
}

TEST(MongodbUnacknowledged, WhatIsLoadedIsAcknowledgedAllTheSame) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  MongoRig rig(server.Url() + "&w=0");
  ASSERT_EQ(rig.Open(), "");
  StatementSet set;
  set[SessionPhase::kLoad] = {
      Statement({{"insert", "usertable"}, {"document", R"({"_id": 1, "n": 1})"}})};
  set[SessionPhase::kAfterLoad] = {
      Statement({{"insert", "usertable"}, {"document", R"({"_id": 1})"}})};
  ASSERT_EQ(rig.Prepare(std::move(set)), "");
  const auto load = rig.NewSession({.timeout = 5 * kSecond, .phase = SessionPhase::kLoad});
  ASSERT_TRUE(load);
  EXPECT_EQ(Ask(*load, 0), "ok");
  EXPECT_EQ(Ask(*load, 0), "ok");
  EXPECT_EQ(load->AlreadyThere(), 1u) << "which only an answer can say";
  const auto after = rig.NewSession({.timeout = 5 * kSecond, .phase = SessionPhase::kAfterLoad});
  EXPECT_EQ(Ask(*after, 0), "failed: DuplicateKey");
}

TEST(MongodbTransactionConcern, IsThatOfTheTransaction) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  MongoRig rig(server.Url());
  rig.Ask(R"({"create": "c"})");
  StatementSpec pay = Statement({{"writeConcern", R"({"w": 2, "wtimeout": 100})"}});
  pay.steps = {Statement({{"insert", "c"}, {"document", "{}"}})};
  const auto session = rig.Start({pay});
  ASSERT_TRUE(session);
  EXPECT_EQ(Ask(*session, 0), "failed: UnsatisfiableWriteConcern");
}

}  // namespace
}  // namespace mbench::testing
