// SPDX-License-Identifier: Apache-2.0
//
// The workload files that are shipped: they can be read, they are short, and the six of YCSB mean
// the same in both languages.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <numeric>
#include <sstream>

#include "harness/config/ycsb_properties.h"
#include "harness/config/ycsb_reader.h"

namespace mbench {
namespace {

const std::string kFolder = WORKLOADS_FOLDER;

// The options that the files use; those of the driver itself are tested with it.
constexpr std::array<OptionSpec, 1> kOptions = {{{.name = "path",
                                                  .type = OptionType::kPath,
                                                  .fallback = "",
                                                  .help = "Folder.",
                                                  .required = true}}};
ReadContext Context(std::vector<Override> overrides = {}) {
  ReadContext context;
  context.SetDrivers({{"rocksdb", kOptions, ""}});
  context.overrides = std::move(overrides);
  context.environment = [](const std::string&) { return std::nullopt; };
  return context;
}

std::vector<double> Shares(const MixPlan& mix) {
  const double sum = std::accumulate(mix.weights.begin(), mix.weights.end(), 0.0);
  std::vector<double> shares;
  for (const double weight : mix.weights) shares.push_back(weight / sum);
  return shares;
}

class ShippedFile : public testing::TestWithParam<const char*> {};

TEST_P(ShippedFile, IsReadAndTakesLessThanTwoMinutes) {
  const Result<RunPlan> plan = ReadWorkloadFile(kFolder + "/" + GetParam(), Context());
  ASSERT_TRUE(plan) << plan.error().message;
  Ticks length = plan->load.warmup;
  for (const StagePlan& stage : plan->load.stages) length += stage.over;
  EXPECT_LE(length, 100 * kSecond);
  EXPECT_FALSE(plan->about.empty());
}

INSTANTIATE_TEST_SUITE_P(Config, ShippedFile,
                         testing::Values("steady.yaml", "ramp.yaml", "spike.yaml", "soak.yaml",
                                         "ycsb/a.yaml", "ycsb/b.yaml", "ycsb/c.yaml", "ycsb/d.yaml",
                                         "ycsb/e.yaml", "ycsb/f.yaml"),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::erase_if(name, [](char c) { return c == '/' || c == '.'; });
                           return name;
                         });

class YcsbTwins : public testing::TestWithParam<char> {};

TEST_P(YcsbTwins, MeanTheSameInBothLanguages) {
  const std::string letter(1, GetParam());
  YcsbInput input;
  input.files = {kFolder + "/ycsb/workload" + letter};
  input.properties = {{"rocksdb.path", "x"}};
  input.driver = "rocksdb";
  const Result<RunPlan> properties = ReadYcsb(input, Context());
  ASSERT_TRUE(properties) << properties.error().message;
  const Result<RunPlan> yaml =
      ReadWorkloadFile(kFolder + "/ycsb/" + letter + ".yaml",
                       Context({{"data.records", "1000"}, {"load.ops", "1000"}, {"load.at", "1"}}));
  ASSERT_TRUE(yaml) << yaml.error().message;

  EXPECT_THAT(Shares(yaml->mix),
              testing::Pointwise(testing::DoubleNear(1e-12), Shares(properties->mix)));
  EXPECT_EQ(yaml->mix.read_all_fields, properties->mix.read_all_fields);
  EXPECT_EQ(yaml->mix.write_all_fields, properties->mix.write_all_fields);
  if (yaml->mix.weights[static_cast<std::size_t>(Verb::kScan)] > 0) {
    EXPECT_EQ(yaml->mix.scan.min, properties->mix.scan.min);
    EXPECT_EQ(yaml->mix.scan.max, properties->mix.scan.max);
    EXPECT_EQ(yaml->mix.scan.choose, properties->mix.scan.choose);
  }
  EXPECT_EQ(yaml->keys.choose, properties->keys.choose);
  EXPECT_EQ(yaml->keys.theta, properties->keys.theta);
  EXPECT_EQ(yaml->keys.expected_inserts, properties->keys.expected_inserts);
  EXPECT_EQ(yaml->load.model, properties->load.model);
  EXPECT_EQ(yaml->load.ops, properties->load.ops);
  EXPECT_EQ(yaml->load.stages.front().from, properties->load.stages.front().from);
  EXPECT_EQ(DatasetMark(yaml->data, 1), DatasetMark(properties->data, 1));
}

INSTANTIATE_TEST_SUITE_P(Config, YcsbTwins, testing::Values('a', 'b', 'c', 'd', 'e', 'f'));

TEST(Readme, NamesEveryPropertyOfYcsb) {
  std::ifstream file(kFolder + "/README.md");
  std::stringstream text;
  text << file.rdbuf();
  for (const YcsbProperty& property : YcsbProperties()) {
    EXPECT_THAT(text.str(), testing::HasSubstr("`" + std::string(property.name) + "`"));
  }
}

}  // namespace
}  // namespace mbench
