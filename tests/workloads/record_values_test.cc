// SPDX-License-Identifier: Apache-2.0
#include "workloads/generators/record_values.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "harness/base/date.h"

namespace mbench {
namespace {

using testing::ElementsAre;
using testing::MatchesRegex;

using Record = std::vector<std::string>;

RunPlan PlanWith(std::vector<std::string> arguments, std::vector<GeneratorPlan> generators = {}) {
  RunPlan plan;
  plan.data.records = 1000;
  plan.data.key = {.prefix = "k", .order = KeyOrder::kOrdered};
  plan.mix.generators = std::move(generators);
  plan.data.load_statement = {.name = "load_statement", .arguments = std::move(arguments)};
  return plan;
}

// Records [from, to), in batches of so many.
std::vector<Record> Made(const RunPlan& plan, std::uint64_t from, std::uint64_t to,
                         std::uint32_t batch) {
  RecordValues values(plan);
  Request request;
  std::vector<Record> records;
  const std::size_t width = plan.data.load_statement->arguments.size();
  for (std::uint64_t n = from; n < to; n += batch) {
    const auto count = static_cast<std::uint32_t>(std::min<std::uint64_t>(batch, to - n));
    values.Make(n, count, &request);
    EXPECT_EQ(request.op.arguments.size(), count * width);
    for (std::size_t at = 0; at < request.op.arguments.size(); at += width) {
      const auto begin = request.op.arguments.begin() + static_cast<std::ptrdiff_t>(at);
      records.emplace_back(begin, begin + static_cast<std::ptrdiff_t>(width));
    }
  }
  return records;
}

const std::vector<GeneratorPlan> kAllKinds = {
    {.name = "n", .from = 1, .to = 500, .choose = KeyChoice::kZipfian},
    {.name = "walk", .from = 1, .to = 500, .choose = KeyChoice::kSequential},
    {.name = "note", .kind = GeneratorKind::kText, .from = 5, .to = 50},
    {.name = "person", .kind = GeneratorKind::kName},
    {.name = "mail", .kind = GeneratorKind::kEmail, .picks = {{"example.com", 1}}},
    {.name = "city", .kind = GeneratorKind::kPick, .words = WordList::kEurope},
    {.name = "bill",
     .kind = GeneratorKind::kAmount,
     .shape = Shape::kLognormal,
     .center = 80,
     .spread = 1,
     .max = 1e6},
    {.name = "born", .kind = GeneratorKind::kDate, .from = 700'000, .to = 730'000},
    {.name = "home", .kind = GeneratorKind::kPoint, .place = {5, 47, 15, 55}},
    {.name = "id", .kind = GeneratorKind::kObjectId, .choose = KeyChoice::kSequential}};

RunPlan PlanOfAllKinds() {
  return PlanWith({"key", "record", "value", "sequence", "uuid", "n", "walk", "note", "person",
                   "mail", "city", "bill", "born", "home", "id"},
                  kAllKinds);
}

TEST(RecordValues, FollowFromTheRecordWhoeverMakesItAndInWhateverBatch) {
  const RunPlan plan = PlanOfAllKinds();
  const std::vector<Record> whole = Made(plan, 0, 1000, 1000);
  EXPECT_EQ(Made(plan, 0, 1000, 1), whole);
  EXPECT_EQ(Made(plan, 0, 1000, 333), whole);
  const std::vector<Record> rest = Made(plan, 600, 1000, 100);
  EXPECT_EQ(rest, std::vector<Record>(whole.begin() + 600, whole.end())) << "resumed";
}

TEST(RecordValues, DifferBetweenRecordsAndSeeds) {
  RunPlan plan = PlanOfAllKinds();
  const std::vector<Record> records = Made(plan, 0, 1000, 100);
  EXPECT_EQ(std::set<Record>(records.begin(), records.end()).size(), 1000u);
  for (const std::size_t column : {0, 1, 3, 4, 14}) {
    std::set<std::string> seen;
    for (const Record& record : records) seen.insert(record[column]);
    EXPECT_EQ(seen.size(), 1000u) << "keys, numbers and ids are unique: column " << column;
  }
  plan.engine.seed = 43;
  EXPECT_NE(Made(plan, 0, 10, 10), std::vector<Record>(records.begin(), records.begin() + 10));
}

TEST(RecordValues, AGeneratorDoesNotDependOnWhichOthersThereAre) {
  const std::vector<Record> all = Made(PlanOfAllKinds(), 0, 50, 50);
  const std::vector<Record> alone = Made(PlanWith({"bill"}, kAllKinds), 0, 50, 50);
  for (std::size_t i = 0; i < 50; ++i) EXPECT_EQ(alone[i][0], all[i][11]);
}

TEST(RecordValues, NumbersAreThoseOfTheRecord) {
  RunPlan plan = PlanWith({"key", "record", "sequence"});
  plan.data.first = 100;
  EXPECT_THAT(Made(plan, 3, 5, 5),
              ElementsAre(ElementsAre("k103", "103", "104"), ElementsAre("k104", "104", "105")));
}

TEST(RecordValues, RowsAreTakenInOrderAndMissingCellsHaveNoData) {
  Rows rows({{"id", ValueType::kText}, {"age", ValueType::kInteger}});
  for (const char* id : {"a", "b"}) {
    rows.Add(id);
    rows.AddMissing();
  }
  RunPlan plan = PlanWith({"row.age", "row.id"});
  plan.data.first = 100;
  plan.data.rows = std::make_shared<const Rows>(std::move(rows));
  RecordValues values(plan);
  Request request;
  values.Make(1, 1, &request);
  EXPECT_EQ(request.op.arguments[0].data(), nullptr);
  EXPECT_EQ(request.op.arguments[1], "b");
}

// ---- what generators of realistic values make ----

std::vector<std::string> Drawn(const GeneratorPlan& plan, int count) {
  Generator generator(plan, 0, 1);
  Rng rng(42);
  std::string storage;
  std::vector<std::string> values;
  for (int i = 0; i < count; ++i) values.emplace_back(generator.Next(rng, &storage));
  return values;
}

const GeneratorPlan& KindOf(std::string_view name) {
  return *std::ranges::find(kAllKinds, name, &GeneratorPlan::name);
}

double Quantile(std::vector<double> values, double q) {
  std::ranges::sort(values);
  return values[static_cast<std::size_t>(q * static_cast<double>(values.size() - 1))];
}

std::vector<double> Numbers(const GeneratorPlan& plan, int count) {
  std::vector<double> numbers;
  for (const std::string& value : Drawn(plan, count)) numbers.push_back(std::stod(value));
  return numbers;
}

TEST(Realistic, UsualNamesAreMoreFrequentUnlessAllAreAlike) {
  GeneratorPlan first = {.name = "f", .kind = GeneratorKind::kPick, .words = WordList::kFirstNames};
  const auto share = [&] {
    const auto names = Drawn(first, 50'000);
    return static_cast<double>(std::ranges::count(names, "Maria")) / 50'000;
  };
  const double weighted = share();
  EXPECT_GT(weighted, 0.06);
  first.weighted = false;
  EXPECT_NEAR(share(), 1.0 / 64, 0.003);
}

TEST(Realistic, PeopleHaveTwoNamesAndAnAddressOfTheDomain) {
  for (const std::string& name : Drawn(KindOf("person"), 500))
    EXPECT_THAT(name, MatchesRegex("[A-Z][a-z]+ [A-Z][a-z]+"));
  for (const std::string& mail : Drawn(KindOf("mail"), 500))
    EXPECT_THAT(mail, MatchesRegex("[a-z]+\\.[a-z]+[0-9]+@example\\.com"));
}

TEST(Realistic, AmountsFollowTheirShape) {
  GeneratorPlan plan = KindOf("bill");
  const auto lognormal = Numbers(plan, 40'000);
  EXPECT_NEAR(Quantile(lognormal, 0.5), 80, 2);
  EXPECT_NEAR(Quantile(lognormal, 0.8413), 80 * std::exp(1), 8);
  plan.shape = Shape::kNormal;
  plan.spread = 10;
  plan.min = -1e6;
  const auto normal = Numbers(plan, 40'000);
  EXPECT_NEAR(Quantile(normal, 0.5), 80, 0.3);
  EXPECT_NEAR(Quantile(normal, 0.8413), 90, 0.4);
  plan.shape = Shape::kExponential;
  plan.min = 0;
  EXPECT_NEAR(Quantile(Numbers(plan, 40'000), 0.5), 80 * std::log(2), 1.5);
  plan.shape = Shape::kUniform;
  plan.max = 100;
  EXPECT_NEAR(Quantile(Numbers(plan, 40'000), 0.25), 25, 1);
}

TEST(Realistic, AmountsStayWithinTheirLimitsAndHaveTheirDecimals) {
  GeneratorPlan plan = KindOf("bill");
  plan.min = 50;
  plan.max = 90;
  plan.decimals = 3;
  for (const std::string& value : Drawn(plan, 2000)) {
    EXPECT_THAT(value, MatchesRegex("[0-9]+\\.[0-9]{3}"));
    EXPECT_GE(std::stod(value), 50);
    EXPECT_LE(std::stod(value), 90);
  }
  plan.min = plan.max = 1e9;  // far out: a limit itself
  plan.decimals = 0;
  EXPECT_EQ(Drawn(plan, 1)[0], "1000000000");
}

TEST(Realistic, DatesAreDaysOfTheRangeAndLateOnesCanBePopular) {
  const auto day = [](const char* text) {
    return static_cast<std::uint64_t>(*ParseDate(text) / kDayMs + kDaysBefore1970);
  };
  GeneratorPlan plan = {.name = "d",
                        .kind = GeneratorKind::kDate,
                        .from = day("1931-02-01"),
                        .to = day("1931-02-28")};
  const auto days = Drawn(plan, 5000);
  EXPECT_EQ(std::ranges::min(days), "1931-02-01");
  EXPECT_EQ(std::ranges::max(days), "1931-02-28");
  plan.with_time = true;
  for (const std::string& time : Drawn(plan, 500)) {
    EXPECT_THAT(time, MatchesRegex("1931-02-[0-9]{2}T[0-9:]{8}\\.[0-9]{3}Z"));
    EXPECT_TRUE(ParseDate(time)) << time;
  }
  plan.with_time = false;
  plan.choose = KeyChoice::kZipfian;
  const auto late = Drawn(plan, 5000);
  EXPECT_GT(std::ranges::count(late, "1931-02-28"), 1000);
  plan.choose = KeyChoice::kSequential;
  EXPECT_THAT(Drawn(plan, 3), ElementsAre("1931-02-01", "1931-02-02", "1931-02-03"));
}

std::pair<double, double> PointOf(const std::string& text) {
  return {std::stod(text.substr(1)), std::stod(text.substr(text.find(',') + 1))};
}

TEST(Realistic, PointsFillTheirBoxEvenlyByArea) {
  GeneratorPlan plan = {.name = "p", .kind = GeneratorKind::kPoint, .place = {-10, 0, 20, 90}};
  int below_30 = 0;
  for (const std::string& text : Drawn(plan, 20'000)) {
    const auto [longitude, latitude] = PointOf(text);
    EXPECT_TRUE(longitude >= -10 && longitude <= 20 && latitude >= 0 && latitude <= 90) << text;
    below_30 += latitude < 30 ? 1 : 0;
  }
  EXPECT_NEAR(below_30, 10'000, 400) << "sin 30 = 1/2";
}

TEST(Realistic, PointsAroundAPlaceAreAsFarAwayAsTheyShouldBe) {
  GeneratorPlan plan = {.name = "p",
                        .kind = GeneratorKind::kPoint,
                        .spread = 20,
                        .is_box = false,
                        .place = {13.405, 52.52}};
  const auto farthest = [&] {
    double most = 0;
    for (const std::string& text : Drawn(plan, 5000)) {
      const auto [longitude, latitude] = PointOf(text);
      const double east = (longitude - 13.405) * 111.19 * std::cos(52.52 / 180 * 3.14159265);
      most = std::max(most, std::hypot(east, (latitude - 52.52) * 111.19));
    }
    return most;
  };
  EXPECT_NEAR(farthest(), 20, 0.5);
  plan.shape = Shape::kNormal;
  EXPECT_GT(farthest(), 50) << "some of 5,000 are beyond 2.5 deviations";
}

TEST(Realistic, OrderedObjectIdsAscendBySecondsAndNeverRepeat) {
  const auto ordered = Drawn(KindOf("id"), 20'000);
  EXPECT_EQ(std::set<std::string>(ordered.begin(), ordered.end()).size(), 20'000u);
  for (std::size_t i = 0; i < ordered.size(); ++i) {
    ASSERT_THAT(ordered[i], MatchesRegex("[0-9a-f]{24}"));
    EXPECT_EQ(std::stoul(ordered[i].substr(0, 8), nullptr, 16), 1'704'067'200 + i / 1000);
  }
  const auto random = Drawn({.name = "id", .kind = GeneratorKind::kObjectId}, 20'000);
  EXPECT_EQ(std::set<std::string>(random.begin(), random.end()).size(), 20'000u);
}

TEST(RecordValues, ColumnsOfAFeederBelongTogetherAndAreTheSameWhoeverLoads) {
  auto rows = std::make_shared<Rows>(std::vector<RowColumn>{{.name = "id"}, {.name = "name"}});
  for (int i = 0; i < 50; ++i) {
    rows->Add(std::to_string(i));
    rows->Add("ann" + std::to_string(i));
  }
  std::vector<GeneratorPlan> generators(2, {.kind = GeneratorKind::kRow, .to = 49, .rows = rows});
  generators[0].name = "id";
  generators[1].name = "name";
  generators[1].column = 1;
  for (const KeyChoice choose : {KeyChoice::kUniform, KeyChoice::kSequential}) {
    for (GeneratorPlan& generator : generators) generator.choose = choose;
    const RunPlan plan = PlanWith({"id", "name"}, generators);
    const std::vector<Record> all = Made(plan, 0, 60, 7);
    for (const Record& record : all) EXPECT_EQ(record[1], "ann" + record[0]);
    EXPECT_EQ(Made(plan, 17, 20, 1), std::vector<Record>(all.begin() + 17, all.begin() + 20));
    EXPECT_TRUE(choose != KeyChoice::kSequential || all[51][0] == "1") << all[51][0];
  }
}

}  // namespace
}  // namespace mbench
