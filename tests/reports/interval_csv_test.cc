// SPDX-License-Identifier: Apache-2.0
#include "reports/csv/interval_csv.h"

#include <gtest/gtest.h>

#include "tests/live/watched.h"
#include "tests/reports/golden.h"

namespace mbench {
namespace {

RunResult StartedRun(const RunPlan& plan) {
  RunResult run;
  run.open_model = plan.load.model == LoadModel::kOpen;
  run.op_names = {"read", "say \"hi\", twice"};
  run.folder = "results/shop-20260131T123456Z";
  run.planned_length = 60 * kSecond;
  run.provenance.started_at = "2026-01-31T12:34:56.789Z";
  return run;
}

TEST(IntervalCsv, HasARowPerOpAndOneForAll) {
  std::string csv = IntervalCsvHeader();
  for (const RunPlan& plan : {OpenPlan(), ClosedPlan()}) {
    const RunResult run = StartedRun(plan);
    csv += IntervalCsvRows(run, OneSecond(kSecond, plan));
    csv += IntervalCsvRows(run, OneSecond(61 * kSecond, plan));
  }
  ExpectGolden("intervals.csv.golden", csv);
}

TEST(IntervalCsv, LeavesEmptyWhatWasNotMeasured) {
  Interval idle{.begin = 0, .end = kSecond};
  idle.ops.resize(2);
  const std::string rows = IntervalCsvRows(StartedRun(OpenPlan()), idle);
  EXPECT_NE(rows.find(",read,,,,0,0,0,0,0,0,0,,,,,,,,,,,,,,,,0,0,0\n"), std::string::npos) << rows;
  idle.ops[0].moved.known = false;  // stored by a version that did not count
  const std::string older = IntervalCsvRows(StartedRun(OpenPlan()), idle);
  EXPECT_NE(older.find(",read,,,,0,0,0,0,0,0,0,,,,,,,,,,,,,,,,,,\n"), std::string::npos) << older;
}

TEST(IntervalCsv, LeavesTheWarmUpOut) {
  const RunPlan plan = OpenPlan();
  EXPECT_EQ(IntervalCsvRows(StartedRun(plan), OneSecond(0, plan)), "");
}

}  // namespace
}  // namespace mbench
