// SPDX-License-Identifier: Apache-2.0
#include "harness/cmd/compare_session.h"

#include <filesystem>
#include <map>
#include <utility>

#include "harness/base/text.h"
#include "harness/cmd/terminal.h"
#include "harness/result/plan_json.h"
#include "harness/result/result_reader.h"
#include "reports/compare/compare_options.h"
#include "reports/json/comparison_json.h"
#include "reports/text/comparison_table.h"

namespace mbench {

ExitCode ExitCodeOf(Verdict verdict) {
  switch (verdict) {
    case Verdict::kBetter:
    case Verdict::kSame:
      return ExitCode::kPass;
    case Verdict::kWorse:
    case Verdict::kSaturated:
      return ExitCode::kBroken;
    case Verdict::kInconclusive:
    case Verdict::kSuggestive:
      return ExitCode::kInconclusive;
    case Verdict::kInvalid:
    case Verdict::kIncomparable:
      break;
  }
  return ExitCode::kInvalid;
}

CompareOptions OptionsOfPlan(const RunPlan& plan) {
  return {.primary = plan.compare.primary, .margin = plan.compare.margin};
}

Result<CompareOptions> OptionsOfResult(const std::string& path) {
  const Result<RunResult> result = ReadResult(path);
  if (!result) return Failed(result);
  Result<CompareOptions> options = OptionsFromPlan(result->provenance.plan_json);
  if (!options) return Invalid("{}: {}", path, options.error().message);
  return options;
}

RunIdentity IdentityOf(const RunPlan& plan) {
  RunIdentity identity;
  identity.plan_json = PlanJson(plan);
  identity.driver = plan.driver.use;
  return identity;
}

Result<std::vector<RunSample>> LoadRuns(std::span<const std::string> paths,
                                        const CompareOptions& options) {
  return LoadSamples(paths, {.also = options.primary, .seed = options.seed});
}

Status CheckDistinct(std::span<const RunSample> runs) {
  std::map<std::pair<std::string, std::string>, std::string> seen;  // folder name, start
  for (const RunSample& run : runs) {
    const std::filesystem::path folder = std::filesystem::weakly_canonical(run.folder);
    const auto [first, added] =
        seen.emplace(std::pair(folder.filename().string(), run.started_at), run.folder);
    if (!added)
      return BadConfig(
          "{} and {} are the same run; a run can stand on one side only, and only once",
          Quote(first->second, 200), Quote(run.folder, 200));
  }
  return {};
}

void PrintComparison(const ComparisonModel& model, bool json) {
  PrintResult(json ? RenderComparisonJson(model)
                   : RenderComparisonTable(model, {.color = StdoutHasColor()}));
}

}  // namespace mbench
