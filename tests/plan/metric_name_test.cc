// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/metric_name.h"

#include <gmock/gmock.h>

namespace mbench {
namespace {

using ::testing::HasSubstr;

std::string ErrorOf(std::string_view text) {
  const Result<MetricName> metric = ParseMetricName(text);
  return metric ? "none: " + Name(*metric) : metric.error().message;
}

TEST(MetricName, TheListHasEveryKindInItsPlace) {
  for (std::size_t i = 0; i < kMetrics.size(); ++i) {
    EXPECT_EQ(static_cast<std::size_t>(kMetrics[i].kind), i);
    EXPECT_EQ(&FactsOf(kMetrics[i].kind), &kMetrics[i]);
  }
}

TEST(MetricName, IsWrittenAsItIsRead) {
  for (const std::string text :
       {"p50", "p99.99(read)", "max", "mean(scan)", "rate", "items_rate(scan)", "bytes_rate",
        "errors(pay:debit)", "timeouts", "mismatches", "not_found(delete)", "share(get:cache)",
        "client_cpu", "p99(pay:1 retry)", "rate(get:eu (west))", "rto(primary stopped)"}) {
    const Result<MetricName> metric = ParseMetricName(text);
    ASSERT_TRUE(metric) << text;
    EXPECT_EQ(Name(*metric), text);
  }
  EXPECT_EQ(Name(ParseMetricName("  p99 ( read ) ").value()), "p99(read)");
}

TEST(MetricName, AMistakeIsToldWithWhatWouldBeRight) {
  EXPECT_THAT(ErrorOf("item_rate"), HasSubstr("did you mean 'items_rate'?"));
  EXPECT_THAT(ErrorOf("error(read)"), HasSubstr("did you mean 'errors'?"));
  EXPECT_THAT(ErrorOf("latency"), HasSubstr("or one of: max, mean, rate, errors, timeouts"));
  EXPECT_THAT(ErrorOf("p101"), HasSubstr("above 0 and at most 100"));
  EXPECT_THAT(ErrorOf("p0"), HasSubstr("above 0 and at most 100"));
  EXPECT_THAT(ErrorOf("p99(read"), HasSubstr("no ')' after the op"));
  for (const char* text : {"p99()", "p99(read update)", "p99(:debit)", "p99(pay:)"})
    EXPECT_THAT(ErrorOf(text), HasSubstr("names no op")) << text;
  EXPECT_THAT(ErrorOf("share"), HasSubstr("share needs a label"));
  EXPECT_THAT(ErrorOf("share(get)"), HasSubstr("share needs a label"));
  EXPECT_THAT(ErrorOf("client_cpu(read)"), HasSubstr("of all ops together"));
  for (const char* text : {"rto", "rto()", "rto(stopped"})
    EXPECT_THAT(ErrorOf(text),
                HasSubstr("names no event; expected something like rto(primary stopped)"))
        << text;
}

TEST(MetricName, TimesAndRatesAreComparedByRatiosAndPartsOfOpsByDifferences) {
  EXPECT_EQ(ScaleOf({MetricKind::kMean}), MetricScale::kRatio);
  EXPECT_EQ(ScaleOf({MetricKind::kBytesRate}), MetricScale::kRatio);
  EXPECT_EQ(ScaleOf({MetricKind::kClientCpu}), MetricScale::kRatio);
  EXPECT_EQ(ScaleOf({MetricKind::kNotFound}), MetricScale::kDifference);
  EXPECT_EQ(ScaleOf({MetricKind::kShare}), MetricScale::kDifference);
  EXPECT_TRUE(LowerIsBetter({MetricKind::kMax}));
  EXPECT_FALSE(LowerIsBetter({MetricKind::kItemsRate}));
}

}  // namespace
}  // namespace mbench
