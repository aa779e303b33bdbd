// SPDX-License-Identifier: Apache-2.0
//
// HAProxy, observed by the CSV of its statistics page: frontends, and every server of every
// backend.
#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include "drivers/common/page_driver.h"
#include "harness/base/text.h"
#include "harness/base/units.h"

namespace mbench {
namespace {

constexpr auto kHaproxyOptions = WithTlsOptions(std::to_array<OptionSpec>({
    {.name = "stats",
     .type = OptionType::kUrl,
     .fallback = "http://127.0.0.1:8404/stats",
     .help = "its statistics page (stats uri), with user:${PASSWORD}@ where it asks for one",
     .choices = "http|https"},
}));

// A column of the CSV: as it is, or what it grows by in a second.
struct CsvFigure {
  std::string_view column;
  std::string_view name;
  bool counts = false;
  double scale = 1;
};

constexpr auto kOfFrontends = std::to_array<CsvFigure>({
    {"scur", "sessions"},
    {"stot", "sessions_per_s", true},
    {"req_tot", "requests_per_s", true},
    {"bin", "in_bytes_per_s", true},
    {"bout", "out_bytes_per_s", true},
    {"ereq", "request_errors_per_s", true},
    {"dreq", "denied_per_s", true},
    {"hrsp_5xx", "5xx_per_s", true},
});
constexpr auto kOfServers = std::to_array<CsvFigure>({
    {"qcur", "queue"},
    {"scur", "sessions"},
    {"stot", "sessions_per_s", true},
    {"econ", "connection_errors_per_s", true},
    {"eresp", "response_errors_per_s", true},
    {"wretr", "retries_per_s", true},
    {"wredis", "redispatches_per_s", true},
    {"hrsp_5xx", "5xx_per_s", true},
    {"qtime", "queue_time_s", false, 1e-3},
    {"ctime", "connect_time_s", false, 1e-3},
    {"rtime", "response_time_s", false, 1e-3},
});

using CsvRow = std::map<std::string_view, std::string_view>;

// Texts that a server said stand in quotes, and may have commas.
std::vector<std::string_view> CellsOf(std::string_view line) {
  std::vector<std::string_view> cells;
  bool quoted = false;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') quoted = !quoted;
    if (line[i] != ',' || quoted) continue;
    cells.push_back(line.substr(begin, i - begin));
    begin = i + 1;
  }
  cells.push_back(line.substr(begin));
  return cells;
}

std::vector<CsvRow> RowsOf(std::string_view page) {
  std::vector<CsvRow> rows;
  std::vector<std::string_view> head;
  for (std::string_view line : Split(page, '\n')) {
    if (line.starts_with("# ")) {
      head = Split(line.substr(2), ',');
      continue;
    }
    const std::vector<std::string_view> cells = CellsOf(line);
    CsvRow row;
    for (std::size_t i = 0; i < std::min(head.size(), cells.size()); ++i)
      row.emplace(Trim(head[i]), Trim(cells[i]));
    if (row.contains("svname")) rows.push_back(std::move(row));
  }
  return rows;
}

std::string CellOf(const CsvRow& row, std::string_view column) {
  const auto cell = row.find(column);
  return cell == row.end() ? "" : std::string(cell->second);
}

// What it calls up, and a server that it does not check.
bool IsUp(std::string_view status) {
  return status.starts_with("UP") || status == "OPEN" || status == "no check";
}

template <class Figures>
void AddFigures(const CsvRow& row, const Figures& figures, const std::string& prefix,
                PageFigures* to) {
  for (const CsvFigure& figure : figures) {
    const auto cell = row.find(figure.column);
    if (cell == row.end() || cell->second.empty()) continue;
    if (const Result<double> value = ParseNumber(cell->second); value)
      (figure.counts ? to->counted : to->now)[fmt::format("{} {}", prefix, figure.name)] =
          *value * figure.scale;
  }
}

// The page itself is asked for as a page for people, or as CSV.
std::string CsvUrl(const std::string& url) {
  if (url.find(";csv") != std::string::npos || url.find('?') != std::string::npos) return url;
  return url + ";csv";
}

class HaproxyDriver final : public PageDriver {
 public:
  explicit HaproxyDriver(const OptionValues& options)
      : PageDriver("haproxy", options, CsvUrl(options.Text("stats"))) {}

 private:
  Result<PageFigures> ReadPage(std::string_view page) override {
    PageFigures figures;
    const std::vector<CsvRow> rows = RowsOf(page);
    if (!page.starts_with("# pxname") || rows.empty())
      return BadConfig("the page is not HAProxy's statistics as CSV");
    for (const CsvRow& row : rows) {
      const std::string proxy = CellOf(row, "pxname"), server = CellOf(row, "svname");
      if (server == "FRONTEND") {
        AddFigures(row, kOfFrontends, proxy, &figures);
      } else if (server != "BACKEND") {
        const std::string prefix = fmt::format("{}/{}", proxy, server);
        figures.now[prefix + " up"] = IsUp(CellOf(row, "status")) ? 1 : 0;
        AddFigures(row, kOfServers, prefix, &figures);
      }
    }
    return figures;
  }

  std::string SystemIn(std::string_view, const std::string&) override { return "HAProxy"; }
};

}  // namespace

extern const DriverInfo kHaproxyDriver;
constinit const DriverInfo kHaproxyDriver = {
    .name = "haproxy",
    .about = "HAProxy, observed by its statistics page",
    .options = kHaproxyOptions,
    .make = [](const OptionValues& options) -> std::unique_ptr<Driver> {
      return std::make_unique<HaproxyDriver>(options);
    },
    .language = {.verbs = false, .observes = true, .verifies_reads = false},
};

}  // namespace mbench
