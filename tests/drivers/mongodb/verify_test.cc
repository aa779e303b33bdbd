// SPDX-License-Identifier: Apache-2.0
//
// What is said of the data when a run is over, with a real server.
#include <fmt/format.h>

#include "drivers/observer.h"
#include "drivers/verifier.h"
#include "tests/drivers/mongodb/rig.h"

namespace mbench::testing {
namespace {

using ::testing::HasSubstr;

StatementSpec Check(const std::string& name, std::map<std::string, std::string> body) {
  StatementSpec spec = Statement(std::move(body));
  spec.name = name;
  return spec;
}

// "acknowledged writes: none of 3 lost", or "BROKEN acknowledged writes: ...", a line each.
std::string Verified(MongoRig& rig) {
  const auto rows = rig.driver().Verifier()->Verify();
  if (!rows) return rows.error().message;
  std::string text;
  for (const CheckResult& row : *rows)
    text += fmt::format("{}{}: {}\n", row.ok ? "" : "BROKEN ", row.what, row.measured);
  return text;
}

std::string LogWrites(MongoRig& rig) {
  const Status able = rig.driver().Verifier()->LogWrites();
  return able ? "" : able.error().message;
}

std::string PrepareChecks(MongoRig& rig, std::vector<StatementSpec> checks) {
  StatementSet set;
  set.checks = std::move(checks);
  return rig.Prepare(std::move(set));
}

class MongodbVerify : public ::testing::Test {
 protected:
  // Opened, with writes that are looked for.
  static std::unique_ptr<Session> Start(MongoRig& rig, std::vector<StatementSpec> statements) {
    EXPECT_EQ(rig.Open(), "");
    EXPECT_EQ(LogWrites(rig), "");
    EXPECT_EQ(rig.Prepare(std::move(statements)), "");
    return rig.NewSession();
  }
  static std::vector<StatementSpec> Writes() {
    StatementSpec batch = Statement({{"bulkWrite", "orders"},
                                     {"operations", R"([{"insert": {"_id": "{id}"}},)"
                                                    R"({"update": {"filter": {"_id": "a"},)"
                                                    R"("set": {"$inc": {"n": 1}}}}])"},
                                     {"batch", "2"}},
                                    {"id"});
    batch.batch = 2;
    return {
        Statement({{"insert", "orders"}, {"document", R"({"_id": "{id}"})"}}, {"id"}),
        Statement({{"insert", "orders"}, {"document", R"({"of": "nobody"})"}}),
        Statement({{"update", "orders"},
                   {"filter", R"({"_id": "{id}"})"},
                   {"set", R"({"$inc": {"n": 1}})"}},
                  {"id"}),
        Statement({{"findAndModify", "orders"},
                   {"filter", R"({"_id": "a"})"},
                   {"pipeline", R"([{"$set": {"m": "$n"}}])"}}),
        Statement({{"replace", "orders"},
                   {"filter", R"({"_id": "b"})"},
                   {"document", "{}"},
                   {"upsert", "true"}}),
        Statement({{"delete", "orders"}, {"filter", R"({"_id": "{id}"})"}}, {"id"}),
        batch,
    };
  }
};

TEST_F(MongodbVerify, FindsEveryKindOfWrite) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  MongoRig rig(server.Url());
  const auto session = Start(rig, Writes());
  const std::string_view a[] = {"a"}, c[] = {"c"}, nobody[] = {"x"}, two[] = {"d", "e"};
  EXPECT_EQ(Ask(*session, 0, a), "ok");
  EXPECT_EQ(Ask(*session, 0, c), "ok");
  EXPECT_EQ(Ask(*session, 1), "ok");
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(Ask(*session, 2, a), "ok");
    EXPECT_EQ(Ask(*session, 3), "ok");
    EXPECT_EQ(Ask(*session, 4), "ok");
  }
  EXPECT_EQ(Ask(*session, 5, c), "ok");
  EXPECT_EQ(Ask(*session, 2, nobody), "not_found") << "which writes nothing";
  EXPECT_EQ(Ask(*session, 6, two), "ok");
  EXPECT_EQ(Verified(rig), "acknowledged writes: none of 17 lost\n");
}

TEST_F(MongodbVerify, TellsWhatWasLostBehindItsBack) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  MongoRig rig(server.Url());
  const auto session = Start(rig, Writes());
  const std::string_view a[] = {"a"}, c[] = {"c"};
  EXPECT_EQ(Ask(*session, 0, a), "ok");
  const std::string before = rig.Ask(R"({"find": "orders", "filter": {"_id": "a"}})");
  EXPECT_EQ(Ask(*session, 2, a), "ok");
  EXPECT_EQ(Ask(*session, 0, c), "ok");
  EXPECT_EQ(Ask(*session, 1), "ok");
  // As a server that came back without its last writes: one is gone, one stands as it was before.
  rig.Ask(R"({"delete": "orders", "deletes": [{"q": {"_id": "c"}, "limit": 1}]})");
  const std::size_t at = before.find("\"mbench\"");
  ASSERT_NE(at, std::string::npos) << before;
  const std::string number = before.substr(before.find_first_of("0123456789", at), 20);
  rig.Ask(fmt::format(R"({{"update": "orders", "updates": [{{"q": {{"_id": "a"}}, "u": {{"$set":)"
                      R"({{"mbench": {{"$numberLong": "{}"}}}}}}}}]}})",
                      number.substr(0, number.find_first_not_of("0123456789"))));
  EXPECT_EQ(Verified(rig), "BROKEN acknowledged writes: 2 of 4 lost\n");
}

// What is missing there may have been removed by the server, and is not called lost.
TEST_F(MongodbVerify, DoesNotLookWhereTheServerRemovesDocumentsByItself) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  MongoRig rig(server.Url());
  rig.Ask(R"({"create": "capped", "capped": true, "size": 4096, "max": 2})");
  rig.Ask(R"({"createIndexes": "expiring", "indexes": [{"key": {"at": 1}, "name": "by_age",)"
          R"("expireAfterSeconds": 0}]})");
  const auto insert = [](const char* into) {
    return Statement({{"insert", into}, {"document", R"({"_id": "{id}"})"}}, {"id"});
  };
  ASSERT_EQ(rig.Open(), "");
  ASSERT_EQ(LogWrites(rig), "");
  ASSERT_EQ(rig.Prepare({insert("capped"), insert("expiring"), insert("orders")}), "");
  rig.driver().Observer()->Examine({{"x"}, {"x"}, {"x"}});
  const auto session = rig.NewSession();
  for (const std::string_view id : {"a", "b", "c", "d"})
    for (const std::uint16_t statement : std::initializer_list<std::uint16_t>{0, 1, 2})
      EXPECT_EQ(Ask(*session, statement, {&id, 1}), "ok");
  rig.Ask(R"({"delete": "expiring", "deletes": [{"q": {}, "limit": 0}]})");  // as the server would
  EXPECT_EQ(rig.Count("capped"), 2);
  EXPECT_EQ(Verified(rig),
            "acknowledged writes: none of 4 lost\n"
            "writes to capped: not looked for: it is capped\n"
            "writes to expiring: not looked for: its documents expire (index by_age)\n");
}

TEST_F(MongodbVerify, SaysThatWritesByCommandAreNotLookedFor) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  MongoRig rig(server.Url());
  StatementSpec spec = Statement({{"command", R"({"insert": "other", "documents": [{}]})"}});
  spec.name = "raw";
  const auto session = Start(rig, {spec});
  EXPECT_EQ(Ask(*session, 0), "ok");
  const SystemRemarks remarks = rig.driver().Observer()->ExamineAfter();
  EXPECT_THAT(remarks.warnings,
              ::testing::Contains("writes of raw were not looked for afterwards: it is a command, "
                                  "which is sent as it stands"));
  MongoRig hiding(server.Url());
  ASSERT_EQ(hiding.Open(), "");
  ASSERT_EQ(LogWrites(hiding), "");
  EXPECT_THAT(
      hiding.Prepare(
          {Statement({{"insert", "c"}, {"document", R"({"_id": 1})"}}),
           Statement({{"command", R"({"delete": "c", "deletes": [{"q": {}, "limit": 0}]})"}})}),
      HasSubstr("nobody could tell what it takes away"));
}

TEST_F(MongodbVerify, FindsTheWritesOfVerbs) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  MongoRig rig(server.Url());
  const auto session = Start(rig, {});
  for (const char* key : {"a", "b", "b"})
    EXPECT_EQ(Told(*session, Do(*session, {.kind = OpKind::kInsert, .key = key, .value = "v"})),
              "ok");
  EXPECT_EQ(Told(*session, Do(*session, {.kind = OpKind::kUpdate, .key = "a", .value = "w"})),
            "ok");
  const Answer read = Do(*session, {.kind = OpKind::kRead, .key = "a"});
  EXPECT_EQ(read.items, 1u);
  EXPECT_EQ(Verified(rig), "acknowledged writes: none of 4 lost\n");
}

TEST_F(MongodbVerify, AStepThatIsNotLookedForTakesNoDocumentFromTheOneBefore) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  MongoRig rig(server.Url());
  const auto increase = [](const char* collection, const char* filter) {
    return Statement({{"update", collection},
                      {"filter", filter},
                      {"set", R"({"$inc": {"n": 1}})"},
                      {"upsert", "true"}});
  };
  StatementSpec pay = Statement({});
  pay.steps = {increase("orders", R"({"_id": 1})"), increase("stock", R"({"sku": "a"})")};
  const auto session = Start(rig, {pay});
  const Op op = StatementOp(0);
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(Told(*session, Do(*session, std::span(&op, 1)).back()), "ok");
  EXPECT_EQ(Verified(rig), "acknowledged writes: none of 3 lost\n");
}

TEST_F(MongodbVerify, FractionsAreNamesOfTheirOwn) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  MongoRig rig(server.Url());
  const auto session =
      Start(rig, {Statement({{"insert", "orders"}, {"document", R"({"_id": 1.25})"}}),
                  Statement({{"insert", "orders"}, {"document", R"({"_id": 1.5})"}})});
  EXPECT_EQ(Ask(*session, 0), "ok");
  EXPECT_EQ(Ask(*session, 1), "ok");
  EXPECT_EQ(Verified(rig), "acknowledged writes: none of 2 lost\n");
}

TEST_F(MongodbVerify, NumbersThatNoDoubleHoldsAreNumbersAndWrong) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  MongoRig rig(server.Url());
  ASSERT_EQ(rig.Open(), "");
  const auto sum = [](const char* name, const char* field) {
    return Check(name,
                 {{"aggregate", "c"},
                  {"pipeline", fmt::format(R"([{{"$project": {{"_id": 0, "s": "${}"}}}}])", field)},
                  {"expect", "0"}});
  };
  ASSERT_EQ(PrepareChecks(rig, {sum("nan", "a"), sum("huge", "b")}), "");
  rig.Ask(R"({"insert": "c", "documents": [{"a": {"$numberDouble": "NaN"},)"
          R"("b": {"$numberDecimal": "1E+400"}}]})");
  EXPECT_EQ(Verified(rig), "BROKEN nan: nan\nBROKEN huge: inf\n");
}

TEST_F(MongodbVerify, WritesOfATransactionThatWasRolledBackAreNotAwaited) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  MongoRig rig(server.Url());
  StatementSpec pay = Statement({});
  pay.steps = {Statement({{"update", "orders"},
                          {"filter", R"({"_id": 1})"},
                          {"set", R"({"$inc": {"n": 1}})"},
                          {"upsert", "true"}}),
               Statement({{"insert", "orders"}, {"document", R"({"_id": 2})"}})};
  const auto session = Start(rig, {pay});
  const auto transact = [&session] {
    const Op op = StatementOp(0);
    return Told(*session, Do(*session, op));
  };
  EXPECT_EQ(transact(), "ok");
  EXPECT_EQ(transact(), "failed: DuplicateKey");
  EXPECT_EQ(Verified(rig),
            "acknowledged writes: none of 2 lost\n"
            "writes without acknowledgement: 2, none of them seen in a document\n");
}

TEST_F(MongodbVerify, NamesWhatItDoesNotLookFor) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  MongoRig rig(server.Url());
  StatementSpec many = Statement(
      {{"update", "orders"}, {"filter", "{}"}, {"set", R"({"$inc": {"n": 1}})"}, {"many", "true"}});
  many.name = "raise";
  const auto session = Start(rig, {many});
  EXPECT_EQ(Ask(*session, 0), "not_found");
  EXPECT_EQ(Verified(rig), "acknowledged writes: none of 0 lost\n");
  EXPECT_THAT(rig.driver().Observer()->ExamineAfter().warnings,
              ::testing::Contains("writes of raise were not looked for afterwards: it writes many "
                                  "documents at once"));
}

TEST_F(MongodbVerify, RefusesWritesThatWouldMakeOthersLookLost) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  MongoRig rig(server.Url());
  ASSERT_EQ(rig.Open(), "");
  ASSERT_EQ(LogWrites(rig), "");
  StatementSpec clean = Statement({{"delete", "orders"}, {"filter", R"({"state": "old"})"}});
  clean.name = "clean";
  const StatementSpec insert = Statement({{"insert", "orders"}, {"document", "{}"}});
  EXPECT_THAT(rig.Prepare({insert, clean}),
              HasSubstr("statement 'clean': its filter names no _id, so nobody could tell"));
  EXPECT_EQ(rig.Prepare({clean}), "") << "nothing is looked for there";
  MongoRig direct(server.Url(), {{"client", "direct"}});
  ASSERT_EQ(direct.Open(), "");
  EXPECT_THAT(LogWrites(direct), HasSubstr("use client: libmongoc"));
  MongoRig unheard(server.Url() + "&w=0");
  ASSERT_EQ(unheard.Open(), "");
  EXPECT_THAT(LogWrites(unheard), HasSubstr("take w=0 out"));
}

TEST_F(MongodbVerify, ChecksCountsSumsAndTypes) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  MongoRig rig(server.Url());
  ASSERT_EQ(rig.Open(), "");
  const std::string types = R"({"name": "string", "stay.to": ["date", "missing"], "n": "number"})";
  ASSERT_EQ(
      PrepareChecks(
          rig,
          {Check("all", {{"count", "c"}, {"expect", "3"}}),
           Check("some", {{"count", "c"}, {"filter", R"({"n": {"$gt": 1}})"}, {"expect", ">= 3"}}),
           Check("sum", {{"aggregate", "c"},
                         {"pipeline", R"([{"$group": {"_id": null, "s": {"$sum":)"
                                      R"("$n"}}}])"},
                         {"expect", "6.5"}}),
           Check("none",
                 {{"aggregate", "empty"}, {"pipeline", R"([{"$match": {}}])"}, {"expect", "0"}}),
           Check("types", {{"fields", "c"}, {"types", types}}),
           Check("types of some", {{"fields", "c"}, {"filter", R"({"n": 1})"}, {"types", types}}),
           Check("types of nothing", {{"fields", "empty"}, {"types", types}})}),
      "");
  rig.Ask(R"({"insert": "c", "documents": [{"name": "a", "n": 1},)"
          R"({"name": 7, "n": 2, "stay": {"to": {"$date": "2026-01-31T00:00:00Z"}}},)"
          R"({"n": 3.5, "stay": {"to": "soon"}}]})");
  EXPECT_EQ(Verified(rig),
            "all: 3\n"
            "BROKEN some: 2\n"
            "sum: 6.5\n"
            "none: 0\n"
            "BROKEN types: 2 of 3: name int in 1, name missing in 1, stay.to string in 1\n"
            "types of some: none of 1\n"
            "BROKEN types of nothing: there are no documents\n");
}

TEST_F(MongodbVerify, ChecksThatCannotBeRightAreRefusedBeforeTheRun) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  MongoRig rig(server.Url());
  ASSERT_EQ(rig.Open(), "");
  const auto refusal = [&rig](std::map<std::string, std::string> body) {
    return PrepareChecks(rig, {Check("c1", std::move(body))});
  };
  EXPECT_THAT(refusal({{"find", "c"}}), HasSubstr("'c1': 'find' does not go with checks"));
  EXPECT_THAT(refusal({{"count", "c"}}), HasSubstr("'expect' is missing"));
  EXPECT_THAT(refusal({{"count", "c"}, {"expect", "all"}}), HasSubstr("expected a number"));
  EXPECT_THAT(refusal({{"count", "c"}, {"filter", "[]"}, {"expect", "1"}}),
              HasSubstr("filter must be a map"));
  EXPECT_THAT(refusal({{"count", "c"}, {"types", "{}"}, {"expect", "1"}}),
              HasSubstr("'types' does not go with count; it goes with fields"));
  EXPECT_THAT(refusal({{"aggregate", "c"}, {"expect", "1"}}), HasSubstr("'pipeline' is missing"));
  EXPECT_THAT(refusal({{"fields", "c"}}), HasSubstr("'types' is missing"));
  EXPECT_THAT(refusal({{"fields", "c"}, {"types", R"({"a": "text"})"}}),
              HasSubstr("'text' is no type of a field; expected one of string, int"));
}

}  // namespace
}  // namespace mbench::testing
