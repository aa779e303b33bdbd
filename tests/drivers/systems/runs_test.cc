// SPDX-License-Identifier: Apache-2.0
//
// Files with several systems, run as users run them.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>

#include "tests/drivers/system/program.h"
#include "tests/drivers/system/servers.h"
#include "tests/drivers/testing.h"

namespace mbench::testing {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

// A variable that holds it: a file may have no password in it.
std::string Given(const std::string& url) {
  static int count = 0;
  const std::string name = fmt::format("MBENCH_RUN_URL_{}", ++count);
  setenv(name.c_str(), url.c_str(), 1);
  return fmt::format("${{{}}}", name);
}

FinishedRun RunSystems(const std::string& text, const std::string& more = "") {
  const TemporaryDirectory folder;
  WriteFile(folder / "run.yaml", text);
  return RunProgram(MBENCH_PROGRAM, folder / "run.yaml", more);
}

const json& System(const FinishedRun& run, std::string_view name) {
  static const json kNone = json::object();
  for (const json& system : run.document.at("systems"))
    if (system.at("name") == name) return system;
  ADD_FAILURE() << "no system " << name;
  return kNone;
}

const json& Check(const FinishedRun& run, std::string_view what) {
  static const json kNone = json::object();
  for (const json& check : run.document.at("checks"))
    if (check.at("what") == what) return check;
  ADD_FAILURE() << "no check " << what << " in " << run.document.at("checks");
  return kNone;
}

std::int64_t Failed(const FinishedRun& run, const std::string& op) {
  for (const json& one : run.document.at("ops"))
    if (one.at("name") == op) return one.at("ended").at("failed").get<std::int64_t>();
  return -1;
}

TEST(SystemsRun, TheScenarioReadsFromRedisAndWritesToPostgres) {
  MBENCH_NEEDS(SharedServer, redis, "redis");
  MBENCH_NEEDS(SharedServer, postgres, "postgres");
  setenv("REDIS", redis.Url().c_str(), 1);
  setenv("POSTGRES", postgres.Url().c_str(), 1);
  const FinishedRun run =
      RunProgram(MBENCH_PROGRAM, fmt::format("{}/scenarios/redis-postgres.yaml", MBENCH_WORKLOADS),
                 "--set load.over=1s --set load.warmup=0s --set load.at=4 --set slo=[]");
  ExpectCode(run, 0);
  for (const char* op : {"look", "fill", "change", "history"}) {
    EXPECT_GT(EndedOk(run.document.at("ops"), op), 0) << op;
    EXPECT_EQ(Failed(run, op), 0) << op;
  }
  EXPECT_GT(EndedOk(run.document.at("parts"), "look:hit"), 0);
  EXPECT_EQ(System(run, "cache").at("ops"), json({"look", "fill"}));
  EXPECT_THAT(System(run, "cache").at("system").get<std::string>(), HasSubstr("Redis 7"));
  EXPECT_THAT(System(run, "database").at("system").get<std::string>(), HasSubstr("PostgreSQL"));
  EXPECT_EQ(System(run, "cache").at("connections").at("made"), 4);
  EXPECT_EQ(System(run, "database").at("connections").at("made"), 4);
  EXPECT_EQ(run.document.at("connections").at("made"), 8);
  EXPECT_TRUE(run.document.at("provenance").at("system_facts").contains("cache: role"));
}

TEST(SystemsRun, HttpAndMariadbInTheOpenModel) {
  MBENCH_NEEDS(SharedServer, nginx, "nginx");
  MBENCH_NEEDS(SharedServer, mariadb, "mariadb");
  const FinishedRun run = RunSystems(fmt::format(R"yaml(
systems:
  api: {{use: http, url: "{}"}}
  store: {{use: mysql, url: "{}"}}
  proxy: {{use: nginx, status: "{}"}}
data:
  before_load:
  - {{on: store, sql: "DROP TABLE IF EXISTS counted{}"}}
  - {{on: store, sql: "CREATE TABLE counted{} (id INT PRIMARY KEY, n INT NOT NULL)"}}
  - {{on: store, sql: "INSERT INTO counted{} VALUES (1, 0)"}}
load: {{model: open, profile: steady, at: 200/s, over: 1s}}
statements:
  page: {{weight: 1, http: GET /, expect: {{status: 200}}}}
  count: {{weight: 1, on: store, sql: "UPDATE counted{} SET n = n + 1 WHERE id = 1"}}
verify:
  checks: [{{name: counted, on: store, sql: "SELECT n FROM counted{}", expect: "> 0"}}]
)yaml",
                                                 Given(nginx.Url()), Given(mariadb.Url()),
                                                 Given(nginx.Url() + "status"), getpid(), getpid(),
                                                 getpid(), getpid(), getpid()));
  ExpectCode(run, 0);
  EXPECT_GT(EndedOk(run.document.at("ops"), "page"), 0);
  EXPECT_TRUE(Check(run, "store: counted").at("ok"));
  // Each update that was answered is there, and nothing else.
  EXPECT_EQ(Check(run, "store: counted").at("measured"),
            std::to_string(EndedOk(run.document.at("ops"), "count")));
  EXPECT_EQ(System(run, "proxy").at("ops"), json::array());
  const json& plan = run.document.at("plan");
  EXPECT_EQ(plan.at("mix").at("statements").at(1).at("on"), "store");
}

TEST(SystemsRun, OneThatBlocksBesideOneThatDoesNot) {
  MBENCH_NEEDS(SharedServer, redis, "redis");
  const TemporaryDirectory data;
  const FinishedRun run = RunSystems(fmt::format(R"yaml(
systems:
  store: {{use: sqlite, path: "{}"}}
  cache: {{use: redis, url: "{}"}}
data: {{records: 1000, value: {{fields: 1, size: 100B}}}}
load: {{profile: steady, at: 3, over: 1s}}
mix: {{read: 5, update: 1}}
verify: {{reads: true}}
statements:
  look: {{weight: 5, on: cache, redis: "GET systems:{{key}}", label: hit}}
)yaml",
                                                 data / "store", Given(redis.Url())));
  ExpectCode(run, 0);
  EXPECT_TRUE(run.document.at("judged_as").at("blocking"));
  EXPECT_EQ(run.document.at("judged_as").at("threads"), 3);
  EXPECT_GT(EndedOk(run.document.at("ops"), "read"), 0);
  EXPECT_GT(EndedOk(run.document.at("ops"), "update"), 0);
  // None of them is there, which is an answer.
  EXPECT_EQ(Failed(run, "look"), 0);
  EXPECT_EQ(run.document.at("account").at("ended").value("mismatch", 0), 0);
}

TEST(SystemsRun, ErrorsOfASystemThatDiesAreItsOwn) {
  MBENCH_NEEDS(OwnServer, redis, "redis");
  MBENCH_NEEDS(SharedServer, postgres, "postgres");
  const FinishedRun run = RunSystems(fmt::format(R"yaml(
systems:
  cache: {{use: redis, url: "{}"}}
  database: {{use: postgres, url: "{}"}}
load: {{model: open, profile: steady, at: 200/s, over: 2s}}
statements:
  look: {{weight: 1, redis: "GET a"}}
  one: {{weight: 1, on: database, sql: "SELECT 1"}}
events: [{{at: 500ms, name: dead, run: "redis-cli -h {} -p {} shutdown nosave"}}]
)yaml",
                                                 Given(redis.Url()), Given(postgres.Url()),
                                                 redis.Fact("HOST"), redis.Fact("PORT")));
  ASSERT_TRUE(run.document.is_object());
  EXPECT_GT(Failed(run, "look"), 0);
  EXPECT_EQ(Failed(run, "one"), 0);
  EXPECT_GT(System(run, "cache").at("connections").at("lost"), 0);
  EXPECT_EQ(System(run, "database").at("connections").at("lost"), 0);
  for (const json& op : run.document.at("ops")) {
    if (op.at("name") != "look") continue;
    for (const auto& [error, count] : op.at("errors").items())
      EXPECT_THAT(error, ::testing::StartsWith("cache: ")) << count;
  }
}

TEST(SystemsRun, DataOfPrimaryAndReplicaAreChecked) {
  MBENCH_NEEDS(SharedServer, primary, "postgres");
  MBENCH_NEEDS(SharedServer, replica, "postgres-replica");
  const std::string table = fmt::format("systems_checked_{}", getpid());
  const std::string text =
      fmt::format(R"yaml(
systems:
  primary: {{use: postgres, url: "{}"}}
  replica: {{use: postgres, url: "{}"}}
data:
  before_load:
  - sql: "CREATE TABLE {}(id int, of_id int, price int, changed timestamptz DEFAULT now())"
  - sql: "INSERT INTO {} SELECT n, n, CASE WHEN n = 7 THEN NULL ELSE n END FROM generate_series(1, 100) AS n"
  - sql: "INSERT INTO {} VALUES (1, 1000, 1)"
load: {{profile: steady, at: 1, over: 1s}}
statements: {{one: {{weight: 1, sql: "SELECT 1"}}}}
verify:
  checks:
  - {{name: all, count: {}, expect: 101}}
  - {{name: most, count: {}, where: "id > 50", expect: ">= 51"}}
  - {{name: once, duplicates: {}, of: id}}
  - {{name: filled, nulls: {}, of: [price, changed]}}
  - {{name: known, referential: {}, of: of_id, to: {}.id}}
  - {{name: fresh, freshness: {}, of: changed, at_most: 1h}}
  - {{name: same, rows: {}, of: [id, of_id, price], equal_to: replica}}
)yaml",
                  Given(primary.Url()), Given(replica.Url()), table, table, table, table, table,
                  table, table, table, table, table, table);
  const FinishedRun run = RunSystems(text);
  ASSERT_TRUE(run.document.is_object());
  ExpectCode(run, 1);  // checks that fail are a broken objective
  EXPECT_TRUE(Check(run, "primary: all").at("ok"));
  EXPECT_FALSE(Check(run, "primary: most").at("ok"));
  EXPECT_EQ(Check(run, "primary: most").at("measured"), "50");
  EXPECT_EQ(Check(run, "primary: once").at("measured"), "1");
  EXPECT_FALSE(Check(run, "primary: once").at("ok"));
  EXPECT_EQ(Check(run, "primary: filled").at("measured"), "1");
  EXPECT_EQ(Check(run, "primary: known").at("measured"), "1");
  EXPECT_TRUE(Check(run, "primary: fresh").at("ok"));
  EXPECT_TRUE(Check(run, "primary: same").at("ok")) << Check(run, "primary: same");
  EXPECT_THAT(Check(run, "primary: same").at("measured").get<std::string>(), HasSubstr("101 rows"));
}

TEST(SystemsRun, RowsOfMariadbAndPostgresHaveTheSameHashWhenTheyAreTheSame) {
  MBENCH_NEEDS(SharedServer, mariadb, "mariadb");
  MBENCH_NEEDS(SharedServer, postgres, "postgres");
  const std::string table = fmt::format("systems_same_{}", getpid());
  const std::string rows = "VALUES (1, 'one', 7), (2, 'zwei', NULL), (3, 'trois \xc3\xa9', -1)";
  const std::string text = fmt::format(R"yaml(
systems:
  old: {{use: mysql, url: "{}"}}
  new: {{use: postgres, url: "{}"}}
data:
  before_load:
  - {{on: old, sql: "CREATE TABLE {}(id int, name varchar(20) CHARACTER SET utf8mb4, n int)"}}
  - {{on: new, sql: "CREATE TABLE {}(id int, name text, n int)"}}
  - {{on: old, sql: "INSERT INTO {} {}"}}
  - {{on: new, sql: "INSERT INTO {} {}"}}
load: {{profile: steady, at: 1, over: 1s}}
statements: {{one: {{weight: 1, sql: "SELECT 1"}}}}
verify:
  checks:
  - {{name: same, on: old, rows: {}, of: [id, name, n], equal_to: new}}
  - {{name: as many, on: new, count: {}, equal_to: old}}
)yaml",
                                       Given(mariadb.Url()), Given(postgres.Url()), table, table,
                                       table, rows, table, rows, table, table);
  const FinishedRun run = RunSystems(text);
  ASSERT_TRUE(run.document.is_object());
  EXPECT_TRUE(Check(run, "old: same").at("ok")) << Check(run, "old: same");
  EXPECT_TRUE(Check(run, "new: as many").at("ok")) << Check(run, "new: as many");
}

TEST(SystemsRun, ValuesInRepliesOverHttpAreChecked) {
  MBENCH_NEEDS(SharedServer, nginx, "nginx");
  const FinishedRun run = RunSystems(fmt::format(R"yaml(
driver: {{use: http, url: "{}"}}
load: {{profile: steady, at: 1, over: 1s}}
statements: {{page: {{weight: 1, http: GET /}}}}
verify:
  checks:
  - {{name: seven, http: GET /json, value: "json:/items/0/id", expect: 7}}
  - {{name: eight, http: GET /json, value: "json:/items/0/id", expect: ">= 8"}}
  - {{name: there, http: GET /missing, value: "json:/items/0/id", expect: 7}}
)yaml",
                                                 Given(nginx.Url())));
  ASSERT_TRUE(run.document.is_object());
  EXPECT_TRUE(Check(run, "seven").at("ok")) << Check(run, "seven");
  EXPECT_EQ(Check(run, "eight").at("measured"), "7");
  EXPECT_FALSE(Check(run, "eight").at("ok"));
  EXPECT_FALSE(Check(run, "there").at("ok"));
  EXPECT_THAT(Check(run, "there").at("measured").get<std::string>(), HasSubstr("404"));
}

TEST(SystemsRun, KeysAndAnswersOfRedisAreChecked) {
  MBENCH_NEEDS(SharedServer, redis, "redis");
  const FinishedRun run =
      RunSystems(fmt::format(R"yaml(
driver: {{use: redis, url: "{}"}}
load: {{profile: steady, at: 1, over: 1s}}
statements: {{one: {{weight: 1, redis: "SADD systems{}:set a"}}}}
verify:
  checks:
  - {{name: a set, keys: "systems{}:*", expect: 1}}
  - {{name: one in it, redis: "SCARD systems{}:set", expect: 1}}
  - {{name: nothing, redis: "GET systems{}:none", expect: 0}}
)yaml",
                             Given(redis.Url()), getpid(), getpid(), getpid(), getpid()));
  ASSERT_TRUE(run.document.is_object());
  EXPECT_TRUE(Check(run, "a set").at("ok")) << Check(run, "a set");
  EXPECT_TRUE(Check(run, "one in it").at("ok"));
  EXPECT_EQ(Check(run, "nothing").at("measured"), "nothing");
  EXPECT_FALSE(Check(run, "nothing").at("ok"));
}

}  // namespace
}  // namespace mbench::testing
