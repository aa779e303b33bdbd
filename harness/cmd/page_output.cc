// SPDX-License-Identifier: Apache-2.0
#include "harness/cmd/page_output.h"

#include <filesystem>
#include <utility>

#include "harness/cmd/compare_session.h"
#include "harness/cmd/terminal.h"
#include "reports/compare/compare_options.h"
#include "reports/html/page.h"
#include "reports/model/page_model.h"

namespace mbench {
namespace {

Status ReadRuns(std::span<const std::string> paths, std::vector<PageRun>* runs) {
  for (const std::string& path : paths) {
    Result<PageRun> run = ReadPageRun(path);
    if (!run) return Failed(run);
    runs->push_back(*std::move(run));
  }
  return {};
}

std::vector<RunSample> SamplesOf(const std::vector<PageRun>& runs, const CompareOptions& options) {
  std::vector<RunSample> samples;
  for (const PageRun& run : runs)
    samples.push_back(SampleOf(run, {.also = AskedFor(options), .seed = options.seed}));
  return samples;
}

std::string Render(const PageSource& source) { return RenderPage(MakePageModel(source)); }

}  // namespace

Result<std::string> MakePage(const std::vector<std::string>& results) {
  PageSource source{.version = MBENCH_VERSION};
  const std::span<const std::string> paths(results);
  if (paths.size() > 1)
    if (Status read = ReadRuns(paths.first(1), &source.a); !read) return Failed(read);
  if (Status read = ReadRuns(paths.last(source.a.empty() ? 1 : paths.size() - 1), &source.b); !read)
    return Failed(read);
  if (source.a.empty()) return Render(source);
  const Result<CompareOptions> options =
      OptionsFromPlan(source.a.front().result.provenance.plan_json);
  if (!options) return Invalid("{}: {}", results.front(), options.error().message);
  const std::vector<RunSample> a = SamplesOf(source.a, *options);
  const std::vector<RunSample> b = SamplesOf(source.b, *options);
  std::vector<RunSample> all = a;
  all.insert(all.end(), b.begin(), b.end());
  if (Status distinct = CheckDistinct(all); !distinct) return Failed(distinct);
  source.comparison = CompareSides(a, b, *options,
                                   SubjectOf(a, b, {results.begin(), results.begin() + 1},
                                             {results.begin() + 1, results.end()}));
  return Render(source);
}

Result<std::string> MakePage(const std::vector<std::string>& a, const std::vector<std::string>& b,
                             const ComparisonModel& comparison) {
  PageSource source{.version = MBENCH_VERSION, .comparison = comparison};
  if (Status read = ReadRuns(a, &source.a); !read) return Failed(read);
  if (Status read = ReadRuns(b, &source.b); !read) return Failed(read);
  return Render(source);
}

bool IsSearch(const std::string& path) {
  const std::filesystem::path place(path);
  std::error_code ignored;
  return place.filename() == "find.json" ||
         std::filesystem::is_regular_file(place / "find.json", ignored);
}

ExitCode ShowComparison(const ComparisonModel& model, bool json, OutputFile* html) {
  PrintComparison(model, json);
  if (!html->Wanted()) return ExitCodeOf(model.verdict);
  const Result<std::string> page =
      MakePage(model.subject.folders_a, model.subject.folders_b, model);
  if (!page) return Report(page.error());
  if (Status written = html->Write(*page); !written) return Report(written.error());
  return ExitCodeOf(model.verdict);
}

}  // namespace mbench
