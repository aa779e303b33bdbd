// SPDX-License-Identifier: Apache-2.0
#include "reports/junit/run_junit.h"

#include <fmt/format.h>

#include "harness/base/text.h"
#include "reports/junit/junit_suite.h"

namespace mbench {
namespace {

JunitCase WholeRunCase(const RunModel& model) {
  JunitCase test{"run", model.valid ? "" : "error", "invalid", Join(model.invalid, "; "), ""};
  test.detail =
      fmt::format("{} ops, {}/s, errors {}, {} measured", Text(model.all.count),
                  Text(model.all.rate), Text(model.all.errors), Text(model.measured_length));
  for (const std::string& warning : model.warnings) test.detail += "\nwarning: " + warning;
  if (!model.folder.empty()) test.detail += "\n" + model.folder;
  return test;
}

// An invalid run proves nothing of the system, neither good nor bad.
JunitCase ObjectiveCase(const SloModel& slo, bool valid) {
  JunitCase test{slo.text, "", "objective", "", fmt::format("measured {}", Text(slo.measured))};
  if (slo.state == SloModel::State::kBroken) test.result = "failure";
  if (slo.state == SloModel::State::kNotJudged || !valid) test.result = "skipped";
  if (slo.state == SloModel::State::kNotJudged) test.detail = "nothing was measured to judge it by";
  test.message = valid ? test.detail : "the run is invalid; " + test.detail;
  return test;
}

JunitCase DataCase(const CheckResult& check) {
  const std::string found = fmt::format("expected {}, found {}", check.target, check.measured);
  return {check.what, check.ok ? "" : "failure", "check", found, found};
}

}  // namespace

std::string RenderRunJunit(const RunModel& model, const std::string& timestamp) {
  std::vector<JunitCase> cases = {WholeRunCase(model)};
  for (const SloModel& slo : model.slo) cases.push_back(ObjectiveCase(slo, model.valid));
  for (const CheckResult& check : model.checks) cases.push_back(DataCase(check));
  return RenderJunitSuite(model.name, cases, timestamp);
}

}  // namespace mbench
