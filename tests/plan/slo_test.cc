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
  EXPECT_EQ(slo.metric, (MetricName{MetricKind::kPercentile, 99.9, "read"}));
  EXPECT_EQ(slo.relation, Relation::kBelow);
  EXPECT_DOUBLE_EQ(slo.value, 10e6);
  EXPECT_EQ(slo.window, 0);
}

TEST(ParseSlo, ReadsAWindow) {
  const SloPlan slo = Parse("rate ( update ) >= 4.9k/s for 1m");
  EXPECT_EQ(slo.metric, (MetricName{MetricKind::kRate, 0, "update"}));
  EXPECT_EQ(slo.relation, Relation::kAtLeast);
  EXPECT_DOUBLE_EQ(slo.value, 4900);
  EXPECT_EQ(slo.window, kMinute);
}

TEST(ParseSlo, ReadsValuesInTheUnitOfTheMetric) {
  EXPECT_DOUBLE_EQ(Parse("max <= 2s").value, 2e9);
  EXPECT_DOUBLE_EQ(Parse("mean < 1ms").value, 1e6);
  EXPECT_DOUBLE_EQ(Parse("errors < 0.1%").value, 0.001);
  EXPECT_DOUBLE_EQ(Parse("share(get:cache) > 90%").value, 0.9);
  EXPECT_DOUBLE_EQ(Parse("items_rate(scan) > 12k/s").value, 12'000);
  EXPECT_DOUBLE_EQ(Parse("bytes_rate > 40 MB/s").value, 40e6);
  EXPECT_DOUBLE_EQ(Parse("bytes_rate > 3MiB/s for 5s").value, 3 * 1048576.);
  EXPECT_DOUBLE_EQ(Parse("client_cpu < 5us").value, 5e-6);
  EXPECT_DOUBLE_EQ(Parse("lag(billing) < 10k").value, 10'000);
  EXPECT_DOUBLE_EQ(Parse("lost(order) = 0").value, 0);
  EXPECT_FALSE(ParseSlo("bytes_rate > 40 MB"));
  EXPECT_FALSE(ParseSlo("p99 < 5k/s"));
}

TEST(ParseSlo, ALabelMayHoldBlanksAndSigns) {
  EXPECT_EQ(Parse("p99(pay:1 retry) < 10ms").metric.op, "pay:1 retry");
  const SloPlan slo = Parse("errors(get:a (b) <c>) < 1% for 2s");
  EXPECT_EQ(slo.metric.op, "get:a (b) <c>");
  EXPECT_EQ(slo.window, 2 * kSecond);
}

TEST(ParseSlo, AGroupMayBeCalledAnythingAndItsLagIsOfTheWholeRun) {
  const SloPlan slo = Parse("lag(shop.billing v2) <= 500");
  EXPECT_EQ(slo.metric, (MetricName{MetricKind::kLag, 0, "shop.billing v2"}));
  EXPECT_FALSE(ParseSlo("lag < 500"));
  EXPECT_FALSE(ParseSlo("lag(billing) < 500 for 10s"));
  EXPECT_FALSE(ParseSlo("lag(billing) < 0.5"));
  EXPECT_TRUE(ParseSlo("doubled(order) = 0"));
  EXPECT_FALSE(ParseComparedMetric("doubled(order)"));
  EXPECT_FALSE(ParseComparedMetric("lag(billing)"));
}

TEST(ParseSlo, RefusesAMetricThatItDoesNotKnow) {
  EXPECT_FALSE(ParseSlo("p < 1ms"));
  EXPECT_FALSE(ParseSlo("pp9 < 1ms"));
  EXPECT_FALSE(ParseSlo("p99 p50 < 1ms"));
  EXPECT_FALSE(ParseSlo("< 1ms"));
}

}  // namespace
}  // namespace mbench
