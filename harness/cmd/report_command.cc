// SPDX-License-Identifier: Apache-2.0
//
// mbench report RESULT...: the table again, from what is stored; also of a run that was killed. As
// a page, or as a file of Google Benchmark, for all runs together. Also of a search for the
// capacity.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <functional>
#include <memory>

#include "harness/base/text.h"
#include "harness/cmd/commands.h"
#include "harness/cmd/output_file.h"
#include "harness/cmd/page_output.h"
#include "harness/cmd/terminal.h"
#include "harness/result/result_reader.h"
#include "reports/compare/run_sample.h"
#include "reports/csv/interval_csv.h"
#include "reports/gbench/gbench_writer.h"
#include "reports/html/page.h"
#include "reports/json/run_json.h"
#include "reports/json/search_json.h"
#include "reports/model/capacity_page.h"
#include "reports/model/capacity_use.h"
#include "reports/model/result_tables.h"
#include "reports/model/run_findings.h"
#include "reports/text/capacity_table.h"
#include "reports/text/run_table.h"

namespace mbench {
namespace {

struct ReportFlags {
  std::vector<std::string> paths;
  std::string format;  // "": a page with --output, else the table
  std::string output;
  bool json = false;

  std::string Format() const {
    if (json) return "json";
    if (!format.empty()) return format;
    return output.empty() ? "table" : "html";
  }
};

// Takes what is rendered, piece by piece: stdout, or the file.
using Sink = std::function<Status(std::string_view)>;

Status WriteRuns(const ReportFlags& flags, bool json, const Sink& sink) {
  if (json && flags.paths.size() > 1) return BadConfig("--json prints one object; name one result");
  const TextStyle style = flags.output.empty() ? StdoutStyle() : TextStyle{};
  for (const std::string& path : flags.paths) {
    FindingsReader reader;
    const Result<RunResult> result = ReadResult(path, &reader);
    if (!result) return Failed(result);
    const RunFindings found = reader.Finish(*result);
    const Status written =
        sink(json ? RenderRunJson(*result, found) : RenderRunTable(*result, style, found));
    if (!written) return written;
  }
  return {};
}

Status WriteCsv(const ReportFlags& flags, const Sink& sink) {
  if (Status head = sink(IntervalCsvHeader()); !head) return head;
  for (const std::string& path : flags.paths) {
    const Result<RunResult> run = ReadResult(path);
    if (!run) return Failed(run);
    const Status written = ForEachStoredSecond(
        *run, [&](const Interval& interval) { return sink(IntervalCsvRows(*run, interval)); });
    if (!written) return written;
  }
  return {};
}

Status WriteGbench(const ReportFlags& flags, const Sink& sink) {
  const Result<std::vector<RunSample>> runs = LoadSamples(flags.paths, {.resamples = 0});
  if (!runs) return Failed(runs);
  for (const RunSample& run : *runs)
    if (!run.Valid())
      PrintError(fmt::format("{} is left out: {}", run.folder, Join(run.invalid, "; ")));
  if (std::ranges::none_of(*runs, &RunSample::Valid))
    return Invalid("no run is valid, so there is nothing to write");
  return sink(RenderGbench(*runs));
}

Status WritePage(const ReportFlags& flags, const Sink& sink) {
  const Result<std::string> page = MakePage(flags.paths);
  return page ? sink(*page) : Failed(page);
}

// Where the search is, as seen from the file that is written; of stdout nobody knows where it ends
// up: as seen from here.
std::string PlaceOf(const std::string& folder, const std::string& output) {
  const std::filesystem::path from = output.empty()
                                         ? std::filesystem::current_path()
                                         : std::filesystem::absolute(output).parent_path();
  const std::string place = std::filesystem::absolute(folder).lexically_normal().lexically_relative(
      from.lexically_normal());
  return place.empty() || place == "." ? std::string() : place + "/";
}

Status WriteSearch(const ReportFlags& flags, const std::string& format, const Sink& sink) {
  if (flags.paths.size() > 1)
    return BadConfig("a search stands alone; name one, or results of runs");
  if (format == "csv" || format == "gbench")
    return BadConfig("--format {}: a search has no such report; its probes, in {}/probes, have",
                     format, flags.paths[0]);
  std::filesystem::path folder(flags.paths[0]);
  if (folder.filename() == "find.json")
    folder = folder.has_parent_path() ? folder.parent_path() : ".";
  const Result<CapacityResult> search = ReadCapacity(folder.string());
  if (!search) return Failed(search);
  CapacitySource source = ReadCapacitySource(*search, MBENCH_VERSION);
  source.place = PlaceOf(search->folder, flags.output);
  if (format == "html") return sink(RenderPage(MakeCapacityPage(source)));
  const UseComparison use = UsesOfSearch(source);
  if (format == "json") return sink(RenderSearchJson(*search, use));
  return sink(
      RenderCapacityTable(*search, use, flags.output.empty() ? StdoutStyle() : TextStyle{}));
}

ExitCode ReportResults(const ReportFlags& flags) {
  OutputFile file;
  if (Status opened = file.Open(flags.output); !opened) return Report(opened.error());
  const Sink sink = [&file](std::string_view text) -> Status {
    if (file.Wanted()) return file.Write(text);
    PrintResult(text);
    return {};
  };
  const std::string format = flags.Format();
  const bool search = std::ranges::any_of(flags.paths, IsSearch);
  const Status done = search               ? WriteSearch(flags, format, sink)
                      : format == "html"   ? WritePage(flags, sink)
                      : format == "csv"    ? WriteCsv(flags, sink)
                      : format == "gbench" ? WriteGbench(flags, sink)
                                           : WriteRuns(flags, format == "json", sink);
  return done ? ExitCode::kPass : Report(done.error());
}

}  // namespace

Action AddReport(CLI::App* app) {
  const auto flags = std::make_shared<ReportFlags>();
  app->add_option("result", flags->paths,
                  "Result folders, or their run.json; in a page the first is the baseline; or the "
                  "folder of a search")
      ->required();
  app->add_option("--format", flags->format,
                  "table, html, json, csv, or gbench for Google Benchmark's tools (table; with -o "
                  "html)")
      ->check(CLI::IsMember({"table", "html", "json", "csv", "gbench"}));
  app->add_option("-o,--output", flags->output, "Write it there instead of stdout")
      ->type_name("FILE");
  app->add_flag("--json", flags->json, "The same as --format json");
  return [flags] { return ReportResults(*flags); };
}

}  // namespace mbench
