// SPDX-License-Identifier: Apache-2.0
//
// mbench export RESULT... --to csv|json|sqlite -o PATH: stored results as tables.
#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "harness/base/text.h"
#include "harness/cmd/commands.h"
#include "harness/cmd/output_file.h"
#include "harness/cmd/terminal.h"
#include "reports/csv/csv_tables.h"
#include "reports/json/table_json.h"
#include "reports/sqlite/sqlite_tables.h"

namespace mbench {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPiece = 1 << 16;

struct ExportFlags {
  std::vector<std::string> results;
  std::string to;
  std::string output;
};

// What is there is somebody's, and may be what a program reads just now.
Status CheckFree(const ExportFlags& flags, std::string_view example) {
  if (flags.output.empty())
    return BadConfig("--to {} makes several tables; say where to, as in -o {}", flags.to, example);
  std::error_code error;
  if (fs::exists(flags.output, error))
    return BadConfig("{} is there already; remove it, or choose another place", flags.output);
  return {};
}

// Half of an export is none.
Status KeepIfWhole(Status written, const std::string& path) {
  std::error_code error;
  if (!written) fs::remove_all(path, error);
  return written;
}

Status ExportCsv(const ExportFlags& flags) {
  if (Status free = CheckFree(flags, "tables"); !free) return free;
  std::error_code error;
  fs::create_directories(flags.output, error);
  if (error) return BadConfig("cannot make the folder {}: {}", flags.output, error.message());
  CsvTables tables(flags.output);
  return KeepIfWhole(WriteTables(flags.results, &tables), flags.output);
}

Status ExportSqlite(const ExportFlags& flags) {
  if (Status free = CheckFree(flags, "results.db"); !free) return free;
  Result<std::unique_ptr<SqliteTables>> tables = SqliteTables::Open(flags.output);
  if (!tables) return KeepIfWhole(Failed(tables), flags.output);
  const Status written = WriteTables(flags.results, tables->get());
  tables->reset();
  return KeepIfWhole(written, flags.output);
}

Status ExportJson(const ExportFlags& flags) {
  std::error_code error;
  if (fs::is_regular_file(flags.output, error))  // a pipe may be there
    if (Status free = CheckFree(flags, "results.json"); !free) return free;
  OutputFile file;
  if (Status opened = file.Open(flags.output); !opened) return opened;
  std::string waiting;  // for company: a row is short
  const auto flush = [&]() -> Status {
    if (file.Wanted()) return file.Write(std::exchange(waiting, {}));
    PrintResult(std::exchange(waiting, {}));  // may end a line between two words of JSON
    return {};
  };
  JsonTables tables([&](std::string_view text) -> Status {
    waiting += text;
    return waiting.size() < kPiece ? Status() : flush();
  });
  Status written = WriteTables(flags.results, &tables);
  if (written) written = flush();
  return fs::is_regular_file(flags.output, error) ? KeepIfWhole(written, flags.output) : written;
}

Status Export(const ExportFlags& flags) {
  if (flags.to == "csv") return ExportCsv(flags);
  if (flags.to == "sqlite") return ExportSqlite(flags);
  if (flags.to == "json") return ExportJson(flags);
  if (flags.to == "parquet")
    return BadConfig(
        "--to parquet needs the library of Apache Arrow, which Debian 12 has no package of; take "
        "csv or sqlite, and let pandas write it: "
        "pandas.read_csv('tables/seconds.csv').to_parquet('seconds.parquet')");
  constexpr std::string_view kKinds[] = {"csv", "json", "sqlite"};
  return BadConfig("--to {}: there is no such kind of tables{}", Quote(flags.to),
                   Suggest(flags.to, kKinds));
}

}  // namespace

Action AddExport(CLI::App* app) {
  const auto flags = std::make_shared<ExportFlags>();
  app->add_option("result", flags->results, "Result folders, or their run.json")->required();
  app->add_option("--to", flags->to,
                  "csv: a folder with a file per table; json: one object; sqlite: a database")
      ->type_name("csv|json|sqlite")
      ->required();
  app->add_option("-o,--output", flags->output,
                  "The folder or the file, which is not there yet; json goes to stdout without")
      ->type_name("PATH");
  return [flags] {
    const Status done = Export(*flags);
    return done ? ExitCode::kPass : Report(done.error());
  };
}

}  // namespace mbench
