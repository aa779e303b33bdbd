// SPDX-License-Identifier: Apache-2.0
#include "workloads/workload.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "chi_square.h"
#include "drivers/record.h"

namespace mbench {
namespace {

using testing::ElementsAre;

void SetWeight(RunPlan* plan, Verb verb, double weight) {
  plan->mix.weights[static_cast<std::size_t>(verb)] = weight;
}

RunPlan Plan(std::initializer_list<std::pair<Verb, double>> mix) {
  RunPlan plan;
  plan.data.records = 1000;
  plan.keys.choose = KeyChoice::kZipfian;
  for (const auto& [verb, weight] : mix) SetWeight(&plan, verb, weight);
  return plan;
}
RunPlan EveryVerb() {
  return Plan({{Verb::kRead, 30},
               {Verb::kUpdate, 20},
               {Verb::kInsert, 5},
               {Verb::kScan, 10},
               {Verb::kDelete, 1},
               {Verb::kRmw, 34}});
}

// All that an op says, as text.
std::string Describe(const Request& request) {
  return fmt::format("{} {} {} {} {} {} {} {}", request.op_index, Name(request.op.kind),
                     request.op.statement, request.op.field, request.op.scan_limit, request.op.key,
                     request.op.value, request.value);
}

std::vector<std::string> Stream(const RunPlan& plan, std::uint32_t worker) {
  Workload workload(plan, MakeSharedRecords(plan), worker);
  Request request;
  std::vector<std::string> stream;
  for (int i = 0; i < 500; ++i) {
    workload.Next(&request);
    stream.push_back(Describe(request));
    workload.Done(request, Outcome::kOk);
  }
  return stream;
}

TEST(Workload, StreamIsTheSameForTheSameSeedAndWorker) {
  const RunPlan plan = EveryVerb();
  EXPECT_EQ(Stream(plan, 3), Stream(plan, 3));
  EXPECT_NE(Stream(plan, 3), Stream(plan, 4));
  RunPlan other_seed = plan;
  other_seed.engine.seed++;
  EXPECT_NE(Stream(plan, 3), Stream(other_seed, 3));
}

TEST(Workload, OpsAreNamedByVerbThenStatement) {
  RunPlan plan = Plan({{Verb::kRmw, 1}, {Verb::kRead, 1}});
  plan.mix.statements = {{.name = "get_product", .weight = 2}, {.name = "top_ten", .weight = 1}};
  EXPECT_THAT(OpNames(plan.mix), ElementsAre("read", "rmw", "get_product", "top_ten"));
}

TEST(Workload, MixesOpsByWeight) {
  RunPlan plan = EveryVerb();
  plan.mix.statements = {
      {.name = "a", .weight = 7}, {.name = "never", .weight = 0}, {.name = "b", .weight = 3}};
  Workload workload(plan, MakeSharedRecords(plan), 0);
  const std::vector<double> weights = {30, 20, 5, 10, 1, 34, 7, 0, 3};
  std::vector<std::uint64_t> counts(weights.size());
  Request request;
  for (int i = 0; i < 200'000; ++i) {
    workload.Next(&request);
    ++counts.at(request.op_index);
    ASSERT_EQ(request.is_statement, request.op_index >= kVerbs);
    if (request.is_statement) {
      ASSERT_EQ(request.op.kind, OpKind::kStatement);
      ASSERT_EQ(request.op.statement, request.op_index - kVerbs);
      ASSERT_TRUE(request.op.key.empty()) << "no placeholder asks for it";
    }
    workload.Done(request, Outcome::kOk);
  }
  EXPECT_TRUE(Fits(counts, weights));
}

TEST(Workload, FillsTheOpOfEachVerb) {
  const RunPlan plan = EveryVerb();
  Workload workload(plan, MakeSharedRecords(plan), 0);
  const std::map<Verb, OpKind> kinds = {
      {Verb::kRead, OpKind::kRead},     {Verb::kUpdate, OpKind::kUpdate},
      {Verb::kInsert, OpKind::kInsert}, {Verb::kScan, OpKind::kScan},
      {Verb::kDelete, OpKind::kDelete}, {Verb::kRmw, OpKind::kRead}};
  const KeyText key_text(plan.data.key);
  std::string key;
  Request request;
  request.op.slot = 77;
  for (int i = 0; i < 1000; ++i) {
    workload.Next(&request);
    const Op& op = request.op;
    ASSERT_EQ(op.kind, kinds.at(request.verb));
    ASSERT_EQ(op.slot, 77U);
    ASSERT_EQ(op.key, key_text.Write(request.record, &key));
    ASSERT_EQ(op.field, kAllFields);
    ASSERT_EQ(op.value.empty(), op.kind != OpKind::kUpdate && op.kind != OpKind::kInsert);
    ASSERT_TRUE(op.value.empty() || op.value.size() == RecordView::HeaderSize(10) + 1000);
    ASSERT_EQ(op.scan_limit == 0, op.kind != OpKind::kScan);
    workload.Done(request, Outcome::kOk);
  }
}

TEST(Workload, RmwBecomesAnUpdateWithTheValueThatWasMade) {
  RunPlan plan = Plan({{Verb::kRmw, 1}});
  for (const bool all_fields : {true, false}) {
    plan.mix.write_all_fields = all_fields;
    Workload workload(plan, MakeSharedRecords(plan), 0);
    const ValueMaker maker(plan.data.value, plan.engine.seed);
    Request request;
    std::set<std::uint16_t> fields;
    for (int i = 0; i < 200; ++i) {
      workload.Next(&request);
      ASSERT_EQ(request.op.kind, OpKind::kRead);
      ASSERT_EQ(request.op.field, kAllFields);
      workload.TurnToUpdate(&request);
      ASSERT_EQ(request.op.kind, OpKind::kUpdate);
      fields.insert(request.op.field);
      if (all_fields) {
        ASSERT_TRUE(maker.MatchesRecord(request.record, request.op.value));
      } else {
        ASSERT_TRUE(maker.MatchesField(request.record, request.op.field, request.op.value));
      }
    }
    EXPECT_EQ(fields.size(), all_fields ? 1U : 10U);
  }
}

TEST(Workload, ReadsAndWritesOneFieldWhenToldTo) {
  RunPlan plan = Plan({{Verb::kRead, 1}, {Verb::kUpdate, 1}});
  plan.mix.read_all_fields = plan.mix.write_all_fields = false;
  Workload workload(plan, MakeSharedRecords(plan), 0);
  Request request;
  std::vector<std::uint64_t> counts(10);
  for (int i = 0; i < 100'000; ++i) {
    workload.Next(&request);
    ++counts.at(request.op.field);
    ASSERT_EQ(request.op.value.size(), request.verb == Verb::kUpdate ? 100U : 0U);
  }
  EXPECT_TRUE(Fits(counts, std::vector<double>(10, 1)));
}

TEST(Workload, ScanLengthsAreDistributedAsPlanned) {
  for (const LengthChoice choose : {LengthChoice::kUniform, LengthChoice::kZipfian}) {
    RunPlan plan = Plan({{Verb::kScan, 1}});
    plan.mix.scan = {.min = 3, .max = 50, .choose = choose};
    Workload workload(plan, MakeSharedRecords(plan), 0);
    std::vector<double> weights(51);
    for (std::size_t i = 3; i <= 50; ++i) {
      weights[i] =
          choose == LengthChoice::kUniform ? 1 : std::pow(static_cast<double>(i - 2), -0.99);
    }
    std::vector<std::uint64_t> counts(51);
    Request request;
    for (int i = 0; i < 100'000; ++i) {
      workload.Next(&request);
      ++counts.at(request.op.scan_limit);
    }
    EXPECT_TRUE(Fits(counts, weights));
  }
}

TEST(Workload, VersionsAreUniqueAmongWorkers) {
  const RunPlan plan = Plan({{Verb::kUpdate, 1}});
  const auto records = MakeSharedRecords(plan);
  std::set<std::uint64_t> versions = {0};  // of the load phase
  Request request;
  for (std::uint32_t worker = 0; worker < 20; ++worker) {
    Workload workload(plan, records, worker);
    for (int i = 0; i < 1000; ++i) {
      workload.Next(&request);
      ASSERT_TRUE(versions.insert(request.version).second);
      ASSERT_LT(request.version, ValueMaker::kVersions);
    }
  }
}

TEST(Workload, AcceptsWhatLoadAndAnyWorkerWroteAndNothingElse) {
  const RunPlan plan = Plan({{Verb::kRead, 1}});
  const auto records = MakeSharedRecords(plan);
  RecordLoader loader(plan);
  Workload reader(plan, records, 0);
  const RunPlan writes = Plan({{Verb::kUpdate, 1}});
  Workload writer(writes, records, 5);
  Request read, loaded, written;
  for (int i = 0; i < 300; ++i) {
    reader.Next(&read);
    loader.Make(read.record - plan.data.first, &loaded);
    ASSERT_EQ(loaded.op.key, read.op.key);
    ASSERT_TRUE(reader.Matches(read, loaded.op.value));
    do writer.Next(&written);
    while (written.record != read.record);
    ASSERT_TRUE(reader.Matches(read, written.op.value));
    loader.Make((read.record + 1) % plan.data.records, &loaded);
    ASSERT_FALSE(reader.Matches(read, loaded.op.value));
    ASSERT_FALSE(reader.Matches(read, ""));
  }
}

TEST(Workload, JudgesASingleFieldByItsNumber) {
  RunPlan plan = Plan({{Verb::kRead, 1}});
  plan.mix.read_all_fields = false;
  Workload workload(plan, MakeSharedRecords(plan), 0);
  const ValueMaker maker(plan.data.value, plan.engine.seed);
  Request read;
  std::string value;
  for (int i = 0; i < 100; ++i) {
    workload.Next(&read);
    maker.WriteField(read.record, 12, read.op.field, &value);
    ASSERT_TRUE(workload.Matches(read, value));
    maker.WriteField(read.record, 12, static_cast<std::uint16_t>((read.op.field + 1) % 10), &value);
    ASSERT_FALSE(workload.Matches(read, value));
  }
}

TEST(Workload, ReadsRecordsWhoseInsertWasAcknowledgedOnly) {
  RunPlan plan = Plan({{Verb::kRead, 1}, {Verb::kInsert, 1}});
  plan.keys.choose = KeyChoice::kLatest;
  plan.data.records = 10;
  Workload workload(plan, MakeSharedRecords(plan), 0);
  Request request;
  std::set<std::uint64_t> exist;
  for (std::uint64_t i = 0; i < 10; ++i) exist.insert(i);
  int failed = 0;
  for (int i = 0; i < 20'000; ++i) {
    workload.Next(&request);
    if (request.verb == Verb::kRead) {
      ASSERT_TRUE(exist.contains(request.record)) << request.record;
      workload.Done(request, Outcome::kOk);
    } else if (i % 7 == 0) {
      ++failed;
      workload.Done(request, i % 2 == 0 ? Outcome::kFailed : Outcome::kTimedOut);
    } else {
      ASSERT_TRUE(exist.insert(request.record).second);
      workload.Done(request, Outcome::kOk);
    }
  }
  EXPECT_GT(failed, 100);
  EXPECT_GT(exist.size(), 5000U);
}

TEST(RecordLoader, MakesEveryRecordOnceWithTheKeyThatReadsAskFor) {
  RunPlan plan = Plan({{Verb::kRead, 1}});
  plan.data.first = 50;
  RecordLoader loader(plan);
  EXPECT_EQ(loader.Count(), 1000U);
  const KeyText text(plan.data.key);
  std::set<std::string> keys;
  std::string key;
  Request request;
  for (std::uint64_t n = 0; n < loader.Count(); ++n) {
    loader.Make(n, &request);
    ASSERT_EQ(request.op.kind, OpKind::kInsert);
    ASSERT_EQ(request.op.key, text.Write(50 + n, &key));
    ASSERT_EQ(request.verb, Verb::kInsert);
    keys.emplace(request.op.key);
  }
  EXPECT_EQ(keys.size(), 1000U);
}

TEST(RecordLoader, LoadsAPartWhenToldTo) {
  RunPlan plan = Plan({{Verb::kRead, 1}});
  plan.data.load_records = 30;
  EXPECT_EQ(RecordLoader(plan).Count(), 30U);
}

}  // namespace
}  // namespace mbench
