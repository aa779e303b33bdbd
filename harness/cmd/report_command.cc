// SPDX-License-Identifier: Apache-2.0
//
// mbench report RESULT: the table again, from what is stored; also of a run that was killed.
#include <memory>

#include "harness/cmd/commands.h"
#include "harness/cmd/terminal.h"
#include "harness/result/result_reader.h"
#include "reports/json/run_json.h"
#include "reports/text/run_table.h"

namespace mbench {

Action AddReport(CLI::App* app) {
  struct Flags {
    std::string path;
    bool json = false;
  };
  const auto flags = std::make_shared<Flags>();
  app->add_option("result", flags->path, "Result folder, or its run.json")->required();
  app->add_flag("--json", flags->json, "One JSON object instead of the table");
  return [flags] {
    const Result<RunResult> result = ReadResult(flags->path);
    if (!result) return Report(result.error());
    PrintResult(flags->json ? RenderRunJson(*result)
                            : RenderRunTable(*result, {.color = StdoutHasColor()}));
    return ExitCode::kPass;
  };
}

}  // namespace mbench
