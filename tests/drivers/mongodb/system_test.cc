// SPDX-License-Identifier: Apache-2.0
//
// The mongodb driver and a MongoDB that is well: 8.2, 4.0 and a sharded cluster.
#include <fmt/format.h>

#include <thread>

#include "drivers/observer.h"
#include "tests/drivers/answers.h"
#include "tests/drivers/carries.h"
#include "tests/drivers/mongodb/rig.h"

namespace mbench::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;

constexpr auto kInsert = OpKind::kInsert;
constexpr auto kRead = OpKind::kRead;
constexpr auto kUpdate = OpKind::kUpdate;

// Records by the verbs, statements and a transaction: what has to work on every MongoDB.
void DoesItsWork(MongoRig& rig) {
  ASSERT_EQ(rig.Open(), "");
  EXPECT_TRUE(Look(rig.driver()).empty);
  EXPECT_EQ(Look(rig.driver()).dataset, kUnfinishedDataset);
  const auto session = rig.NewSession({.timeout = 5 * kSecond, .want_values = true, .fields = 3});
  ASSERT_TRUE(session);
  const std::string record = MakeRecord("red||blue");
  EXPECT_THAT(Do(*session, {.kind = kRead, .key = "a"}), IsNotFound());
  EXPECT_THAT(Do(*session, {.kind = kUpdate, .key = "a", .value = record}), IsNotFound());
  EXPECT_THAT(Do(*session, {.kind = kInsert, .key = "a", .value = record}), IsOk());
  EXPECT_THAT(Do(*session, {.kind = kRead, .key = "a"}), IsValue(record));
  EXPECT_THAT(Do(*session, {.kind = kRead, .key = "a"}).bytes_received, Carries(7));
  EXPECT_THAT(Do(*session, {.kind = kRead, .field = 2, .key = "a"}), IsValue("blue"));
  EXPECT_THAT(Do(*session, {.kind = kUpdate, .field = 1, .key = "a", .value = "green"}), IsOk());
  EXPECT_THAT(Do(*session, {.kind = kRead, .key = "a"}), IsValue(MakeRecord("red|green|blue")));
  const std::string other = MakeRecord("1|2|3");
  EXPECT_THAT(Do(*session, {.kind = kInsert, .key = "a", .value = other}), IsOk()) << "replaces";
  EXPECT_THAT(Do(*session, {.kind = kInsert, .key = "b", .value = record}), IsOk());
  EXPECT_EQ(Do(*session, {.kind = OpKind::kScan, .scan_limit = 9, .key = ""}).items, 2u);
  EXPECT_EQ(Do(*session, {.kind = OpKind::kScan, .scan_limit = 1, .key = "aa"}).items, 1u);
  EXPECT_THAT(Do(*session, {.kind = OpKind::kDelete, .key = "a"}), IsOk());
  EXPECT_THAT(Do(*session, {.kind = OpKind::kDelete, .key = "a"}), IsNotFound());
}

void RunsStatementsAndATransaction(MongoRig& rig) {
  StatementSpec pay = Statement({});
  pay.name = "pay";
  pay.steps = {Statement({{"update", "accounts"},
                          {"filter", R"({"_id": "one"})"},
                          {"set", R"({"$inc": {"balance": -10}})"}}),
               Statement({{"update", "accounts"},
                          {"filter", R"({"_id": "two"})"},
                          {"set", R"({"$inc": {"balance": 10}})"}})};
  pay.steps[0].name = "debit";
  pay.steps[1].name = "credit";
  const auto session = rig.Start(
      {Statement(
           {{"insert", "accounts"},
            {"documents", R"([{"_id": "one", "balance": 100}, {"_id": "two", "balance": 0}])"}}),
       pay,
       Statement({{"aggregate", "accounts"},
                  {"pipeline", R"([{"$group": {"_id": null, "sum": {"$sum": "$balance"}}}])"}})});
  ASSERT_TRUE(session);
  EXPECT_EQ(Ask(*session, 0), "ok");
  EXPECT_EQ(Ask(*session, 1), "ok");
  EXPECT_EQ(Ask(*session, 2), "ok");
  EXPECT_THAT(rig.Ask(R"({"find": "accounts", "filter": {"_id": "two"}})"),
              HasSubstr("\"balance\" : 10"));
}

// As the loader does it: many at once, then the rest by Poll.
void LoadRecords(MongoRig& rig, int count, std::string_view value) {
  const auto session =
      rig.NewSession({.connections = 500, .timeout = 10 * kSecond, .phase = SessionPhase::kLoad});
  ASSERT_TRUE(session);
  std::vector<std::string> keys;
  for (int i = 0; i < count; ++i) keys.push_back(fmt::format("user{:05}", i));
  std::vector<Op> ops;
  for (const std::string& key : keys) ops.push_back({.kind = kInsert, .key = key, .value = value});
  for (const Answer& answer : Do(*session, ops)) ASSERT_EQ(Told(*session, answer), "ok");
}

constexpr const char* kClients[] = {"libmongoc", "direct"};

TEST(MongodbSystem, KeepsRecordsAsTheVerbsSay) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  for (const char* client : kClients) {
    MongoRig rig(server.Url(), {{"client", client}});
    DoesItsWork(rig);
    EXPECT_THAT(rig.facts().system, HasSubstr("MongoDB "));
    EXPECT_EQ(rig.facts().blocking, std::string_view(client) == "libmongoc");
  }
}

TEST(MongodbSystem, FieldsMayBeText) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  MongoRig rig(server.Url(), {{"fields", "text"}});
  DoesItsWork(rig);
  EXPECT_THAT(rig.Ask(R"({"find": "usertable"})"), HasSubstr(R"("field0" : "red")"));
}

TEST(MongodbSystem, TheOldEndDoesItsWorkToo) {
  MBENCH_NEEDS(SharedServer, server, "mongodb-4.0");
  MongoRig rig(server.Url());
  DoesItsWork(rig);
  EXPECT_THAT(rig.facts().system, HasSubstr("MongoDB 4.0"));
  LoadRecords(rig, 1200, "value");
  EXPECT_EQ(rig.Count("usertable"), 1201);
  EXPECT_TRUE(rig.driver().Store()->Clear());
  EXPECT_TRUE(rig.driver().Store()->Clear()) << "of what is not there";
  // In 4.0 a transaction cannot make a collection.
  rig.Ask(R"({"create": "accounts"})");
  RunsStatementsAndATransaction(rig);
}

TEST(MongodbSystem, AShardedClusterHasTheRecordsOnBothShards) {
  MBENCH_NEEDS(SharedServer, server, "mongodb-sharded");
  MongoRig rig(server.Url());
  DoesItsWork(rig);
  EXPECT_THAT(rig.facts().system, HasSubstr("sharded"));
  LoadRecords(rig, 1200, "value");
  const std::string stats = rig.Ask(
      R"({"aggregate": "usertable", "cursor": {}, "pipeline": [{"$collStats": {"count": {}}}]})");
  EXPECT_THAT(stats, HasSubstr(R"("shard" : "config")")) << "the config server is a shard too";
  EXPECT_THAT(stats, HasSubstr(R"("shard" : "shard2")"));
  EXPECT_EQ(rig.Count("usertable"), 1201);
  RunsStatementsAndATransaction(rig);
  const auto session = rig.Start({Statement({{"find", "usertable"}, {"batchSize", "100"}})});
  EXPECT_EQ(Ask(*session, 0), "ok") << "all batches of one mongos";
}

void AsksAllKindsOfStatements(MongoRig&& rig) {
  const std::vector<std::string> names = {"id", "city"};
  const auto session = rig.Start(
      {Statement({{"insert", "people"}, {"document", R"({"_id": "{id}", "city": "{city}"})"}},
                 names),
       Statement({{"find", "people"}, {"filter", R"({"city": "{city}"})"}, {"limit", "5"}}, names),
       Statement({{"update", "people"},
                  {"filter", R"({"_id": "{id}"})"},
                  {"set", R"({"$set": {"city": "Rome"}})"}},
                 names),
       Statement({{"replace", "people"},
                  {"filter", R"({"_id": "{id}"})"},
                  {"document", R"({"city": "{city}", "new": true})"},
                  {"upsert", "true"}},
                 names),
       Statement({{"findAndModify", "people"},
                  {"filter", R"({"_id": "{id}"})"},
                  {"set", R"({"$inc": {"visits": 1}})"}},
                 names),
       Statement({{"delete", "people"}, {"filter", R"({"_id": "{id}"})"}}, names),
       Statement({{"count", "people"}}), Statement({{"distinct", "people"}, {"key", "city"}}),
       Statement({{"command", R"({"ping": 1})"}, {"database", "admin"}}),
       Statement({{"update", "people"},
                  {"filter", R"({"_id": "{id}"})"},
                  {"pipeline", R"([{"$set": {"twice": {"$concat": ["$city", "$city"]}}}])"}},
                 names)});
  ASSERT_TRUE(session);
  const std::string_view ann[] = {"ann", "Oslo"}, bob[] = {"bob", "Bonn"};
  EXPECT_EQ(Ask(*session, 0, ann), "ok");
  EXPECT_EQ(Ask(*session, 0, ann), "failed: DuplicateKey");
  EXPECT_EQ(Ask(*session, 1, ann), "ok");
  EXPECT_EQ(Ask(*session, 1, bob), "not_found");
  EXPECT_EQ(Ask(*session, 2, ann), "ok");
  EXPECT_EQ(Ask(*session, 2, bob), "not_found");
  EXPECT_EQ(Ask(*session, 3, bob), "ok") << "an upsert";
  EXPECT_EQ(Ask(*session, 4, bob), "ok");
  EXPECT_EQ(Ask(*session, 9, bob), "ok");
  EXPECT_THAT(rig.Ask(R"({"find": "people", "filter": {"_id": "bob"}})"),
              HasSubstr(R"("new" : true, "visits" : 1, "twice" : "BonnBonn")"));
  for (const std::uint16_t statement : std::initializer_list<std::uint16_t>{6, 7, 8})
    EXPECT_EQ(Ask(*session, statement), "ok");
  EXPECT_EQ(Ask(*session, 5, bob), "ok");
  EXPECT_EQ(Ask(*session, 5, bob), "not_found");
  EXPECT_EQ(Ask(*session, 4, bob), "not_found");
}

TEST(MongodbSystem, StatementsSayWhatTheyFound) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  for (const char* client : kClients) {
    AsksAllKindsOfStatements(MongoRig(server.Url(), {{"client", client}}));
  }
}

class Batches : public ::testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(, Batches, ::testing::ValuesIn(kClients),
                         [](const auto& instance) { return std::string(instance.param); });

TEST_P(Batches, OfAnAnswerAllBelongToTheOp) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  MongoRig rig(server.Url(), {{"client", GetParam()}});
  ASSERT_EQ(rig.Open(), "");
  LoadRecords(rig, 1000, std::string(100, 'x'));
  const auto session =
      rig.Start({Statement({{"find", "usertable"}, {"batchSize", "7"}}),
                 Statement({{"aggregate", "usertable"}, {"pipeline", "[]"}, {"batchSize", "300"}}),
                 Statement({{"find", "usertable"}})});
  // {_id: "user00000", field0: 100 bytes} is 4 + 5 + 14 + 8 + 105 + 1 bytes; then what each batch
  // has around its documents, and they have as elements.
  for (const std::uint16_t statement : std::initializer_list<std::uint16_t>{0, 1, 2}) {
    const Answer answer = Do(*session, StatementOp(statement));
    EXPECT_EQ(Told(*session, answer), "ok");
    EXPECT_EQ(answer.items, 1000u);
    EXPECT_THAT(answer.bytes_received, Carries(1000u * 137u, 1000u * 50u));
  }
}

TEST(MongodbSystem, ABatchIsSentAsOneBulk) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  MongoRig rig(server.Url());
  StatementSpec spec = Statement(
      {{"bulkWrite", "rows"},
       {"operations",
        R"([{"insert": {"_id": {"$numberInt": "{n}"}}}, {"insert": {"_id": "{n} again"}}])"},
       {"batch", "2000"}},
      {"n"});
  spec.batch = 2000;
  const StatementSpec mixed = Statement(
      {{"bulkWrite", "rows"},
       {"operations",
        R"([{"update": {"filter": {"_id": "sum"}, "set": {"$inc": {"n": 1}}, "upsert": true}},
            {"replace": {"filter": {"_id": 7}, "document": {"x": 1}}},
            {"delete": {"filter": {"_id": 8}}}])"}});
  const auto session = rig.Start({spec, mixed});
  std::vector<std::string> numbers;
  for (int i = 0; i < 2000; ++i) numbers.push_back(std::to_string(i));
  const std::vector<std::string_view> values(numbers.begin(), numbers.end());
  EXPECT_EQ(Ask(*session, 0, values), "ok");
  EXPECT_EQ(rig.Count("rows"), 4000);
  EXPECT_EQ(Ask(*session, 1), "ok");
  EXPECT_EQ(rig.Count("rows"), 4000) << "one more, one less";
  EXPECT_EQ(Ask(*session, 0, values), "failed: DuplicateKey") << "ordered: ends at the first error";
}

TEST(MongodbSystem, AggregatesIntoACollection) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  MongoRig rig(server.Url());
  const auto session =
      rig.Start({Statement({{"insert", "a"}, {"documents", R"([{"x": 1}, {"x": 2}])"}}),
                 Statement({{"aggregate", "a"}, {"pipeline", R"([{"$out": "b"}])"}})});
  EXPECT_EQ(Ask(*session, 0), "ok");
  EXPECT_EQ(Ask(*session, 1), "ok");
  EXPECT_EQ(rig.Count("b"), 2);
}

TEST(MongodbSystem, TheLoadWritesOverWhatIsThere) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  MongoRig rig(server.Url());
  ASSERT_EQ(rig.Open(), "");
  LoadRecords(rig, 700, "old");
  LoadRecords(rig, 1300, "new");
  EXPECT_EQ(rig.Count("usertable"), 1300);
  const auto session = rig.NewSession({.timeout = kSecond, .want_values = true});
  EXPECT_THAT(Do(*session, {.kind = kRead, .key = "user00003"}), IsValue("new"));
}

TEST(MongodbSystem, DataThatAreNotOursAreLeftAlone) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  MongoRig rig(server.Url());
  rig.Ask(R"({"insert": "usertable", "documents": [{"_id": "somebody's"}]})");
  ASSERT_EQ(rig.Open(), "");
  EXPECT_EQ(Look(rig.driver()).dataset, "");
  EXPECT_FALSE(Look(rig.driver()).empty);
  const Status cleared = rig.driver().Store()->Clear();
  ASSERT_FALSE(cleared);
  EXPECT_THAT(cleared.error().message, HasSubstr("'usertable'"));
  EXPECT_FALSE(rig.driver().Store()->SetDataset("mine"));
  EXPECT_EQ(rig.Count("usertable"), 1);
}

TEST(MongodbSystem, TlsAndSocketsAndPasswordsAreThoseOfTheUri) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  std::string socket = server.Fact("SOCKET");
  for (std::size_t at = 0; (at = socket.find('/')) != std::string::npos;)
    socket.replace(at, 1, "%2F");
  const std::string address = server.Fact("HOST") + ":" + server.Fact("PORT");
  const std::string password = server.Fact("PASSWORD");
  const std::vector<std::pair<std::string, Options>> ways = {
      {server.Fact("TLS_URL"), {}},
      {"mongodb://" + socket, {}},
      {fmt::format("mongodb://mbench:{}@{}", password, address), {}},
      {fmt::format("mongodb://mbench@{}/?authSource=admin", address), {{"password", password}}},
      {fmt::format("mongodb://mbench:{}@{}/?authMechanism=SCRAM-SHA-1", password, address), {}},
      {fmt::format("mongodb://{}/?compressors=zstd,zlib", address), {}},
      {"mongodb://" + socket, {{"client", "direct"}}},
      {fmt::format("mongodb://mbench:{}@{}", password, address), {{"client", "direct"}}}};
  for (const auto& [uri, options] : ways) {
    MongoRig rig(uri, options);
    ASSERT_EQ(rig.Open(), "") << uri;
    const auto session = rig.NewSession();
    ASSERT_TRUE(session);
    EXPECT_THAT(Do(*session, {.kind = kInsert, .key = "a", .value = "v"}), IsOk()) << uri;
    EXPECT_TRUE(rig.driver().Store()->Clear());
  }
}

TEST(MongodbSystem, ACertificateLogsInAndOneOfNobodyDoesNot) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  const std::string uri = server.Fact("TLS_URL") + "&authMechanism=MONGODB-X509";
  const std::string client = server.Fact("CLIENT_PEM");
  MongoRig rig(uri + "&tlsCertificateKeyFile=" + client);
  ASSERT_EQ(rig.Open(), "");
  const auto session = rig.NewSession();
  ASSERT_TRUE(session);
  EXPECT_THAT(Do(*session, {.kind = kInsert, .key = "a", .value = "v"}), IsOk());
  EXPECT_THAT(rig.AskIn("admin", R"({"connectionStatus": 1})"),
              HasSubstr("CN=bench,O=mbench clients"));

  MongoRig without(uri);
  EXPECT_THAT(without.Open(), HasSubstr("X-509"));
  MongoRig other(server.Url() + "&authMechanism=MONGODB-X509&tls=true&tlsCAFile=" +
                 server.Fact("OTHER_CA") + "&tlsCertificateKeyFile=" + client);
  EXPECT_THAT(other.Open(), HasSubstr("certificate")) << "the server is not trusted";
}

TEST(MongodbSystem, ALineWhoseOtherEndMayBeAnybodyIsWarnedOf) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  const auto warnings = [&server](const std::string& more) {
    MongoRig rig(server.Fact("TLS_URL") + more);
    EXPECT_EQ(rig.Open(), "");
    return rig.driver().Observer()->Examine({}).warnings;
  };
  EXPECT_THAT(warnings(""), ::testing::Not(::testing::Contains(std::string(kUnverifiedServer))));
  for (const char* word :
       {"tlsInsecure", "tlsAllowInvalidCertificates", "tlsAllowInvalidHostnames"})
    EXPECT_THAT(warnings(fmt::format("&{}=true", word)),
                ::testing::Contains(std::string(kUnverifiedServer)))
        << word;
}

TEST(MongodbDirect, RefusesWhatOnlyLibmongocCanDo) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  const std::string address = server.Fact("HOST") + ":" + server.Fact("PORT");
  for (const char* more : {"?tls=true", "?w=0", "?authMechanism=SCRAM-SHA-1&authSource=admin"}) {
    MongoRig rig("mongodb://u:p@" + address + "/" + more, {{"client", "direct"}});
    EXPECT_THAT(rig.Open(), HasSubstr("use client: libmongoc")) << more;
    EXPECT_EQ(rig.kind, ErrorKind::kUsage);
  }
  MongoRig two("mongodb://127.0.0.1:1,127.0.0.1:2/", {{"client", "direct"}});
  EXPECT_THAT(two.Open(), HasSubstr("more than one server"));
  MongoRig rig(server.Url(), {{"client", "direct"}});
  ASSERT_EQ(rig.Open(), "");
  StatementSpec pair = Statement({});
  pair.steps = {Statement({{"find", "a"}})};
  EXPECT_THAT(rig.Prepare({pair}), HasSubstr("no transactions"));
  EXPECT_THAT(rig.Prepare({Statement({{"bulkWrite", "a"}, {"operations", R"([{"insert": {}}])"}})}),
              HasSubstr("no bulks"));
}

TEST(MongodbDirect, LogsInToTheOldEndToo) {
  MBENCH_NEEDS(SharedServer, server, "mongodb-4.0");
  const std::string uri =
      fmt::format("mongodb://mbench:{}@{}:{}/?authSource=admin", server.Fact("PASSWORD"),
                  server.Fact("HOST"), server.Fact("PORT"));
  MongoRig rig(uri, {{"client", "direct"}});
  DoesItsWork(rig);
}

TEST(MongodbDirect, CarriesManyOpsOverManyConnections) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  MongoRig rig(server.Url(), {{"client", "direct"}});
  ASSERT_EQ(rig.Open(), "");
  LoadRecords(rig, 300, std::string(100, 'x'));
  const auto session = rig.NewSession({.connections = 100, .timeout = 10 * kSecond});
  std::vector<std::string> keys;
  for (int i = 0; i < 3000; ++i) keys.push_back(fmt::format("user{:05}", i % 300));
  std::vector<Op> ops;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    ops.push_back({.kind = i % 5 == 0 ? OpKind::kScan : kRead, .scan_limit = 20, .key = keys[i]});
  }
  for (const Answer& answer : Do(*session, ops)) ASSERT_EQ(Told(*session, answer), "ok");
}

TEST(MongodbDirect, AServerThatIsKilledIsFoundAgain) {
  MBENCH_NEEDS(OwnServer, server, "mongodb");
  MongoRig rig(server.Url(), {{"client", "direct"}});
  ASSERT_EQ(rig.Open(), "");
  const auto session = rig.NewSession({.connections = 4, .timeout = 2 * kSecond});
  ASSERT_THAT(Do(*session, {.kind = kInsert, .key = "a", .value = "v"}), IsOk());
  server.Kill();
  EXPECT_EQ(Do(*session, {.kind = kRead, .key = "a"}).outcome, Outcome::kFailed);
  server.Start();
  Answer answer{{.outcome = Outcome::kFailed}, {}};
  for (int i = 0; i < 200 && answer.outcome != Outcome::kOk; ++i) {
    answer = Do(*session, {.kind = kUpdate, .key = "a", .value = "w"});
  }
  EXPECT_THAT(answer, IsOk());
}

// ---- what the server says ----

TEST(MongodbExamines, APlanWithoutAnIndexIsWarnedOf) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  MongoRig rig(server.Url());
  ASSERT_EQ(rig.Open(), "");
  LoadRecords(rig, 500, "x");
  const std::vector<std::string> names = {"key"};
  StatementSpec good = Statement({{"find", "usertable"}, {"filter", R"({"_id": "{key}"})"}}, names);
  StatementSpec bad =
      Statement({{"find", "usertable"}, {"filter", R"({"field1": "{key}"})"}}, names);
  StatementSpec write = Statement({{"update", "usertable"},
                                   {"filter", R"({"field1": "{key}"})"},
                                   {"set", R"({"$set": {"changed": true}})"}},
                                  names);
  StatementSpec group =
      Statement({{"aggregate", "usertable"},
                 {"pipeline", R"([{"$group": {"_id": null, "n": {"$sum": 1}}}])"}});
  good.name = "good";
  bad.name = "bad";
  write.name = "write";
  group.name = "group";
  ASSERT_EQ(rig.Prepare({good, bad, write, group}), "");
  const SystemRemarks remarks =
      rig.driver().Observer()->Examine({{"user00007"}, {"user00007"}, {"x"}, {}});
  ASSERT_EQ(remarks.warnings.size(), 3u);
  EXPECT_THAT(remarks.warnings[0], HasSubstr("bad scans the whole collection usertable"));
  EXPECT_THAT(remarks.warnings[1], HasSubstr("write scans the whole collection"));
  EXPECT_THAT(remarks.warnings[2], HasSubstr("group scans the whole collection"));
  EXPECT_THAT(remarks.facts.at("plan of good"), HasSubstr("1 documents examined, 1 returned"));
  EXPECT_THAT(remarks.facts.at("plan of bad"), HasSubstr("500 documents examined"));
  EXPECT_EQ(remarks.facts.at("storage engine"), "wiredTiger");
  EXPECT_THAT(rig.Ask(R"({"count": "usertable", "query": {"changed": true}})"),
              HasSubstr("\"n\" : 0"))
      << "a look changes nothing";
}

TEST(MongodbExamines, FiguresAreToldPerSecondFromTheSecondLookOn) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  MongoRig rig(server.Url());
  ASSERT_EQ(rig.Open(), "");
  const SystemFigures first = rig.driver().Observer()->Observe();
  EXPECT_GT(first.at("connections"), 0);
  EXPECT_GT(first.at("cache_limit_bytes"), 1e6);
  EXPECT_FALSE(first.contains("inserts_per_s"));
  LoadRecords(rig, 1000, "x");
  const SystemFigures second = rig.driver().Observer()->Observe();
  EXPECT_GT(second.at("inserts_per_s"), 0);
  EXPECT_GE(second.at("server_cpu_cores"), 0);
}

TEST(MongodbExamines, ItIsAskedForItsCacheAndItsSet) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  MongoRig rig(server.Url());
  ASSERT_EQ(rig.Open(), "");
  std::map<std::string, FindingState> states;
  for (const Finding& finding : rig.driver().Observer()->Advise(16ull << 30))
    states[finding.name] = finding.state;
  ASSERT_TRUE(states.contains("cache"));
  EXPECT_NE(states["cache"], FindingState::kUnknown);
  ASSERT_TRUE(states.contains("replica set"));
  EXPECT_NE(states["replica set"], FindingState::kUnknown);
}

// ---- transactions ----

class Accounts {
 public:
  explicit Accounts(const std::string& uri) : rig_(uri) {
    rig_.Ask(
        R"({"insert": "accounts", "documents": [{"_id": 1, "b": 100}, {"_id": 2, "b": 100}]})");
  }

  std::unique_ptr<Session> Start(std::map<std::string, std::string> body = {}) {
    StatementSpec spec = Statement(std::move(body));
    spec.steps = {Step("look", {{"find", "accounts"}, {"filter", R"({"_id": 1})"}}),
                  Step("debit", {{"update", "accounts"},
                                 {"filter", R"({"_id": 1})"},
                                 {"set", R"({"$inc": {"b": -10}})"}}),
                  Step("credit", {{"findAndModify", "accounts"},
                                  {"filter", R"({"_id": 2})"},
                                  {"set", R"({"$inc": {"b": 10}})"}})};
    StatementSpec broken = Statement({});
    broken.steps = {spec.steps[1],
                    Step("again", {{"insert", "accounts"}, {"document", R"({"_id": 1})"}})};
    return rig_.Start({spec, broken});
  }

  // "90 110"
  std::string Balances() const {
    std::string text;
    for (const int id : {1, 2}) {
      const std::string found =
          rig_.Ask(fmt::format(R"({{"find": "accounts", "filter": {{"_id": {}}}}})", id));
      const std::size_t at = found.find("\"b\" : ") + 6;
      text += (text.empty() ? "" : " ") + found.substr(at, found.find_first_of(" }", at) - at);
    }
    return text;
  }

  MongoRig rig_;

 private:
  static StatementSpec Step(std::string name, std::map<std::string, std::string> body) {
    StatementSpec step = Statement(std::move(body));
    step.name = std::move(name);
    return step;
  }
};

TEST(MongodbTransaction, CommitsItsStepsAndTellsOfEach) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  Accounts accounts(server.Url());
  const auto session = accounts.Start();
  const auto told = DoAll(*session, StatementOp(0));
  ASSERT_EQ(told.steps.size(), 3u);
  EXPECT_EQ(session->DescribeLabel(told.steps[0].label), "look");
  EXPECT_EQ(session->DescribeLabel(told.steps[1].label), "debit");
  EXPECT_EQ(session->DescribeLabel(told.steps[2].label), "credit");
  EXPECT_EQ(told.end.outcome, Outcome::kOk);
  EXPECT_EQ(told.end.label, 0u) << "not tried again";
  Ticks before = told.end.started;
  for (const StepDone& step : told.steps) {
    EXPECT_LE(before, step.started);
    EXPECT_LE(step.started, step.finished);
    before = step.finished;
  }
  EXPECT_LE(before, told.end.finished) << "the whole lasts until the commit";
  EXPECT_EQ(accounts.Balances(), "90 110");
}

TEST(MongodbTransaction, AFailingStepRollsAllOfItBack) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  Accounts accounts(server.Url());
  const auto session = accounts.Start();
  const auto told = DoAll(*session, StatementOp(1));
  ASSERT_EQ(told.steps.size(), 2u);
  EXPECT_EQ(session->DescribeError(told.steps[1].error), "DuplicateKey");
  EXPECT_EQ(told.end.outcome, Outcome::kFailed);
  EXPECT_EQ(session->DescribeError(told.end.error), "DuplicateKey");
  EXPECT_EQ(accounts.Balances(), "100 100");
  EXPECT_EQ(DoAll(*session, StatementOp(0)).end.outcome, Outcome::kOk) << "the session goes on";
}

// Another session that has changed account 2 and not committed.
class Holder {
 public:
  explicit Holder(const Accounts& accounts, const std::string& uri)
      : uri_(mongodb::ParseUri(uri, "").value()), client_(mongoc_client_new_from_uri(uri_.get())) {
    session_.reset(mongoc_client_start_session(client_.get(), nullptr, nullptr));
    const mongodb::CollectionPtr collection(
        mongoc_client_get_collection(client_.get(), accounts.rig_.database().c_str(), "accounts"));
    EXPECT_TRUE(mongoc_client_session_start_transaction(session_.get(), nullptr, nullptr));
    bson_t options = BSON_INITIALIZER;
    EXPECT_TRUE(mongoc_client_session_append(session_.get(), &options, nullptr));
    const mongodb::BsonPtr filter(BCON_NEW("_id", BCON_INT32(2)));
    const mongodb::BsonPtr update(BCON_NEW("$inc", "{", "b", BCON_INT32(7), "}"));
    bson_error_t error;
    EXPECT_TRUE(mongoc_collection_update_one(collection.get(), filter.get(), update.get(), &options,
                                             nullptr, &error))
        << error.message;
    bson_destroy(&options);
  }
  void Commit() {
    EXPECT_TRUE(mongoc_client_session_commit_transaction(session_.get(), nullptr, nullptr));
  }

 private:
  mongodb::UriPtr uri_;
  mongodb::ClientPtr client_;
  mongodb::ClientSessionPtr session_;
};

TEST(MongodbTransaction, IsTriedAgainAfterAConflictAndSaysHowOften) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  Accounts accounts(server.Url());
  const auto session = accounts.Start({{"retry", R"({"times":999})"}});
  Holder holder(accounts, server.Url());
  // Commits when the conflict has been seen: the server counts the transactions it has aborted.
  const auto aborted = [&] {
    const std::string status = accounts.rig_.AskIn("admin", R"({"serverStatus": 1})");
    const std::size_t at = status.find("\"totalAborted\" : ");
    return at == std::string::npos ? 0 : std::stoll(status.substr(at + 17));
  };
  const auto before = aborted();
  std::thread other([&] {
    for (int i = 0; i < 1000 && aborted() == before; ++i) continue;
    holder.Commit();
  });
  const auto told = DoAll(*session, StatementOp(0));
  other.join();
  EXPECT_EQ(Name(told.end.outcome), "ok");
  EXPECT_THAT(session->DescribeLabel(told.end.label), MatchesRegex("[0-9]+ retr(y|ies)"));
  EXPECT_GE(told.steps.size(), 6u) << "the steps of every try are told";
  EXPECT_EQ(session->DescribeError(told.steps[2].error), "WriteConflict");
  EXPECT_EQ(accounts.Balances(), "90 117");
}

TEST(MongodbTransaction, IsNotTriedAgainWhereThatIsSwitchedOff) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  Accounts accounts(server.Url());
  const auto session = accounts.Start({{"retry", R"({"times":0})"}});
  Holder holder(accounts, server.Url());
  const auto told = DoAll(*session, StatementOp(0));
  EXPECT_EQ(told.end.outcome, Outcome::kFailed);
  EXPECT_EQ(session->DescribeError(told.end.error), "WriteConflict");
  holder.Commit();
  EXPECT_EQ(accounts.Balances(), "100 107");
}

}  // namespace
}  // namespace mbench::testing
