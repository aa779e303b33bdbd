// SPDX-License-Identifier: Apache-2.0
#include "reports/junit/comparison_junit.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"

namespace mbench {
namespace {

// For text and for attributes. XML 1.0 has no way to write most control characters, and none for
// bytes that are not UTF-8: they become "?".
std::string Escaped(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = Utf8Length(text);
    const std::string_view character = text.substr(0, std::max<std::size_t>(length, 1));
    text.remove_prefix(character.size());
    if (character == "&")
      out += "&amp;";
    else if (character == "<")
      out += "&lt;";
    else if (character == ">")
      out += "&gt;";
    else if (character == "\"")
      out += "&quot;";
    else if (character == "\n")
      out += "&#10;";
    else if (length == 0 || IsControl(character) || character == "\xef\xbf\xbe" ||
             character == "\xef\xbf\xbf")  // U+FFFE, U+FFFF: no characters of XML
      out += '?';
    else
      out += character;
  }
  return out;
}

struct TestCase {
  std::string name;
  std::string result;  // "failure", "error", "skipped"; "": passed
  std::string type;
  std::string message;
  std::string detail;
};

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

TestCase MetricCase(const ComparedMetric& metric) {
  TestCase test{metric.name, ResultOf(metric.verdict), std::string(Name(metric.verdict)), "", ""};
  test.message = fmt::format("{}: {} -> {}, B/A {} ({})", Name(metric.verdict), Text(metric.a),
                             Text(metric.b), Text(metric.change), IntervalText(metric));
  test.detail = fmt::format("{}\nmargin {}, p {}, adjusted {}", metric.sentence,
                            SizeText(metric.margin, metric.is_ratio), PText(metric.p),
                            PText(metric.adjusted_p));
  return test;
}

// Whether the runs could be compared at all, which is a case of its own: a passed one says how
// many there were.
TestCase RunsCase(const ComparisonModel& model) {
  TestCase test{"runs", "", std::string(Name(model.verdict)), model.reason, ""};
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

std::string CaseText(const TestCase& test, const std::string& suite) {
  std::string text = fmt::format("    <testcase classname=\"{}\" name=\"{}\" time=\"0\">\n",
                                 Escaped(suite), Escaped(test.name));
  if (!test.result.empty())
    text += fmt::format("      <{0} message=\"{1}\" type=\"{2}\">{3}</{0}>\n", test.result,
                        Escaped(test.message), Escaped(test.type), Escaped(test.detail));
  else
    text += fmt::format("      <system-out>{}</system-out>\n", Escaped(test.detail));
  return text + "    </testcase>\n";
}

}  // namespace

std::string RenderComparisonJunit(const ComparisonModel& model, const std::string& timestamp) {
  std::vector<TestCase> tests = {RunsCase(model)};
  for (const ComparedMetric& metric : model.metrics)
    if (metric.primary) tests.push_back(MetricCase(metric));
  const auto count = [&](std::string_view result) {
    return std::ranges::count(tests, result, &TestCase::result);
  };
  const std::string counts =
      fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"0\"",
                  tests.size(), count("failure"), count("error"), count("skipped"));
  const std::string suite = "mbench." + model.subject.title;
  std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  text += fmt::format("<testsuites {}>\n  <testsuite name=\"{}\" timestamp=\"{}\" {}>\n", counts,
                      Escaped(suite), Escaped(timestamp), counts);
  for (const TestCase& test : tests) text += CaseText(test, suite);
  return text + "  </testsuite>\n</testsuites>\n";
}

}  // namespace mbench
