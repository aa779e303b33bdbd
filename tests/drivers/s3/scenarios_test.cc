// SPDX-License-Identifier: Apache-2.0
//
// Scenarios of workloads/scenarios against a real MinIO.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cstdlib>

#include "tests/drivers/s3/rig.h"
#include "tests/drivers/system/program.h"

namespace mbench::testing {
namespace {

FinishedRun RunOn(const Server& minio, const std::string& name, const std::string& more) {
  setenv("S3_URL", minio.Url().c_str(), 1);
  setenv("AWS_ACCESS_KEY_ID", minio.Fact("USER").c_str(), 1);
  setenv("AWS_SECRET_ACCESS_KEY", minio.Fact("PASSWORD").c_str(), 1);
  setenv("S3_BUCKET", fmt::format("scenario-{}", getpid()).c_str(), 1);
  return RunProgram(MBENCH_PROGRAM, fmt::format("{}/scenarios/{}.yaml", MBENCH_WORKLOADS, name),
                    more);
}

void ExpectAllOk(const FinishedRun& run) {
  for (const auto& op : run.document["ops"])
    for (const auto& [outcome, count] : op.at("ended").items()) {
      if (outcome == "ok") continue;
      EXPECT_EQ(count, 0) << op.at("name") << " " << outcome;
    }
}

TEST(S3Scenario, MixedFindsWhatItLoadedAndKeepsItsSecrets) {
  MBENCH_NEEDS(SharedServer, minio, "minio");
  const FinishedRun run =
      RunOn(minio, "s3-mixed",
            "--set load.at=100/s --set load.ops=150 --set load.warmup=0s --set data.records=20");
  ASSERT_TRUE(run.document.is_object());
  EXPECT_GT(EndedOk(run.document["ops"], "get"), 20);
  EXPECT_GT(EndedOk(run.document["parts"], "get:first byte"), 20);
  ExpectAllOk(run);
  EXPECT_EQ(run.document.dump().find(minio.Fact("PASSWORD")), std::string::npos);
}

TEST(S3Scenario, BackupsAreReadBackAsTheyWereWritten) {
  MBENCH_NEEDS(SharedServer, minio, "minio");
  const FinishedRun run = RunOn(minio, "s3-backup",
                                "--set load.ops=40 --set load.warmup=0s --set data.records=2 --set "
                                "load.at=2 --set data.load_statement.size=12MiB --set "
                                "statements.backup.size=12MiB --set generators.at.to=11000000");
  ASSERT_TRUE(run.document.is_object());
  EXPECT_GT(EndedOk(run.document["ops"], "restore"), 0);
  EXPECT_GT(EndedOk(run.document["ops"], "backup"), 0);
  EXPECT_EQ(EndedOk(run.document["parts"], "backup:part"),
            2 * EndedOk(run.document["parts"], "backup:create"));
  ExpectAllOk(run);
}

}  // namespace
}  // namespace mbench::testing
