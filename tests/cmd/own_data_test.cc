// SPDX-License-Identifier: Apache-2.0
#include "harness/cmd/own_data.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "drivers/registry.h"

namespace mbench {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

RunPlan PlanOn(const std::string& driver, const std::map<std::string, std::string>& options) {
  RunPlan plan;
  plan.driver.use = driver;
  plan.driver.options = *OptionValues::Parse(FindDriver(driver)->options, options);
  plan.driver.shown = options;
  return plan;
}

std::string PathOf(const RunPlan& plan) { return plan.driver.options.Text("path"); }

class OwnData : public ::testing::Test {
 protected:
  void SetUp() override {
    if (FindDriver("sqlite") == nullptr) GTEST_SKIP() << "built without sqlite";
  }
};

TEST_F(OwnData, IsNotNeededWhenOnlyACacheDiffers) {
  RunPlan a = PlanOn("sqlite", {{"path", "data/x"}, {"cache", "1MiB"}});
  RunPlan b = PlanOn("sqlite", {{"path", "data/x"}, {"cache", "4MiB"}});
  EXPECT_EQ(SeparateData(&a, &b), "");
  EXPECT_EQ(PathOf(a), "data/x");
  EXPECT_EQ(PathOf(b), "data/x");
}

TEST_F(OwnData, IsNeededWhenTheRecordsDiffer) {
  RunPlan a = PlanOn("sqlite", {{"path", "data/x"}});
  RunPlan b = PlanOn("sqlite", {{"path", "./data/x"}});
  b.data.records = a.data.records * 2;
  ASSERT_THAT(SeparateData(&a, &b), HasSubstr("each has its own data"));
  EXPECT_THAT(PathOf(a), StartsWith("data/x-"));
  EXPECT_THAT(PathOf(b), StartsWith("./data/x-"));
  EXPECT_NE(PathOf(a).substr(PathOf(a).size() - 8), PathOf(b).substr(PathOf(b).size() - 8));
  EXPECT_EQ(a.driver.shown["path"], PathOf(a));
}

TEST_F(OwnData, IsFoundAgainByALaterComparison) {
  const auto path_of_b = [] {
    RunPlan a = PlanOn("sqlite", {{"path", "data/x"}});
    RunPlan b = PlanOn("sqlite", {{"path", "data/x"}});
    b.data.records = 7;
    SeparateData(&a, &b);
    return PathOf(b);
  };
  EXPECT_EQ(path_of_b(), path_of_b());
}

TEST_F(OwnData, StaysWhereItIsWhenPlacesDiffer) {
  RunPlan a = PlanOn("sqlite", {{"path", "data/x"}});
  RunPlan b = PlanOn("sqlite", {{"path", "data/y"}});
  b.data.records = 7;
  EXPECT_EQ(SeparateData(&a, &b), "");
  EXPECT_EQ(PathOf(b), "data/y");
}

TEST_F(OwnData, OfSomebodyElseIsNotMoved) {
  RunPlan a = PlanOn("sqlite", {{"path", "data/x"}});
  RunPlan b = PlanOn("sqlite", {{"path", "data/x"}});
  b.data.records = 7;
  b.data.load = LoadData::kSkip;
  EXPECT_EQ(SeparateData(&a, &b), "");
}

TEST(OwnDataOfCompression, IsNeededBecauseBWouldReadWhatAWrote) {
  if (FindDriver("rocksdb") == nullptr) GTEST_SKIP() << "built without rocksdb";
  RunPlan a = PlanOn("rocksdb", {{"path", "data/x"}});
  RunPlan b = PlanOn("rocksdb", {{"path", "data/x"}, {"compression", "lz4"}});
  EXPECT_NE(SeparateData(&a, &b), "");
  EXPECT_EQ(b.driver.options.Text("compression"), "lz4");
}

}  // namespace
}  // namespace mbench
