// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/run_plan.h"

#include <gtest/gtest.h>

#include <functional>

namespace mbench {
namespace {

TEST(DatasetMark, IsTheSameForTheSameRecords) {
  DataPlan data;
  data.load = LoadData::kAlways;
  EXPECT_EQ(DatasetMark(data, 1), DatasetMark(DataPlan(), 1))
      << "when to load says nothing of what is there";
}

TEST(DatasetMark, DiffersWhereverRecordsDiffer) {
  const std::string mark = DatasetMark(DataPlan(), 1);
  EXPECT_NE(DatasetMark(DataPlan(), 2), mark);
  const std::vector<std::function<void(DataPlan*)>> changes = {
      [](DataPlan* d) { d->records = 5; },
      [](DataPlan* d) { d->load_records = 5; },
      [](DataPlan* d) { d->first = 5; },
      [](DataPlan* d) { d->key.prefix = "k"; },
      [](DataPlan* d) { d->key.order = KeyOrder::kOrdered; },
      [](DataPlan* d) { d->key.digits = 5; },
      [](DataPlan* d) { d->value.fields = 5; },
      [](DataPlan* d) { d->value.size.max = 5; },
      [](DataPlan* d) { d->value.size.choose = SizeChoice::kUniform; },
      [](DataPlan* d) {
        d->value.size = {SizeChoice::kHistogram, 1, 100, {{50, 1}, {100, 1}}};
      },
      [](DataPlan* d) { d->value.compressible = 0.5; }};
  for (std::size_t i = 0; i < changes.size(); ++i) {
    DataPlan data;
    changes[i](&data);
    EXPECT_NE(DatasetMark(data, 1), mark) << "change " << i;
  }
}

TEST(Name, IsWhatAWorkloadFileSays) {
  EXPECT_EQ(Name(Verb::kRmw), "rmw");
  EXPECT_EQ(Name(LoadData::kSkip), "never");
  EXPECT_EQ(Name(Profile::kReplay), "replay");
  EXPECT_EQ(Name(KeyChoice::kExponential), "exponential");
}

}  // namespace
}  // namespace mbench
