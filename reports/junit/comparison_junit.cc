// SPDX-License-Identifier: Apache-2.0
#include "reports/junit/comparison_junit.h"

#include <fmt/format.h>

#include "harness/base/text.h"
#include "reports/junit/junit_suite.h"

namespace mbench {
namespace {

std::string ResultOf(Verdict verdict) {
  switch (verdict) {
    case Verdict::kWorse:
    case Verdict::kSaturated:
      return "failure";
    case Verdict::kChanged:
    case Verdict::kInconclusive:
    case Verdict::kSuggestive:
      return "skipped";
    case Verdict::kInvalid:
    case Verdict::kIncomparable:
      return "error";
    case Verdict::kBetter:
    case Verdict::kSame:
    case Verdict::kNotWorse:
      break;
  }
  return {};
}

JunitCase MetricCase(const ComparedMetric& metric) {
  JunitCase test{metric.name, ResultOf(metric.verdict), std::string(Name(metric.verdict)), "", ""};
  test.message = fmt::format("{}: {} -> {}, B/A {} ({})", Name(metric.verdict), Text(metric.a),
                             Text(metric.b), Text(metric.change), IntervalText(metric));
  test.detail = fmt::format("{}\nmargin {}, p {}, adjusted {}", metric.sentence,
                            SizeText(metric.margin, metric.is_ratio), PText(metric.p),
                            PText(metric.adjusted_p));
  return test;
}

// Whether the runs could be compared at all, which is a case of its own: a passed one says how
// many there were.
JunitCase RunsCase(const ComparisonModel& model) {
  JunitCase test{"runs", "", std::string(Name(model.verdict)), model.reason, ""};
  const bool compared = model.verdict != Verdict::kInvalid &&
                        model.verdict != Verdict::kIncomparable &&
                        model.verdict != Verdict::kSaturated;
  if (!compared) test.result = ResultOf(model.verdict);
  test.detail = fmt::format("{} runs of A, {} runs of B compared", model.runs_a, model.runs_b);
  for (const PlanDifference& difference : model.forbidden)
    test.detail += "\ndiffers: " + Describe(difference);
  for (const LeftOutRun& run : model.left_out)
    test.detail += fmt::format("\nleft out: {} {}: {}", run.side, run.run, Join(run.reasons, "; "));
  for (const std::string& note : model.notes) test.detail += "\nnote: " + note;
  return test;
}

}  // namespace

std::string RenderComparisonJunit(const ComparisonModel& model, const std::string& timestamp) {
  std::vector<JunitCase> tests = {RunsCase(model)};
  for (const ComparedMetric& metric : model.metrics)
    if (metric.primary) tests.push_back(MetricCase(metric));
  return RenderJunitSuite(model.subject.title, tests, timestamp);
}

}  // namespace mbench
