// SPDX-License-Identifier: Apache-2.0
//
// Statements of a workload file as BSON. Judged by libbson, which writes what was made as JSON.
#include "drivers/mongodb/requests.h"

#include <gmock/gmock.h>

#include "drivers/mongodb/change_stream.h"
#include "tests/body_of.h"

namespace mbench::mongodb {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::vector<std::string> kNames = {"n", "text", "id"};
const std::vector<ValueType> kTypes = {ValueType::kInteger, ValueType::kText, ValueType::kText};

// What an op with these values sends; "wrong: ..." when it cannot.
std::string Filled(const BsonTemplate& made, std::vector<std::string_view> values) {
  std::string bytes = "as it was before ";
  const std::size_t before = bytes.size();
  std::string_view wrong;
  if (!made.AppendTo(values, &bytes, &wrong)) return "wrong: " + std::string(wrong);
  const std::string document = bytes.substr(before);
  const BsonView view(document);
  if (!view.Valid() || !bson_validate(view.get(), BSON_VALIDATE_NONE, nullptr)) return "no BSON";
  char* const json = bson_as_canonical_extended_json(view.get(), nullptr);
  const std::string text = json;
  bson_free(json);
  return text;
}

std::string Make(std::string_view json, std::vector<std::string_view> values = {"7", "x", "y"}) {
  const auto made = BsonTemplate::Compile(Json::parse(json), {kNames, kTypes});
  return made ? Filled(*made, std::move(values)) : "refused: " + made.error().message;
}

TEST(MongodbTemplate, APlaceholderAloneHasTheTypeOfItsGenerator) {
  EXPECT_EQ(Make(R"({"a": "{n}", "b": "{text}"})"),
            R"({ "a" : { "$numberLong" : "7" }, "b" : "x" })");
}

TEST(MongodbTemplate, APlaceholderWithinATextIsText) {
  EXPECT_EQ(Make(R"({"a": "no. {n} of {text}"})"), R"({ "a" : "no. 7 of x" })");
}

TEST(MongodbTemplate, OrderAndConstantsStayAsTheyAre) {
  EXPECT_EQ(Make(R"({"z": 1, "a": {"y": 2.5, "b": ["{n}", true, null]}, "m": 5000000000})"),
            R"({ "z" : { "$numberInt" : "1" }, "a" : { "y" : { "$numberDouble" : "2.5" }, "b" : [ )"
            R"({ "$numberLong" : "7" }, true, null ] }, "m" : { "$numberLong" : "5000000000" } })");
}

TEST(MongodbTemplate, ExtendedJsonSaysTheTypeOfAValue) {
  const std::vector<std::string_view> values = {"7", "2026-01-31T12:00:00Z",
                                                "0123456789abcdef01234567"};
  EXPECT_EQ(Make(R"({"_id": {"$oid": "{id}"}})", values),
            R"({ "_id" : { "$oid" : "0123456789abcdef01234567" } })");
  EXPECT_EQ(Make(R"({"at": {"$date": "{text}"}})", values),
            R"({ "at" : { "$date" : { "$numberLong" : "1769860800000" } } })");
  EXPECT_EQ(Make(R"({"at": {"$date": "{n}"}})"),
            R"({ "at" : { "$date" : { "$numberLong" : "7" } } })");
  EXPECT_EQ(Make(R"({"a": {"$numberInt": "{n}"}, "b": {"$numberDouble": "{n}.5"}})"),
            R"({ "a" : { "$numberInt" : "7" }, "b" : { "$numberDouble" : "7.5" } })");
  EXPECT_EQ(Make(R"({"a": {"$numberDecimal": "{n}.25"}})"),
            R"({ "a" : { "$numberDecimal" : "7.25" } })");
  EXPECT_EQ(Make(R"({"a": {"$oid": "0123456789abcdef01234567"}})"),
            R"({ "a" : { "$oid" : "0123456789abcdef01234567" } })")
      << "a constant";
}

TEST(MongodbTemplate, AValueThatIsNotOfItsTypeIsSaidWithoutTheValue) {
  EXPECT_EQ(Make(R"({"a": {"$oid": "{text}"}})"), "wrong: a value is not an ObjectId");
  EXPECT_EQ(Make(R"({"a": {"$date": "{text}"}})"), "wrong: a value is not a date");
  EXPECT_EQ(Make(R"({"a": {"$numberLong": "{text}"}})"), "wrong: a value is not a whole number");
}

TEST(MongodbTemplate, ColumnsAndGeneratorsHaveTypesAndWhatIsMissingIsNull) {
  const std::vector<std::string> names = {"double", "decimal", "flag", "date", "point", "text"};
  const std::vector<ValueType> types = {ValueType::kDouble, ValueType::kDecimal, ValueType::kFlag,
                                        ValueType::kDate,   ValueType::kPoint,   ValueType::kText};
  Json json = Json::object();
  for (const std::string& name : names) json[name.substr(0, 3)] = "{" + name + "}";
  const auto made = BsonTemplate::Compile(json, {names, types});
  ASSERT_TRUE(made);
  EXPECT_EQ(Filled(*made, {"2.5", "19.90", "true", "1990-02-28", "[13.5,-52.5]", ""}),
            R"({ "dou" : { "$numberDouble" : "2.5" }, "dec" : { "$numberDecimal" : "19.90" }, )"
            R"("fla" : true, "dat" : { "$date" : { "$numberLong" : "636163200000" } }, "poi" : [ )"
            R"({ "$numberDouble" : "13.5" }, { "$numberDouble" : "-52.5" } ], "tex" : "" })");
  EXPECT_EQ(Filled(*made, {{}, {}, {}, {}, {}, {}}),
            R"({ "dou" : null, "dec" : null, "fla" : null, "dat" : null, "poi" : null, )"
            R"("tex" : null })");
  EXPECT_EQ(Filled(*made, {"2.5", "1", "true", "1990-02-28", "13.4,52", ""}),
            "wrong: a value is not a point");
}

TEST(MongodbTemplate, AValueNeverBecomesAnOperator) {
  EXPECT_EQ(Make(R"({"password": "{text}"})", {"7", R"({"$ne": ""})", "y"}),
            R"({ "password" : "{\"$ne\": \"\"}" })");
}

TEST(MongodbTemplate, NamesMayHavePlaceholders) {
  EXPECT_EQ(Make(R"({"$inc": {"stock.{text}": -1}})"),
            R"({ "$inc" : { "stock.x" : { "$numberInt" : "-1" } } })");
  EXPECT_EQ(Make(R"({"$set": {"a.{n}": "{text}"}})"), R"({ "$set" : { "a.7" : "x" } })");
}

TEST(MongodbTemplate, DoubledBracesAreBraces) {
  EXPECT_EQ(Make(R"({"a": "{{n}}", "b": {"c": "{{text}} {text}"}})"),
            R"({ "a" : "{n}", "b" : { "c" : "{text} x" } })");
}

TEST(MongodbTemplate, AnUnknownPlaceholderOrBadExtendedJsonIsRefused) {
  EXPECT_THAT(Make(R"({"a": "{nobody}"})"), HasSubstr("'nobody'"));
  EXPECT_THAT(Make(R"({"a": {"$oid": "short"}})"), HasSubstr("refused: 'a' is not right"));
}

// ---- statements ----

Result<Request> Read(std::map<std::string, std::string> body, std::uint32_t batch = 1) {
  return MakeRequest(
      {.name = "it", .body = BodyOf(body), .arguments = kNames, .types = kTypes, .batch = batch},
      "shop");
}

std::string Command(std::map<std::string, std::string> body) {
  const auto request = Read(std::move(body));
  return request ? Filled(request->steps[0].command, {"7", "x", "y"}) : request.error().message;
}

std::string Refusal(std::map<std::string, std::string> body) {
  const auto request = Read(std::move(body));
  return request ? "" : request.error().message;
}

TEST(MongodbStatement, AQueryIsTheCommandOfTheServer) {
  EXPECT_EQ(
      Command({{"find", "orders"},
               {"filter", R"({"customer": "{n}"})"},
               {"sort", R"({"at": -1})"},
               {"limit", "20"}}),
      R"({ "find" : "orders", "filter" : { "customer" : { "$numberLong" : "7" } }, "sort" : { )"
      R"("at" : { "$numberInt" : "-1" } }, "limit" : { "$numberInt" : "20" } })");
  EXPECT_EQ(
      Command({{"distinct", "orders"}, {"key", "city"}, {"filter", R"({"a": 1})"}}),
      R"({ "distinct" : "orders", "key" : "city", "query" : { "a" : { "$numberInt" : "1" } } })");
  EXPECT_EQ(Command({{"find", "orders"}, {"limit", "{n}"}, {"hint", "a_1"}}),
            R"({ "find" : "orders", "limit" : { "$numberLong" : "7" }, "hint" : "a_1" })");
  EXPECT_EQ(Command({{"aggregate", "orders"}, {"pipeline", R"([{"$count": "n"}])"}}),
            R"({ "aggregate" : "orders", "pipeline" : [ { "$count" : "n" } ], "cursor" : {  } })");
}

TEST(MongodbStatement, AnAggregationThatWritesIsAWrite) {
  const auto request = Read({{"aggregate", "orders"}, {"pipeline", R"([{"$out": "other"}])"}});
  ASSERT_TRUE(request) << request.error().message;
  EXPECT_EQ(request->steps[0].kind, Action::Kind::kReadWrite);
}

TEST(MongodbStatement, WritesHaveAFilterAContentAndOptions) {
  const auto request = Read({{"update", "orders"},
                             {"filter", R"({"_id": "{n}"})"},
                             {"set", R"({"$push": {"items": "{text}"}})"},
                             {"many", "true"},
                             {"upsert", "true"}});
  ASSERT_TRUE(request) << request.error().message;
  const Write& write = request->steps[0].writes[0];
  EXPECT_EQ(write.kind, Write::Kind::kUpdateMany);
  EXPECT_EQ(Filled(write.filter, {"7", "x", "y"}), R"({ "_id" : { "$numberLong" : "7" } })");
  EXPECT_EQ(Filled(write.content, {"7", "x", "y"}), R"({ "$push" : { "items" : "x" } })");
  EXPECT_EQ(Filled(write.options, {"7", "x", "y"}), R"({ "upsert" : true })");
}

TEST(MongodbStatement, ABatchOrSeveralDocumentsAreABulk) {
  const auto one = Read({{"insert", "o"}, {"document", R"({"a": 1})"}});
  const auto two = Read({{"insert", "o"}, {"documents", R"([{"a": 1}, {"a": 2}])"}});
  const auto batch = Read({{"insert", "o"}, {"document", R"({"a": 1})"}, {"batch", "50"}}, 50);
  const auto bulk = Read({{"bulkWrite", "o"},
                          {"operations", R"([{"insert": {"a": 1}}, {"delete": {"filter": {}}}])"}});
  ASSERT_TRUE(one && two && batch && bulk);
  EXPECT_EQ(one->steps[0].kind, Action::Kind::kWrite);
  for (const auto* request : {&two, &batch, &bulk}) {
    EXPECT_EQ((*request)->steps[0].kind, Action::Kind::kBulk);
  }
  EXPECT_EQ(bulk->steps[0].writes[1].kind, Write::Kind::kDeleteOne);
}

TEST(MongodbStatement, MistakesAreNamedWithTheStatement) {
  EXPECT_THAT(Refusal({{"fnd", "orders"}}),
              HasSubstr("unknown key 'fnd' in statement 'it'; did you mean 'find'?"));
  EXPECT_THAT(Refusal({{"find", "orders"}, {"fliter", "{}"}}), HasSubstr("did you mean 'filter'?"));
  EXPECT_THAT(Refusal({{"find", "orders"}, {"filter", "all"}}), HasSubstr("filter must be a map"));
  EXPECT_THAT(Refusal({{"find", "orders"}, {"limit", "few"}}),
              HasSubstr("not a whole number: 'few'"));
  EXPECT_THAT(Refusal({{"find", "{text}"}}), HasSubstr("has to name a collection"));
  EXPECT_THAT(Refusal({{"insert", "orders"}}), HasSubstr("document"));
  EXPECT_THAT(Refusal({{"update", "orders"}, {"set", R"({"$set": {"a": 1}})"}}),
              HasSubstr("'filter' is missing"));
  EXPECT_THAT(Refusal({{"update", "orders"}, {"filter", "{}"}, {"set", R"({"a": 1})"}}),
              HasSubstr("names are operators"));
  EXPECT_THAT(Refusal({{"bulkWrite", "orders"}, {"operations", R"([{"upsert": {}}])"}}),
              HasSubstr("an operation of bulkWrite"));
  EXPECT_THAT(Refusal({{"command", "ping"}}), HasSubstr("command must be a map"));
  EXPECT_THAT(Refusal({{"findAndModify", "orders"}, {"filter", "{}"}}), HasSubstr("one of set"));
}

TEST(MongodbStatement, ATransactionSaysHowOftenItIsTried) {
  StatementSpec spec{.name = "pay", .arguments = kNames, .types = kTypes};
  spec.steps = {
      {.name = "debit",
       .body = BodyOf({{"update", "accounts"}, {"filter", "{}"}, {"set", R"({"$inc": {"a": 1}})"}}),
       .arguments = kNames,
       .types = kTypes}};
  auto request = MakeRequest(spec, "shop");
  ASSERT_TRUE(request) << request.error().message;
  EXPECT_TRUE(request->is_transaction);
  EXPECT_EQ(request->retry_times, 3u);
  Say(&spec, "retry", R"({"times":7})");
  EXPECT_EQ(MakeRequest(spec, "shop")->retry_times, 7u);
  Say(&spec, "retry", "often");
  EXPECT_THAT(MakeRequest(spec, "shop").error().message, HasSubstr("{times: 3}"));
  spec.body = BodyOf({{"isolation", "serializable"}});
  EXPECT_THAT(MakeRequest(spec, "shop").error().message, HasSubstr("unknown key 'isolation'"));
  spec.body.children.clear();
  std::erase_if(spec.steps[0].body.children,
                [](const ValueNode& word) { return word.key == "filter"; });
  EXPECT_THAT(MakeRequest(spec, "shop").error().message,
              HasSubstr("'filter' is missing in step 'debit'"));
}

// ---- watched writes ----

// What is written by an op whose number is 99.
std::string Numbered(std::map<std::string, std::string> body) {
  const auto request = Read(std::move(body));
  if (!request) return request.error().message;
  const Action& action = request->steps[0];
  const bool command = action.kind == Action::Kind::kFindAndModify;
  return Filled(command ? action.command : action.writes[0].content, {"7", "x", "y", "99"});
}

TEST(MongodbWatch, WatchedWritesCarryTheirNumber) {
  EXPECT_EQ(Numbered({{"insert", "o"}, {"document", R"({"a": "{n}"})"}, {"watch", "true"}}),
            R"({ "a" : { "$numberLong" : "7" }, "mbench" : { "$numberLong" : "99" } })");
  EXPECT_EQ(Numbered({{"insert", "o"}, {"documents", R"([{"a": 1}, {}])"}, {"watch", "true"}}),
            R"({ "a" : { "$numberInt" : "1" }, "mbench" : { "$numberLong" : "99" } })");
  EXPECT_EQ(Numbered({{"replace", "o"}, {"filter", "{}"}, {"document", "{}"}, {"watch", "true"}}),
            R"({ "mbench" : { "$numberLong" : "99" } })");
  const auto update = [](const char* key, const char* text) {
    return Numbered(
        {{"update", "o"}, {"filter", "{}"}, {key, text}, {"watch", R"({"batchSize": 5})"}});
  };
  EXPECT_EQ(update("set", R"({"$inc": {"a": 1}})"),
            R"({ "$inc" : { "a" : { "$numberInt" : "1" } }, "$set" : { "mbench" : { )"
            R"("$numberLong" : "99" } } })");
  EXPECT_EQ(
      update("set", R"({"$set": {"a": 1}})"),
      R"({ "$set" : { "a" : { "$numberInt" : "1" }, "mbench" : { "$numberLong" : "99" } } })");
  EXPECT_EQ(
      update("pipeline", R"([{"$unset": "a"}])"),
      R"({ "0" : { "$unset" : "a" }, "1" : { "$set" : { "mbench" : { "$numberLong" : "99" } } } })");
  EXPECT_THAT(Numbered({{"findAndModify", "o"},
                        {"filter", "{}"},
                        {"set", R"({"$inc": {"a": 1}})"},
                        {"watch", "true"}}),
              HasSubstr(R"("$set" : { "mbench" : { "$numberLong" : "99" } })"));
  EXPECT_EQ(Numbered({{"insert", "o"}, {"document", R"({"a": 1})"}, {"watch", "false"}}),
            R"({ "a" : { "$numberInt" : "1" } })");
}

TEST(MongodbWatch, WhatCannotBeWatchedIsRefused) {
  EXPECT_THAT(Refusal({{"delete", "o"}, {"filter", "{}"}, {"watch", "true"}}),
              HasSubstr("'watch' does not go with delete"));
  EXPECT_THAT(Refusal({{"bulkWrite", "o"},
                       {"operations", R"([{"insert": {}}, {"delete": {"filter": {}}}])"},
                       {"watch", "true"}}),
              HasSubstr("writes of single documents"));
  EXPECT_THAT(Refusal({{"update", "o"},
                       {"filter", "{}"},
                       {"set", R"({"$set": {"a": 1}})"},
                       {"many", "true"},
                       {"watch", "true"}}),
              HasSubstr("writes of single documents"));
  EXPECT_THAT(Refusal({{"insert", "o"}, {"document", R"({"mbench": 1})"}, {"watch", "true"}}),
              HasSubstr("the field 'mbench' of what is written is taken"));
  EXPECT_THAT(Refusal({{"insert", "o"}, {"document", "{}"}, {"watch", "yes"}}),
              HasSubstr("expected true, false or a map"));
  EXPECT_THAT(Refusal({{"insert", "o"}, {"document", "{}"}, {"watch", R"({"pipelin": []})"}}),
              HasSubstr("did you mean 'pipeline'?"));
  EXPECT_THAT(Refusal({{"insert", "o"}, {"document", "{}"}, {"watch", R"({"pipeline": {}})"}}),
              HasSubstr("pipeline must be a list"));
}

// ---- writes that are looked for after the run ----

// "traced", "-" for what writes nothing, or why not.
std::string Traced(std::map<std::string, std::string> body) {
  const auto request =
      MakeRequest({.name = "it", .body = BodyOf(body)}, "shop", SessionPhase::kRun, true);
  if (!request) return request.error().message;
  const Action& action = request->steps[0];
  EXPECT_NE(action.tracing.logged, action.untraced.has_value() || !action.numbered);
  if (action.untraced) return action.untraced->why + (action.untraced->hides ? ", hides" : "");
  return action.tracing.logged ? "traced" : "-";
}

TEST(MongodbTrace, WritesAreTracedThatNameTheirDocument) {
  EXPECT_EQ(Traced({{"find", "o"}, {"filter", "{}"}}), "-");
  EXPECT_EQ(Traced({{"insert", "o"}, {"document", "{}"}}), "traced");
  const auto update = [](const char* filter) {
    return Traced({{"update", "o"}, {"filter", filter}, {"set", R"({"$inc": {"a": 1}})"}});
  };
  EXPECT_EQ(update(R"({"_id": 7, "a": 1})"), "traced");
  EXPECT_EQ(update(R"({"_id": {"$oid": "507f1f77bcf86cd799439011"}})"), "traced");
  EXPECT_EQ(update(R"({"_id": {"shop": 1, "no": 2}})"), "traced");
  EXPECT_EQ(update(R"({"_id": {"$gt": 7}})"), "its filter names no _id");
  EXPECT_EQ(update(R"({"a": 1})"), "its filter names no _id");
  EXPECT_EQ(Traced({{"delete", "o"}, {"filter", R"({"_id": 1})"}}), "traced");
  EXPECT_EQ(Traced({{"delete", "o"}, {"filter", "{}"}}), "its filter names no _id, hides");
  EXPECT_EQ(Traced({{"delete", "o"}, {"filter", R"({"_id": 1})"}, {"many", "true"}}),
            "it writes many documents at once, hides");
  EXPECT_EQ(Traced({{"findAndModify", "o"}, {"filter", R"({"a": 1})"}, {"remove", "true"}}),
            "its filter names no _id, hides");
  EXPECT_EQ(Traced({{"bulkWrite", "o"},
                    {"operations", R"([{"insert": {}}, {"delete": {"filter": {"_id": 1}}}])"}}),
            "traced");
  EXPECT_EQ(Traced({{"bulkWrite", "o"},
                    {"operations", R"([{"insert": {}}, {"delete": {"filter": {"a": 1}}}])"}}),
            "one of its operations: its filter names no _id, hides");
  EXPECT_EQ(Traced({{"aggregate", "o"}, {"pipeline", R"([{"$out": "p"}])"}}),
            "it ends with $out or $merge, hides");
}

std::uint64_t NumberOf(std::string_view json) {
  bson_error_t error;
  bson_t* const event = bson_new_from_json(reinterpret_cast<const std::uint8_t*>(json.data()),
                                           static_cast<ssize_t>(json.size()), &error);
  const std::uint64_t number = EventNumber(*event);
  bson_destroy(event);
  return number;
}

TEST(MongodbWatch, AnEventHasTheNumberOfItsOwnWriteAndNotOfALaterOne) {
  EXPECT_EQ(
      NumberOf(R"({"operationType": "insert", "fullDocument": {"mbench": {"$numberLong": "5"}}})"),
      5u);
  EXPECT_EQ(
      NumberOf(R"({"operationType": "update", "updateDescription": {"updatedFields": {"mbench": )"
               R"({"$numberLong": "6"}}}, "fullDocument": {"mbench": {"$numberLong": "7"}}})"),
      6u);
  EXPECT_EQ(
      NumberOf(R"({"operationType": "update", "updateDescription": {"updatedFields": {"a": 1}},)"
               R"("fullDocument": {"mbench": {"$numberLong": "7"}}})"),
      0u)
      << "the update of somebody else";
  EXPECT_EQ(NumberOf(R"({"operationType": "delete", "documentKey": {"_id": 1}})"), 0u);
  EXPECT_EQ(NumberOf(R"({"operationType": "insert", "fullDocument": {"mbench": "5"}})"), 0u);
}

// ---- loads and indexes ----

StatementSpec LoadOf(std::map<std::string, std::string> body) {
  return {.name = "load_statement", .body = BodyOf(body), .arguments = {"id"}, .batch = 100};
}

TEST(MongodbRequests, ALoadIsUnorderedAndLeavesOutDuplicates) {
  const auto request = MakeRequest(
      LoadOf({{"insert", "people"}, {"document", R"({"_id": "{id}"})"}, {"batch", "100"}}), "db",
      SessionPhase::kLoad);
  ASSERT_TRUE(request) << request.error().message;
  const Action& action = request->steps[0];
  EXPECT_EQ(action.kind, Action::Kind::kBulk);
  EXPECT_FALSE(action.ordered);
  EXPECT_TRUE(action.skips_duplicates);
}

TEST(MongodbRequests, ALoadNeedsAnIdAndNoOrder) {
  const auto wrong = [](std::map<std::string, std::string> body) {
    const auto request = MakeRequest(LoadOf(std::move(body)), "db", SessionPhase::kLoad);
    return request ? "" : request.error().message;
  };
  EXPECT_THAT(wrong({{"insert", "people"}, {"document", R"({"name": "{id}"})"}}),
              HasSubstr("a document of a load needs an _id"));
  EXPECT_THAT(
      wrong({{"insert", "people"}, {"document", R"({"_id": "{id}"})"}, {"ordered", "true"}}),
      HasSubstr("a load is not ordered"));
}

TEST(MongodbRequests, AnIndexIsALineAndIsCalledAsUsual) {
  const auto request = MakeRequest({.name = "it",
                                    .body = BodyOf({{"index", "people"},
                                                    {"key", R"({"city": 1, "home": "2dsphere"})"},
                                                    {"unique", "true"}})},
                                   "db");
  ASSERT_TRUE(request) << request.error().message;
  EXPECT_EQ(
      Filled(request->steps[0].command, {}),
      R"({ "createIndexes" : "people", "indexes" : [ { "key" : { "city" : { "$numberInt" : )"
      R"("1" }, "home" : "2dsphere" }, "name" : "city_1_home_2dsphere", "unique" : true } ] })");
  const auto named =
      MakeRequest({.name = "it",
                   .body = BodyOf({{"index", "people"}, {"key", R"({"a": 1})"}, {"name", "mine"}})},
                  "db");
  ASSERT_TRUE(named);
  EXPECT_THAT(Filled(named->steps[0].command, {}), HasSubstr(R"("name" : "mine")"));
  EXPECT_FALSE(MakeRequest({.name = "it", .body = BodyOf({{"index", "people"}})}, "db"));
}

}  // namespace
}  // namespace mbench::mongodb
