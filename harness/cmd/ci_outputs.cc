// SPDX-License-Identifier: Apache-2.0
#include "harness/cmd/ci_outputs.h"

#include <CLI/CLI.hpp>
#include <cstdlib>

#include "harness/cmd/terminal.h"
#include "harness/result/provenance.h"
#include "reports/github/annotations.h"
#include "reports/json/comparison_json.h"
#include "reports/json/run_json.h"
#include "reports/junit/comparison_junit.h"
#include "reports/junit/run_junit.h"
#include "reports/markdown/comparison_markdown.h"
#include "reports/markdown/run_markdown.h"

namespace mbench {
namespace {

std::string JunitTime() { return FormatUtc(UtcNow()).substr(0, 19); }

CiTexts TextsOfRun(const RunModel& model, const std::string& file) {
  return {.junit = RenderRunJunit(model, JunitTime()),
          .markdown = RenderRunMarkdown(model),
          .json = {},
          .annotations = RenderRunAnnotations(model, file)};
}

}  // namespace

CiTexts CiTextsOf(const ComparisonModel& model, const std::string& file) {
  return {.junit = RenderComparisonJunit(model, JunitTime()),
          .markdown = RenderComparisonMarkdown(model),
          .json = RenderComparisonJson(model),
          .annotations = RenderAnnotations(model, file)};
}

CiTexts CiTextsOf(const RunResult& result, const std::string& file) {
  return TextsOfRun(MakeRunModel(result), file);
}

CiTexts CiTextsOf(const std::string& name, const Error& error, const std::string& file) {
  RunResult nothing;
  nothing.name = name;
  RunModel model = MakeRunModel(nothing);
  model.valid = false;
  model.invalid = {error.message};
  return TextsOfRun(model, file);
}

void CiOutputs::AddTo(CLI::App* app) {
  app->add_option("--junit", paths_.junit, "JUnit XML for the CI system")->type_name("FILE");
  app->add_option("--markdown", paths_.markdown, "Markdown for a comment on the pull request")
      ->type_name("FILE");
  app->add_flag("--github", paths_.github,
                "Annotations of GitHub Actions on stdout, and Markdown appended to "
                "$GITHUB_STEP_SUMMARY");
}

void CiOutputs::AddJson(CLI::App* app) {
  app->add_option("--json", paths_.json, "Everything as one JSON object")->type_name("FILE");
}

Status CiOutputs::Open() {
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

Status CiOutputs::Write(const CiTexts& texts) {
  Status first;
  const auto keep = [&first](const Status& written) {
    if (first && !written) first = written;
  };
  keep(junit_.Write(texts.junit));
  keep(markdown_.Write(texts.markdown));
  keep(json_.Write(texts.json));
  keep(summary_.Write(texts.markdown + "\n"));
  if (paths_.github) PrintResult(texts.annotations);
  return first;
}

}  // namespace mbench
