// SPDX-License-Identifier: Apache-2.0
#include "workloads/generators/generator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "chi_square.h"
#include "tests/body_of.h"
#include "workloads/workload.h"

namespace mbench {
namespace {

using testing::ElementsAre;

GeneratorPlan Integers(std::uint64_t from, std::uint64_t to,
                       KeyChoice choose = KeyChoice::kUniform) {
  return {.name = "n", .from = from, .to = to, .choose = choose};
}

std::vector<std::string> Draw(const GeneratorPlan& plan, int count, std::uint32_t worker = 0,
                              std::uint32_t workers = 1) {
  Generator generator(plan, worker, workers);
  Rng rng(42);
  std::string storage;
  std::vector<std::string> values;
  for (int i = 0; i < count; ++i) values.emplace_back(generator.Next(rng, &storage));
  return values;
}

TEST(Generator, IntegersFollowTheirDistributionWithinTheirBounds) {
  for (const KeyChoice choose : {KeyChoice::kUniform, KeyChoice::kZipfian}) {
    std::vector<std::uint64_t> counts(20);
    for (const std::string& value : Draw(Integers(5, 24, choose), 100'000))
      ++counts.at(std::stoul(value) - 5);
    std::vector<double> weights;
    for (int i = 1; i <= 20; ++i)
      weights.push_back(choose == KeyChoice::kUniform ? 1 : std::pow(i, -0.99));
    EXPECT_TRUE(Fits(counts, weights)) << Name(choose);
  }
}

TEST(Generator, WorkersGoThroughASequenceTogetherOnce) {
  std::multiset<std::string> seen;
  for (std::uint32_t worker = 0; worker < 3; ++worker) {
    for (const std::string& value : Draw(Integers(10, 39, KeyChoice::kSequential), 10, worker, 3))
      seen.insert(value);
  }
  EXPECT_EQ(seen.size(), 30u);
  EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), 30u);
  EXPECT_THAT(Draw(Integers(10, 12, KeyChoice::kSequential), 4),
              ElementsAre("10", "11", "12", "10"));
}

TEST(Generator, SequenceNumbersAreUniqueOverAllWorkersAndCountFromOne) {
  const GeneratorPlan plan = {.name = "sequence", .kind = GeneratorKind::kSequence};
  std::set<std::string> seen;
  for (std::uint32_t worker = 0; worker < 7; ++worker) {
    for (const std::string& value : Draw(plan, 100, worker, 7)) seen.insert(value);
  }
  EXPECT_EQ(seen.size(), 700u);
  EXPECT_TRUE(seen.contains("1"));
  EXPECT_TRUE(seen.contains("700"));
}

TEST(Generator, NumbersHaveThePrefixAndTheDigitsAskedFor) {
  GeneratorPlan plan = Integers(7, 7);
  plan.prefix = "customer-";
  plan.digits = 6;
  EXPECT_THAT(Draw(plan, 1), ElementsAre("customer-000007"));
}

GeneratorPlan Signed(std::int64_t from, std::int64_t to, KeyChoice choose = KeyChoice::kUniform) {
  return Integers(static_cast<std::uint64_t>(from), static_cast<std::uint64_t>(to), choose);
}

TEST(Generator, IntegersHave64BitsAndASign) {
  EXPECT_THAT(Draw(Signed(9'007'199'254'740'993, 9'007'199'254'740'995, KeyChoice::kSequential), 3),
              ElementsAre("9007199254740993", "9007199254740994", "9007199254740995"));
  EXPECT_THAT(Draw(Signed(-2, 1, KeyChoice::kSequential), 5),
              ElementsAre("-2", "-1", "0", "1", "-2"));
  EXPECT_THAT(Draw(Signed(INT64_MIN, INT64_MIN), 1), ElementsAre("-9223372036854775808"));
  EXPECT_THAT(Draw(Signed(INT64_MAX, INT64_MAX), 1), ElementsAre("9223372036854775807"));
}

TEST(Generator, AllNumbersOf64BitsCanBeAskedFor) {
  for (const KeyChoice choose :
       {KeyChoice::kUniform, KeyChoice::kSequential, KeyChoice::kZipfian}) {
    const auto values = Draw(Signed(INT64_MIN, INT64_MAX, choose), 1000);
    const std::set<std::string> different(values.begin(), values.end());
    EXPECT_GT(different.size(), 400u) << Name(choose);
    for (const std::string& value : different) EXPECT_EQ(std::to_string(std::stoll(value)), value);
  }
}

TEST(Generator, SoManyOfItsValuesAreMissingAsItIsTold) {
  GeneratorPlan plan = Integers(1, 9, KeyChoice::kSequential);
  plan.missing = 0.25;
  Generator generator(plan, 0, 1);
  Rng rng(42);
  std::string storage;
  std::vector<std::uint64_t> counts(2);
  std::string there;
  for (int i = 0; i < 10'000; ++i) {
    const std::string_view value = generator.Next(rng, &storage);
    ++counts[value.data() == nullptr];
    if (there.size() < 9) there += value;
  }
  EXPECT_TRUE(Fits(counts, std::vector<double>{3, 1}));
  EXPECT_EQ(there, "123456789") << "what is missing takes no place in a sequence";
}

TEST(Generator, PicksByWeightAndNeverWhatHasNone) {
  const GeneratorPlan plan = {.name = "city",
                              .kind = GeneratorKind::kPick,
                              .picks = {{"Berlin", 5}, {"Rome", 1}, {"never", 0}}};
  std::map<std::string, std::uint64_t> counts;
  for (const std::string& value : Draw(plan, 60'000)) ++counts[value];
  EXPECT_TRUE(Fits(std::vector<std::uint64_t>{counts["Berlin"], counts["Rome"]},
                   std::vector<double>{5, 1}));
  EXPECT_FALSE(counts.contains("never"));
}

TEST(Generator, TextsAreWordsOfTheLengthsAskedFor) {
  const GeneratorPlan plan = {.name = "note", .kind = GeneratorKind::kText, .from = 1, .to = 40};
  std::set<std::size_t> lengths;
  std::set<std::string> texts;
  for (const std::string& value : Draw(plan, 5000)) {
    lengths.insert(value.size());
    texts.insert(value);
    EXPECT_EQ(value.find_first_not_of("abcdefghijklmnopqrstuvwxyz "), std::string::npos) << value;
    EXPECT_EQ(value.find("  "), std::string::npos) << value;
    EXPECT_NE(value.front(), ' ');
    EXPECT_NE(value.back(), ' ');
  }
  EXPECT_EQ(lengths.size(), 40u);
  EXPECT_EQ(*lengths.begin(), 1u);
  EXPECT_GT(texts.size(), 4500u);
}

TEST(Generator, UuidsHaveTheShapeOfVersion4AndDiffer) {
  const std::vector<std::string> values =
      Draw({.name = "uuid", .kind = GeneratorKind::kUuid}, 1000);
  for (const std::string& value : values) {
    EXPECT_THAT(value, testing::MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab]"
                                             "[0-9a-f]{3}-[0-9a-f]{12}"));
  }
  EXPECT_EQ(std::set<std::string>(values.begin(), values.end()).size(), 1000u);
}

// A tenth as many draws have the second rank as the first.
TEST(Generator, ZipfianNumbersMayBeSteeperThanOne) {
  GeneratorPlan plan = Integers(1, 50, KeyChoice::kZipfian);
  plan.theta = std::log2(10);
  std::vector<std::uint64_t> counts(50);
  for (const std::string& value : Draw(plan, 100'000)) ++counts.at(std::stoul(value) - 1);
  std::vector<double> weights;
  for (int i = 1; i <= 50; ++i) weights.push_back(std::pow(i, -plan.theta));
  EXPECT_TRUE(Fits(counts, weights));
}

// ---- arguments of statements --------------------------------------------------------------------

RunPlan StatementsPlan() {
  RunPlan plan;
  plan.data.records = 1000;
  plan.data.value.size = {.choose = SizeChoice::kUniform, .min = 20, .max = 60};
  plan.mix.generators = {
      Integers(1, 500),
      {.name = "note", .kind = GeneratorKind::kText, .from = 5, .to = 50},
      {.name = "city", .kind = GeneratorKind::kPick, .picks = {{"Berlin", 1}, {"Rome", 1}}}};
  plan.mix.statements = {
      {.name = "all",
       .weight = 2,
       .arguments = {"record", "key", "value", "sequence", "uuid", "n", "note", "city"}},
      {.name = "one", .weight = 1, .arguments = {"note"}},
      {.name = "none", .weight = 1}};
  return plan;
}

std::vector<std::string> ArgumentsOf(const Request& request) {
  return {request.op.arguments.begin(), request.op.arguments.end()};
}

std::vector<std::vector<std::string>> Stream(const RunPlan& plan, std::uint32_t worker) {
  Workload workload(plan, MakeSharedRecords(plan), worker, 4);
  Request request;
  std::vector<std::vector<std::string>> stream;
  for (int i = 0; i < 300; ++i) {
    workload.Next(&request);
    stream.push_back(ArgumentsOf(request));
  }
  return stream;
}

TEST(Arguments, AreAPureFunctionOfSeedWorkerAndOp) {
  RunPlan plan = StatementsPlan();
  EXPECT_EQ(Stream(plan, 1), Stream(plan, 1));
  EXPECT_NE(Stream(plan, 1), Stream(plan, 2));
  const auto before = Stream(plan, 1);
  ++plan.engine.seed;
  EXPECT_NE(Stream(plan, 1), before);
}

TEST(Arguments, OfABatchAreDrawnForEachOfItsSets) {
  RunPlan plan = StatementsPlan();
  plan.mix.statements = {{.name = "rows",
                          .weight = 1,
                          .body = BodyOf({{"batch", "500"}}),
                          .arguments = {"sequence", "key", "n"},
                          .batch = 500}};
  Workload workload(plan, MakeSharedRecords(plan), 0);
  Request request;
  std::set<std::string> sequence, keys, numbers;
  for (int op = 0; op < 2; ++op) {
    workload.Next(&request);
    const std::vector<std::string> values = ArgumentsOf(request);
    ASSERT_EQ(values.size(), 1500u);
    for (std::size_t i = 0; i < values.size(); i += 3) {
      sequence.insert(values[i]);
      keys.insert(values[i + 1]);
      numbers.insert(values[i + 2]);
    }
  }
  EXPECT_EQ(sequence.size(), 1000u) << "no two sets of a run have the same";
  EXPECT_EQ(keys.size(), 2u) << "one record for each op";
  EXPECT_GT(numbers.size(), 100u);
}

TEST(Arguments, AreInTheOrderOfTheStatementAndSayTheSameRecord) {
  const RunPlan plan = StatementsPlan();
  Workload workload(plan, MakeSharedRecords(plan), 0);
  const ValueMaker values(plan.data.value, plan.engine.seed);
  Request request;
  std::set<std::string> fresh;
  int all = 0;
  for (int i = 0; i < 2000; ++i) {
    workload.Next(&request);
    const std::vector<std::string> arguments = ArgumentsOf(request);
    ASSERT_EQ(arguments.size(), std::vector<std::size_t>({8, 1, 0})[request.op.statement]);
    if (arguments.size() != 8) continue;
    ++all;
    ASSERT_EQ(arguments[0], std::to_string(request.record));
    ASSERT_EQ(arguments[1], request.op.key);
    ASSERT_TRUE(values.MatchesField(request.record, 0, arguments[2]));
    ASSERT_TRUE(fresh.insert(arguments[2]).second) << "a value that was written before";
    ASSERT_EQ(arguments[3], std::to_string(all));
    ASSERT_EQ(arguments[4].size(), 36u);
    ASSERT_LE(std::stoul(arguments[5]), 500u);
    ASSERT_GE(arguments[6].size(), 5u);
    ASSERT_TRUE(arguments[7] == "Berlin" || arguments[7] == "Rome");
  }
  EXPECT_GT(all, 800);
}

TEST(Arguments, TakeNoNewMemoryOnceTheirStorageHasGrown) {
  const RunPlan plan = StatementsPlan();
  Workload workload(plan, MakeSharedRecords(plan), 0);
  Request request;
  for (int i = 0; i < 1000; ++i) workload.Next(&request);
  const auto places = [&request] {
    std::vector<const void*> all = {request.arguments.data(), request.value.data()};
    for (const std::string& storage : request.argument_storage) all.push_back(storage.data());
    return all;
  };
  const std::vector<const void*> before = places();
  for (int i = 0; i < 1000; ++i) workload.Next(&request);
  EXPECT_EQ(places(), before);
}

TEST(Arguments, VerbsHaveNone) {
  RunPlan plan = StatementsPlan();
  plan.mix.weights[static_cast<std::size_t>(Verb::kRead)] = 5;
  Workload workload(plan, MakeSharedRecords(plan), 0);
  Request request;
  for (int i = 0; i < 200; ++i) {
    workload.Next(&request);
    ASSERT_EQ(request.op.arguments.empty(), !request.is_statement || request.op.statement == 2);
  }
}

// ---- rows of files ----

// {0, ann0, 1000}, {1, ann1, 1001} ...; the third has no name.
std::shared_ptr<const Rows> People(int count) {
  auto rows = std::make_shared<Rows>(std::vector<RowColumn>{
      {.name = "id", .type = ValueType::kInteger}, {.name = "name"}, {.name = "zip"}});
  for (int i = 0; i < count; ++i) {
    rows->Add(std::to_string(i));
    i == 2 ? rows->AddMissing() : rows->Add("ann" + std::to_string(i));
    rows->Add(std::to_string(1000 + i));
  }
  return rows;
}

// Statements with columns of one row, and with that of a second draw.
RunPlan FeederPlan(KeyChoice choose, int count) {
  const auto rows = People(count);
  const auto column = [&](std::string name, std::size_t at, std::string draw) {
    return GeneratorPlan{.name = std::move(name),
                         .kind = GeneratorKind::kRow,
                         .to = rows->Count() - 1,
                         .choose = choose,
                         .rows = rows,
                         .column = at,
                         .draw = std::move(draw)};
  };
  RunPlan plan;
  plan.mix.generators = {column("id", 0, "one"), column("name", 1, "one"), column("zip", 2, "one"),
                         column("other", 0, "two")};
  plan.mix.statements = {{.name = "both", .weight = 1, .arguments = {"name", "id", "other", "id"}},
                         {.name = "zips", .weight = 1, .arguments = {"zip", "id"}, .batch = 3}};
  return plan;
}

std::vector<std::vector<std::string>> ArgumentsOf(const RunPlan& plan, std::uint16_t statement,
                                                  int ops, std::uint32_t worker = 0,
                                                  std::uint32_t workers = 1) {
  Workload workload(plan, MakeSharedRecords(plan), worker, workers);
  std::vector<std::vector<std::string>> all;
  Request request;
  while (std::ssize(all) < ops) {
    workload.Next(&request);
    if (request.op.statement == statement)
      all.emplace_back(request.op.arguments.begin(), request.op.arguments.end());
  }
  return all;
}

TEST(Feeder, ColumnsOfOneRowBelongTogetherAndAnotherDrawHasItsOwn) {
  for (const KeyChoice choose :
       {KeyChoice::kUniform, KeyChoice::kZipfian, KeyChoice::kSequential}) {
    const RunPlan plan = FeederPlan(choose, 100);
    std::set<std::string> ids;
    int apart = 0;
    for (const auto& values : ArgumentsOf(plan, 0, 2000)) {
      ids.insert(values[1]);
      EXPECT_EQ(values[0], values[1] == "2" ? "" : "ann" + values[1]);
      EXPECT_EQ(values[3], values[1]) << "twice in a statement";
      apart += values[2] == values[1] ? 0 : 1;
    }
    EXPECT_GT(ids.size(), 90u) << Name(choose);
    EXPECT_GT(apart, 1000) << Name(choose) << ": the other statement draws from one alone";
  }
}

TEST(Feeder, EachSetOfABatchHasARowOfItsOwn) {
  std::set<std::string> ids;
  for (const auto& values : ArgumentsOf(FeederPlan(KeyChoice::kSequential, 30), 1, 4)) {
    ASSERT_EQ(values.size(), 6u);
    for (std::size_t set = 0; set < 3; ++set) {
      EXPECT_EQ(std::stoi(values[2 * set]), 1000 + std::stoi(values[2 * set + 1]));
      ids.insert(values[2 * set + 1]);
    }
  }
  EXPECT_GE(ids.size(), 12u) << "the other statement goes through the same sequence";
}

TEST(Feeder, WorkersGoThroughTheRowsTogetherOnce) {
  RunPlan plan = FeederPlan(KeyChoice::kSequential, 30);
  plan.mix.statements.resize(1);
  std::multiset<std::string> ids;
  for (std::uint32_t worker = 0; worker < 3; ++worker)
    for (const auto& values : ArgumentsOf(plan, 0, 10, worker, 3)) ids.insert(values[1]);
  EXPECT_EQ(ids.size(), 30u);
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), 30u);
}

TEST(Feeder, ACellThatIsMissingIsAValueWithoutData) {
  RunPlan plan = FeederPlan(KeyChoice::kSequential, 30);
  plan.mix.statements.resize(1);
  Workload workload(plan, MakeSharedRecords(plan), 0);
  Request request;
  for (int i = 0; i < 3; ++i) workload.Next(&request);
  EXPECT_EQ(request.op.arguments[1], "2");
  EXPECT_EQ(request.op.arguments[0].data(), nullptr);
}

}  // namespace
}  // namespace mbench
