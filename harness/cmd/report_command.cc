// SPDX-License-Identifier: Apache-2.0
//
// mbench report RESULT...: the table again, from what is stored; also of a run that was killed. As
// a file of Google Benchmark for all runs together.
#include <algorithm>
#include <map>
#include <memory>

#include "harness/base/text.h"
#include "harness/cmd/commands.h"
#include "harness/cmd/terminal.h"
#include "harness/result/result_reader.h"
#include "reports/compare/run_sample.h"
#include "reports/csv/interval_csv.h"
#include "reports/gbench/gbench_writer.h"
#include "reports/json/run_json.h"
#include "reports/text/run_table.h"

namespace mbench {
namespace {

struct ReportFlags {
  std::vector<std::string> paths;
  std::string format = "table";
  bool json = false;
};

ExitCode ReportRuns(const ReportFlags& flags, bool json) {
  if (json && flags.paths.size() > 1)
    return Report({ErrorKind::kUsage, "--json prints one object; name one result"});
  for (const std::string& path : flags.paths) {
    const Result<RunResult> result = ReadResult(path);
    if (!result) return Report(result.error());
    PrintResult(json ? RenderRunJson(*result)
                     : RenderRunTable(*result, {.color = StdoutHasColor()}));
  }
  return ExitCode::kPass;
}

// What the log does not hold of a second is in the series; both are cut at the same times.
Status PrintSeconds(const RunResult& run) {
  std::map<Ticks, SeriesPoint> by_end;
  const Status read = ForEachSecond(
      run.folder, [&](const SeriesPoint& point) { by_end.insert_or_assign(point.end, point); });
  if (!read) return read;
  return ForEachInterval(run.folder, run.op_names, [&](const Interval& logged) {
    const auto point = by_end.find(logged.end);
    if (point == by_end.end()) return true;  // the last second of a run that was killed
    Interval interval = logged;
    interval.offered = point->second.offered;
    interval.planned_level = point->second.planned_level;
    interval.in_flight = point->second.in_flight;
    interval.host = point->second.host;
    PrintResult(IntervalCsvRows(run, interval));
    return true;
  });
}

ExitCode ReportCsv(const ReportFlags& flags) {
  PrintResult(IntervalCsvHeader());
  for (const std::string& path : flags.paths) {
    const Result<RunResult> run = ReadResult(path);
    if (!run) return Report(run.error());
    if (Status printed = PrintSeconds(*run); !printed) return Report(printed.error());
  }
  return ExitCode::kPass;
}

ExitCode ReportGbench(const ReportFlags& flags) {
  const Result<std::vector<RunSample>> runs = LoadSamples(flags.paths, {.resamples = 0});
  if (!runs) return Report(runs.error());
  for (const RunSample& run : *runs)
    if (!run.Valid())
      PrintError(fmt::format("{} is left out: {}", run.folder, Join(run.invalid, "; ")));
  if (std::ranges::none_of(*runs, &RunSample::Valid)) return ExitCode::kInvalid;
  PrintResult(RenderGbench(*runs));
  return ExitCode::kPass;
}

}  // namespace

Action AddReport(CLI::App* app) {
  const auto flags = std::make_shared<ReportFlags>();
  app->add_option("result", flags->paths, "Result folders, or their run.json")->required();
  app->add_option("--format", flags->format,
                  "table, json, csv, or gbench for Google Benchmark's tools")
      ->check(CLI::IsMember({"table", "json", "csv", "gbench"}))
      ->capture_default_str();
  app->add_flag("--json", flags->json, "The same as --format json");
  return [flags] {
    if (flags->format == "csv" && !flags->json) return ReportCsv(*flags);
    if (flags->format == "gbench") return ReportGbench(*flags);
    return ReportRuns(*flags, flags->json || flags->format == "json");
  };
}

}  // namespace mbench
