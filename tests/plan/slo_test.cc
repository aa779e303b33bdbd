// SPDX-License-Identifier: Apache-2.0
//
// What is refused, and with which words, is in tests/config/cases/range_slo.yaml.
#include "harness/plan/slo.h"

#include <gtest/gtest.h>

namespace mbench {
namespace {

SloPlan Parse(std::string_view text) {
  const Result<SloPlan> slo = ParseSlo(text);
  EXPECT_TRUE(slo) << slo.error().message;
  return slo.value_or(SloPlan{});
}

TEST(ParseSlo, ReadsAPercentileOfOneOp) {
  const SloPlan slo = Parse("  p99.9(read)<10ms ");
  EXPECT_EQ(slo.text, "p99.9(read)<10ms");
  EXPECT_EQ(slo.metric, SloMetric::kPercentile);
  EXPECT_DOUBLE_EQ(slo.percentile, 99.9);
  EXPECT_EQ(slo.op, "read");
  EXPECT_EQ(slo.comparison, SloComparison::kBelow);
  EXPECT_DOUBLE_EQ(slo.value, 10e6);
  EXPECT_EQ(slo.window, 0);
}

TEST(ParseSlo, ReadsAWindow) {
  const SloPlan slo = Parse("rate ( update ) >= 4.9k/s for 1m");
  EXPECT_EQ(slo.metric, SloMetric::kRate);
  EXPECT_EQ(slo.op, "update");
  EXPECT_EQ(slo.comparison, SloComparison::kAtLeast);
  EXPECT_DOUBLE_EQ(slo.value, 4900);
  EXPECT_EQ(slo.window, kMinute);
}

TEST(ParseSlo, ReadsEveryMetricWithTheUnitOfItsKind) {
  EXPECT_EQ(Parse("max <= 2s").metric, SloMetric::kMax);
  EXPECT_EQ(Parse("mean < 1ms").metric, SloMetric::kMean);
  EXPECT_EQ(Parse("errors < 0.1%").metric, SloMetric::kErrors);
  EXPECT_DOUBLE_EQ(Parse("errors < 0.1%").value, 0.001);
  EXPECT_EQ(Parse("timeouts <= 0").metric, SloMetric::kTimeouts);
  EXPECT_EQ(Parse("mismatches <= 0").metric, SloMetric::kMismatches);
  EXPECT_EQ(Parse("not_found(delete) > 1%").metric, SloMetric::kNotFound);
}

TEST(ParseSlo, RefusesAMetricThatItDoesNotKnow) {
  EXPECT_FALSE(ParseSlo("p < 1ms"));
  EXPECT_FALSE(ParseSlo("pp9 < 1ms"));
  EXPECT_FALSE(ParseSlo("p99 p50 < 1ms"));
  EXPECT_FALSE(ParseSlo("< 1ms"));
}

}  // namespace
}  // namespace mbench
