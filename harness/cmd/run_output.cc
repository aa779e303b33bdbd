// SPDX-License-Identifier: Apache-2.0
#include "harness/cmd/run_output.h"

#include "harness/cmd/terminal.h"
#include "reports/json/run_json.h"
#include "reports/text/run_table.h"

namespace mbench {
namespace {

ExitCode ExitCodeOf(const StoredRun& run) {
  const RunResult& result = run.result;
  if (!run.measured) return run.interrupted ? ExitCode::kInterrupted : ExitCode::kPass;
  if (!run.stored) return mbench::ExitCodeOf(run.stored.error().kind);
  if (!run.page) return mbench::ExitCodeOf(run.page.error().kind);
  if (result.end == RunEnd::kInterrupted) return ExitCode::kInterrupted;
  if (run.unreachable) return ExitCode::kUnreachable;
  if (!result.Valid()) return ExitCode::kInvalid;
  if (run.Broken()) return ExitCode::kBroken;
  return run.Unjudged() ? ExitCode::kInconclusive : ExitCode::kPass;
}

}  // namespace

ExitCode ShowRun(const Result<StoredRun>& run, const RunPlan& plan, bool json) {
  if (!run) return Report(run.error());
  if (run->measured)
    PrintResult(json ? RenderRunJson(run->result, run->found)
                     : RenderRunTable(run->result, StdoutStyle(), run->found));
  if (!run->stored) Report(run->stored.error(), plan.secrets);
  if (!run->page) Report(run->page.error(), plan.secrets);
  return ExitCodeOf(*run);
}

}  // namespace mbench
