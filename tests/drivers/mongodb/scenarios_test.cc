// SPDX-License-Identifier: Apache-2.0
//
// Scenarios of workloads/scenarios as users run them, small and short, against real servers.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "tests/drivers/mongodb/rig.h"
#include "tests/drivers/system/program.h"

namespace mbench::testing {
namespace {

using ::testing::HasSubstr;

FinishedRun RunScenario(const std::string& name, const std::string& uri, const std::string& more) {
  setenv("MONGO_URI", uri.c_str(), 1);
  return RunProgram(MBENCH_PROGRAM, fmt::format("{}/scenarios/{}.yaml", MBENCH_WORKLOADS, name),
                    more);
}

void ExpectFine(const FinishedRun& run) {
  ExpectCode(run, 0);
  for (const auto& slo : run.document.at("slo")) EXPECT_TRUE(slo.at("held")) << slo;
}

TEST(MongodbScenario, CdcSeesEveryWriteAndCanBeRunAgain) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  const std::string database = fmt::format("cdc_{}", getpid());
  std::int64_t placed = 0;
  for (int time = 0; time < 2; ++time) {
    const FinishedRun run = RunScenario("mongodb-cdc", server.Url(),
                                        fmt::format("--set driver.database={} --set load.at=150/s "
                                                    "--set load.over=1s --set load.warmup=0s --set "
                                                    "load.connections=4",
                                                    database));
    ASSERT_TRUE(run.document.is_object());
    ExpectFine(run);
    for (const char* name : {"place", "pay", "ship"}) {
      const std::int64_t written = EndedOk(run.document["ops"], name);
      EXPECT_GT(written, 5) << name;
      EXPECT_EQ(EndedOk(run.document["parts"], fmt::format("{}:event", name)), written);
    }
    placed += EndedOk(run.document["ops"], "place");
    const auto& after = run.document["provenance"]["system_after"];
    EXPECT_THAT(after["events of orders"].get<std::string>(), HasSubstr("0 lost, 0 doubled"));
    EXPECT_THAT(after["events of payments"].get<std::string>(), HasSubstr("0 lost, 0 doubled"));
    EXPECT_EQ(after["orders documents"].get<std::string>(), std::to_string(placed))
        << "what the server counts after the run";
    ASSERT_TRUE(run.document.contains("checks"));
    EXPECT_TRUE(run.document["checks"][0]["ok"]) << run.document["checks"];
  }
  MongoRig(server.Url()).AskIn(database, R"({"dropDatabase": 1})");
}

TEST(MongodbScenario, TheBulkLoadIsWholeAndAWrongCheckIsToldByTheExitCode) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  const TemporaryDirectory files;
  const std::string rows = files / "rows.csv";
  ASSERT_EQ(std::system(fmt::format("'{}/scenarios/make-health-records' '{}' >/dev/null",
                                    MBENCH_WORKLOADS, rows)
                            .c_str()),
            0);
  setenv("HEALTH_RECORDS", rows.c_str(), 1);
  const std::string database = fmt::format("clinic_{}", getpid());
  const std::string shorter = fmt::format(
      "--set driver.database={} --set load.at=50/s --set load.over=1s --set load.warmup=0s --set "
      "load.connections=4 --set 'slo=[errors < 0.1%]'",
      database);
  const FinishedRun run = RunScenario("mongodb-bulk-load", server.Url(), shorter);
  ASSERT_TRUE(run.document.is_object());
  ExpectFine(run);
  EXPECT_EQ(run.document["load"]["already_there"], 312);
  ASSERT_EQ(run.document["checks"].size(), 4u);
  for (const auto& check : run.document["checks"]) EXPECT_TRUE(check["ok"]) << check;
  EXPECT_EQ(run.document["checks"][0]["measured"], "54,654");

  const FinishedRun wrong = RunScenario(
      "mongodb-bulk-load", server.Url(),
      shorter + " --set data.load=never --set 'verify.checks=[{count: patients, expect: 54966}]'");
  ASSERT_TRUE(wrong.document.is_object());
  ExpectCode(wrong, 1);
  EXPECT_EQ(wrong.document["checks"][0]["ok"], false);
  MongoRig(server.Url()).AskIn(database, R"({"dropDatabase": 1})");
}

class Etl {
 public:
  explicit Etl(std::string uri)
      : uri_(std::move(uri)), rig_(uri_), database_(fmt::format("etl_{}", getpid())) {}
  ~Etl() { Ask(R"({"dropDatabase": 1})"); }

  void Load(const std::string& more) {
    const auto run = RunScenario(
        "mongodb-incremental-etl", uri_,
        fmt::format("--set driver.database={} --set load.warmup=0s --set load.connections=4 --set "
                    "generators.customer.to=200 --set 'slo=[errors < 0.1%]' {}",
                    database_, more));
    ExpectFine(run);
  }
  // The batch alone, often enough to catch up.
  void RunBatch() {
    Load(
        "--set statements.change.weight=0 --set load.at=40/s --set load.over=1500ms --set run.seed=" +
        std::to_string(++seed_));
  }
  std::string Ask(const std::string& command) const { return rig_.AskIn(database_, command); }
  // What the targets hold, to the byte.
  std::string Targets() const {
    const auto hash = nlohmann::json::parse(
        Ask(R"({"dbHash": 1, "collections": ["current", "history", "watermarks"]})"), nullptr,
        false);
    return hash.at("collections").dump();
  }
  // How many documents the stages leave.
  int Count(const std::string& collection, const std::string& stages) const {
    const auto reply = nlohmann::json::parse(
        Ask(fmt::format(
            R"({{"aggregate": "{}", "cursor": {{}}, "pipeline": [{}{{"$count": "n"}}]}})",
            collection, stages)),
        nullptr, false);
    const auto& batch = reply.at("cursor").at("firstBatch");
    return batch.empty() ? 0 : batch[0].at("n").get<int>();
  }

 private:
  const std::string uri_;
  MongoRig rig_;
  const std::string database_;
  int seed_ = 0;
};

TEST(MongodbScenario, TheSameBatchOfTheEtlRunTwiceChangesNothing) {
  MBENCH_NEEDS(SharedServer, server, "mongodb");
  Etl etl(server.Url());
  etl.Load("--set load.at=300/s --set load.over=3s --set statements.begin.weight=20");
  etl.RunBatch();
  const std::string once = etl.Targets();
  EXPECT_THAT(once, HasSubstr("history"));
  etl.RunBatch();
  EXPECT_EQ(etl.Targets(), once);

  const int customers = etl.Count("customers", "");
  EXPECT_GT(customers, 50);
  EXPECT_EQ(etl.Count("current", ""), customers) << "each customer has a state";
  EXPECT_EQ(etl.Count("history", R"({"$match": {"valid_to": null}}, )"), customers)
      << "and one row that is valid";
  EXPECT_GT(etl.Count("history", ""), customers) << "some have moved";
  EXPECT_EQ(etl.Count("current", R"({"$lookup": {"from": "customers", "localField": "_id", )"
                                 R"("foreignField": "_id", "as": "source"}}, )"
                                 R"({"$match": {"$expr": {"$ne": ["$updated_at", )"
                                 R"({"$first": "$source.updated_at"}]}}}, )"),
            0)
      << "which is that of the source";
  EXPECT_EQ(
      etl.Count("history", R"({"$setWindowFields": {"partitionBy": "$_id.customer", "sortBy": )"
                           R"({"valid_from": 1}, "output": {"next": {"$shift": {"output": )"
                           R"("$valid_from", "by": 1}}}}}, {"$match": {"$expr": {"$ne": )"
                           R"([{"$ifNull": ["$valid_to", null]}, "$next"]}}}, )"),
      0)
      << "each row is valid until the next one begins";
}

}  // namespace
}  // namespace mbench::testing
