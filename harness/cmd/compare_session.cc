// SPDX-License-Identifier: Apache-2.0
#include "harness/cmd/compare_session.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <utility>

#include "harness/base/text.h"
#include "harness/cmd/terminal.h"
#include "harness/result/plan_json.h"
#include "harness/result/result_reader.h"
#include "harness/run/systems.h"
#include "reports/compare/compare_options.h"
#include "reports/json/comparison_json.h"
#include "reports/text/comparison_table.h"

namespace mbench {
namespace {

std::string SideLabel(const std::vector<std::string>& paths) {
  if (paths.size() == 1) return paths[0];
  return fmt::format("{} .. {}", paths.front(), paths.back());
}

std::vector<PlanDifference> AllowedDifferences(const RunSample& a, const RunSample& b,
                                               std::span<const std::string> allow) {
  std::vector<PlanDifference> allowed;
  for (PlanDifference& difference : FindDifferences(a.identity, b.identity))
    if (IsCompared(difference.key, allow)) allowed.push_back(std::move(difference));
  return allowed;
}

}  // namespace

ExitCode ExitCodeOf(Verdict verdict) {
  switch (verdict) {
    case Verdict::kBetter:
    case Verdict::kSame:
    case Verdict::kNotWorse:
      return ExitCode::kPass;
    case Verdict::kWorse:
    case Verdict::kSaturated:
      return ExitCode::kBroken;
    case Verdict::kChanged:
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
  identity.driver = DriverNamesOf(plan);
  return identity;
}

Result<std::vector<RunSample>> LoadRuns(std::span<const std::string> paths,
                                        const CompareOptions& options) {
  return LoadSamples(paths, {.also = AskedFor(options), .seed = options.seed});
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

ComparisonSubject SubjectOf(std::span<const RunSample> a, std::span<const RunSample> b,
                            const std::vector<std::string>& folders_a,
                            const std::vector<std::string>& folders_b) {
  ComparisonSubject subject;
  subject.title = a.front().name == b.front().name ? a.front().name
                                                   : a.front().name + " against " + b.front().name;
  subject.a = SideLabel(folders_a);
  subject.b = SideLabel(folders_b);
  subject.folders_a = folders_a;
  subject.folders_b = folders_b;
  return subject;
}

ComparisonModel CompareSides(std::span<const RunSample> a, std::span<const RunSample> b,
                             const CompareOptions& options, ComparisonSubject subject) {
  subject.compared = AllowedDifferences(a.front(), b.front(), options.compared);
  const Comparison comparison = Compare(a, b, options);
  if (!comparison.forbidden.empty())
    subject.notes.push_back(fmt::format("if {} is what you compare, allow it: --allow {}",
                                        comparison.forbidden.front().key,
                                        comparison.forbidden.front().key));
  const Shift shift = comparison.rows.empty() ? Shift{} : ComputeShift(a, b, options);
  return MakeComparisonModel(comparison, subject, shift);
}

void PrintComparison(const ComparisonModel& model, bool json) {
  PrintResult(json ? RenderComparisonJson(model) : RenderComparisonTable(model, StdoutStyle()));
}

}  // namespace mbench
