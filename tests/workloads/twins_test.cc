// SPDX-License-Identifier: Apache-2.0
//
// The six workloads of YCSB, as property files and as workload files of ours: what clients ask for
// is the same. Both are drawn from, with different seeds, and the counts are compared.
// (tests/config compares the plans.)
#include <gtest/gtest.h>

#include <array>

#include "chi_square.h"
#include "harness/config/ycsb_reader.h"
#include "workloads/workload.h"

namespace mbench {
namespace {

const std::string kFolder = WORKLOADS_FOLDER;

constexpr std::array<OptionSpec, 1> kOptions = {{{.name = "path",
                                                  .type = OptionType::kPath,
                                                  .fallback = "",
                                                  .help = "Folder.",
                                                  .required = true}}};
ReadContext Context(std::vector<Override> overrides) {
  ReadContext context;
  context.SetDrivers({{"rocksdb", kOptions, ""}});
  context.overrides = std::move(overrides);
  context.environment = [](const std::string&) { return std::nullopt; };
  return context;
}

// Of both: the 1000 records and 1000 operations of YCSB's files.
Result<RunPlan> FromProperties(const std::string& letter) {
  YcsbInput input;
  input.files = {kFolder + "/ycsb/workload" + letter};
  input.properties = {{"rocksdb.path", "x"}};
  input.driver = "rocksdb";
  return ReadYcsb(input, Context({}));
}
Result<RunPlan> FromYaml(const std::string& letter) {
  return ReadWorkloadFile(
      kFolder + "/ycsb/" + letter + ".yaml",
      Context({{"data.records", "1000"}, {"load.ops", "1000"}, {"load.at", "1"}}));
}

struct Counts {
  std::vector<std::uint64_t> ops = std::vector<std::uint64_t>(kVerbs);
  std::vector<std::uint64_t> keys = std::vector<std::uint64_t>(2000);
  std::vector<std::uint64_t> scan_lengths = std::vector<std::uint64_t>(2000);
  std::vector<std::uint64_t> written_fields = std::vector<std::uint64_t>(11);  // the last one: all

  // `exist`: records when the request was made. Keys of `latest` are counted from the newest one.
  void Add(const Request& request, KeyChoice choose, std::uint64_t exist) {
    ++ops.at(static_cast<std::size_t>(request.verb));
    const bool writes = request.verb == Verb::kUpdate || request.verb == Verb::kRmw;
    if (writes) ++written_fields.at(request.write_field == kAllFields ? 10 : request.write_field);
    if (request.verb == Verb::kScan) ++scan_lengths.at(request.op.scan_limit);
    if (request.verb == Verb::kInsert) return;
    ASSERT_LT(request.record, exist);
    ++keys.at(choose == KeyChoice::kLatest ? exist - 1 - request.record : request.record);
  }
};

// Many runs of the length in the plan, each from a fresh store.
Counts Sample(RunPlan plan, std::uint64_t seed) {
  plan.engine.seed = seed;
  Counts counts;
  Request request;
  for (std::uint32_t run = 0; run < 300; ++run) {
    const auto records = MakeSharedRecords(plan);
    Workload workload(plan, records, run);
    for (std::uint64_t op = 0; op < plan.load.ops; ++op) {
      const std::uint64_t exist = records->Limit();
      workload.Next(&request);
      counts.Add(request, plan.keys.choose, exist);
      workload.Done(request, Outcome::kOk);
    }
  }
  return counts;
}

class YcsbTwinsAsk : public testing::TestWithParam<char> {};

TEST_P(YcsbTwinsAsk, ForTheSameOpsAndRecordsEquallyOften) {
  const std::string letter(1, GetParam());
  const Result<RunPlan> properties = FromProperties(letter), yaml = FromYaml(letter);
  ASSERT_TRUE(properties) << properties.error().message;
  ASSERT_TRUE(yaml) << yaml.error().message;
  ASSERT_EQ(properties->load.ops, 1000U);
  ASSERT_EQ(yaml->load.ops, 1000U);
  ASSERT_EQ(OpNames(properties->mix), OpNames(yaml->mix));
  const Counts a = Sample(*properties, 1), b = Sample(*yaml, 2);
  EXPECT_TRUE(FitEachOther(a.ops, b.ops)) << "ops";
  EXPECT_TRUE(FitEachOther(a.keys, b.keys)) << "keys";
  EXPECT_TRUE(FitEachOther(a.scan_lengths, b.scan_lengths)) << "scan lengths";
  EXPECT_TRUE(FitEachOther(a.written_fields, b.written_fields)) << "written fields";
}

INSTANTIATE_TEST_SUITE_P(Workloads, YcsbTwinsAsk, testing::Values('a', 'b', 'c', 'd', 'e', 'f'));

// The comparison can tell: neighbours in the alphabet are not twins.
TEST(YcsbTwins, OfDifferentLettersDiffer) {
  const Result<RunPlan> a = FromYaml("a"), b = FromYaml("b"), c = FromYaml("c"), d = FromYaml("d");
  ASSERT_TRUE(a && b && c && d);
  EXPECT_FALSE(FitEachOther(Sample(*a, 1).ops, Sample(*b, 2).ops));
  EXPECT_FALSE(FitEachOther(Sample(*c, 1).keys, Sample(*d, 2).keys));
}

}  // namespace
}  // namespace mbench
