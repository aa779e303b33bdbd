// SPDX-License-Identifier: Apache-2.0
//
// Statements that say what they write and read, against real servers that lose nothing: nothing is
// said to be lost or stale, and every version that is read was written.
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

FinishedRun RunAgainst(const std::string& url, const std::string& text,
                       const std::string& more = "") {
  setenv("FOLLOWED_URL", url.c_str(), 1);
  const TemporaryDirectory folder;
  WriteFile(folder / "run.yaml", text);
  return RunProgram(MBENCH_PROGRAM, folder / "run.yaml", more);
}

const nlohmann::json& Op(const FinishedRun& run, const std::string& name) {
  static const nlohmann::json kNone = nlohmann::json::object();
  for (const nlohmann::json& op : run.document.at("ledger").at("ops"))
    if (op.at("op") == name) return op;
  ADD_FAILURE() << "no op " << name;
  return kNone;
}

void ExpectSound(const FinishedRun& run) {
  ASSERT_TRUE(run.document.is_object());
  ExpectCode(run, 0);
  ASSERT_TRUE(run.document.contains("ledger"));
  EXPECT_TRUE(run.document["ledger"]["writes_known"]);
  EXPECT_TRUE(run.document["ledger"]["reads_known"]);
  EXPECT_EQ(run.document["ledger"]["not_kept"], 0);
  EXPECT_GT(run.document["ledger"]["keys"], 10);
  EXPECT_GT(Op(run, "put").at("acknowledged"), 50);
  EXPECT_EQ(Op(run, "put").at("lost"), 0);
  EXPECT_GT(Op(run, "get").at("reads"), 50);
  for (const char* wrong : {"stale", "never_written", "backwards", "not_own"})
    EXPECT_EQ(Op(run, "get").at(wrong), 0) << wrong;
}

std::string SqlFile(const std::string& driver, const std::string& type) {
  const std::string table = fmt::format("followed{}", getpid());
  return fmt::format(R"yaml(
driver: {{use: {driver}, url: "${{FOLLOWED_URL}}"}}
data:
  before_load:
  - {{sql: "DROP TABLE IF EXISTS {table}"}}
  - {{sql: "CREATE TABLE {table} (id INT PRIMARY KEY, price {type})"}}
  - {{sql: "INSERT INTO {table} VALUES {rows}"}}
load: {{model: open, profile: steady, at: 400/s, over: 1s}}
generators: {{product: {{from: 1, to: 30}}}}
statements:
  get:
    weight: 1
    sql: "SELECT price FROM {table} WHERE id = {{product}}"
    reads: {{key: "{{product}}"}}
  put:
    weight: 1
    sql: "UPDATE {table} SET price = {{version}} WHERE id = {{product}}"
    writes: {{key: "{{product}}", version: "{{version}}"}}
verify: {{writes: {{sql: "SELECT price FROM {table} WHERE id = {{key}}"}}}}
slo: [lost <= 0%, rpo = 0s, stale(get) <= 0%]
)yaml",
                     fmt::arg("driver", driver), fmt::arg("table", table), fmt::arg("type", type),
                     // One has no price, and ten are not there.
                     fmt::arg("rows",
                              "(1,0),(2,0),(3,0),(4,0),(5,0),(6,0),(7,0),(8,0),(9,0),(10,0),"
                              "(11,0),(12,0),(13,0),(14,0),(15,0),(16,0),(17,0),(18,0),(19,0),"
                              "(20,NULL)"));
}

TEST(Followed, StatementsOfPostgres) {
  MBENCH_NEEDS(SharedServer, postgres, "postgres");
  const FinishedRun run = RunAgainst(postgres.Url(), SqlFile("postgres", "NUMERIC(20, 2)"));
  ExpectSound(run);
  EXPECT_EQ(run.document["ledger"]["keys"], 20) << "an update of no row has written nothing";
}

TEST(Followed, StatementsOfPostgresInBinaryFormatAndSimpleQueries) {
  MBENCH_NEEDS(SharedServer, postgres, "postgres");
  const std::string file = SqlFile("postgres", "BIGINT");
  ExpectSound(RunAgainst(postgres.Url(), file, "--set driver.binary=true"));
  ExpectSound(RunAgainst(postgres.Url(), file, "--set driver.prepare=simple"));
}

TEST(Followed, StatementsOfMysql) {
  MBENCH_NEEDS(SharedServer, mariadb, "mariadb");
  const FinishedRun run = RunAgainst(mariadb.Url(), SqlFile("mysql", "DECIMAL(20, 2)"));
  ExpectSound(run);
  EXPECT_EQ(run.document["ledger"]["keys"], 20);
}

std::string RedisFile() {
  const std::string prefix = fmt::format("followed{}", getpid());
  return fmt::format(R"yaml(
driver: {{use: redis, url: "${{FOLLOWED_URL}}"}}
data: {{records: 30}}
load: {{model: open, profile: steady, at: 400/s, over: 1s}}
statements:
  get: {{weight: 1, redis: "GET {0}:{{key}}", reads: {{key: "{0}:{{key}}"}}, label: hit}}
  put:
    weight: 1
    redis: "SET {0}:{{key}} {{version}} EX 60"
    writes: {{key: "{0}:{{key}}", version: "{{version}}"}}
verify: {{writes: {{redis: "GET {{key}}"}}}}
slo: [lost <= 0%, rpo = 0s, stale(get) <= 0%, "stale(get:hit) <= 0%"]
)yaml",
                     prefix);
}

TEST(Followed, StatementsOfRedis) {
  MBENCH_NEEDS(SharedServer, redis, "redis");
  ExpectSound(RunAgainst(redis.Url(), RedisFile()));
}

TEST(Followed, ASystemThatIsDownInTheEndIsFive) {
  MBENCH_NEEDS(OwnServer, redis, "redis");
  const std::string file = RedisFile() +
                           "events: [{at: 900ms, name: gone, run: \"redis-cli -u $FOLLOWED_URL "
                           "shutdown nosave\", env: [FOLLOWED_URL], outage: {at_most: 10s}}]\n";
  const FinishedRun run =
      RunAgainst(redis.Url(), file, "--set slo=[] --set verify.writes.limit=500ms");
  ASSERT_TRUE(run.document.is_object()) << "the result is kept";
  EXPECT_EQ(run.exit_code, 5);
  EXPECT_FALSE(run.document["ledger"]["writes_known"]);
  EXPECT_GT(Op(run, "get").at("reads"), 50);
}

}  // namespace
}  // namespace mbench::testing
