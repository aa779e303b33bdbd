// SPDX-License-Identifier: Apache-2.0
#include "harness/cmd/gate_outputs.h"

#include <CLI/CLI.hpp>
#include <cstdlib>

#include "harness/cmd/terminal.h"
#include "harness/result/provenance.h"
#include "reports/github/annotations.h"
#include "reports/json/comparison_json.h"
#include "reports/junit/comparison_junit.h"
#include "reports/markdown/comparison_markdown.h"

namespace mbench {

void GateOutputs::AddTo(CLI::App* app) {
  app->add_option("--junit", paths_.junit, "JUnit XML for the CI system")->type_name("FILE");
  app->add_option("--markdown", paths_.markdown, "Markdown for a comment on the pull request")
      ->type_name("FILE");
  app->add_option("--json", paths_.json, "Everything as one JSON object")->type_name("FILE");
  app->add_flag("--github", paths_.github,
                "Annotations of GitHub Actions on stdout, and Markdown appended to "
                "$GITHUB_STEP_SUMMARY");
}

Status GateOutputs::Open() {
  if (Status opened = junit_.Open(paths_.junit); !opened) return opened;
  if (Status opened = markdown_.Open(paths_.markdown); !opened) return opened;
  if (Status opened = json_.Open(paths_.json); !opened) return opened;
  if (!paths_.github) return {};
  const char* const summary = std::getenv("GITHUB_STEP_SUMMARY");
  if (summary != nullptr && *summary != '\0')
    return summary_.Open(summary, OutputFile::Mode::kAppend);
  PrintError("--github: $GITHUB_STEP_SUMMARY is not set, so there is no summary to append to");
  return {};
}

Status GateOutputs::Write(const ComparisonModel& model, const std::string& file) {
  const std::string markdown = RenderComparisonMarkdown(model);
  Status first;
  const auto keep = [&first](const Status& written) {
    if (first && !written) first = written;
  };
  keep(junit_.Write(RenderComparisonJunit(model, FormatUtc(UtcNow()).substr(0, 19))));
  keep(markdown_.Write(markdown));
  keep(json_.Write(RenderComparisonJson(model)));
  keep(summary_.Write(markdown + "\n"));
  if (paths_.github) PrintResult(RenderAnnotations(model, file));
  return first;
}

}  // namespace mbench
