// SPDX-License-Identifier: Apache-2.0
#include "reports/model/result_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>

#include "harness/result/provenance.h"
#include "harness/result/result_reader.h"
#include "harness/result/summary.h"

namespace mbench {
namespace {

std::string NameOfFolder(std::string_view path) {
  while (path.ends_with('/')) path.remove_suffix(1);
  return std::string(path.substr(path.find_last_of('/') + 1));
}

// ---- rows ----

class Row {
 public:
  Row& Text(std::string_view text) { return Put(std::string(text)); }
  Row& TextOrNone(std::string_view text) { return text.empty() ? None() : Text(text); }
  Row& Whole(std::uint64_t number) { return Put(static_cast<std::int64_t>(number)); }
  Row& Real(double number) { return Put(number); }
  Row& Seconds(Ticks ticks) { return Put(ToSeconds(ticks)); }
  Row& None(std::size_t columns = 1) {
    cells_.resize(cells_.size() + columns);
    return *this;
  }
  Row& Percentile(const Histogram& histogram, double percent) {
    return histogram.Empty() ? None() : Put(histogram.ValueAtPercentile(percent));
  }
  Row& Moves(const Moved& moved) {
    if (!moved.known) return None(3);
    return Whole(moved.items).Whole(moved.bytes_sent).Whole(moved.bytes_received);
  }
  Row& Outcomes(const OpStats& op) {
    for (std::size_t i = 0; i < kOutcomes; ++i) Whole(op.Count(static_cast<Outcome>(i)));
    return *this;
  }
  const TableRow& cells() const { return cells_; }

 private:
  Row& Put(TableCell cell) {
    cells_.push_back(std::move(cell));
    return *this;
  }
  TableRow cells_;
};

class TableHead {
 public:
  TableHead& Text(std::string_view names) { return Add(names, CellType::kText); }
  TableHead& Whole(std::string_view names) { return Add(names, CellType::kWhole); }
  TableHead& Real(std::string_view names, int digits = 6) {
    return Add(names, CellType::kReal, digits);
  }
  TableHead& Outcomes() {
    for (std::size_t i = 0; i < kOutcomes; ++i)
      Whole(fmt::format("{}_ops", Name(static_cast<Outcome>(i))));
    return *this;
  }
  TableHead& Percentiles(std::string_view of) {
    for (const ShownPercentile& percentile : kPercentiles)
      Whole(fmt::format("{}_{}", of, percentile.key));
    return *this;
  }
  std::vector<TableColumn> Take() { return std::move(columns_); }

 private:
  // "begin_s end_s"
  TableHead& Add(std::string_view names, CellType type, int digits = 6) {
    while (!names.empty()) {
      const std::size_t end = std::min(names.find(' '), names.size());
      columns_.push_back({std::string(names.substr(0, end)), type, digits});
      names.remove_prefix(std::min(end + 1, names.size()));
    }
    return *this;
  }
  std::vector<TableColumn> columns_;
};

// ---- seconds ----

Row SecondRow(const RunResult& run, const Interval& interval, std::string_view name,
              const OpStats& op, bool all) {
  const double length_s = std::max(ToSeconds(interval.end - interval.begin), 1e-9);
  const auto started = ParseUtc(run.provenance.started_at);
  Row row;
  row.Text(NameOfFolder(run.folder));
  started ? row.Text(FormatUtc(*started + interval.begin)) : row.None();
  row.Seconds(interval.begin).Seconds(interval.end);
  row.Text(interval.begin < run.planned_length ? "measure" : "drain").Text(name);
  all&& run.open_model ? row.Real(interval.planned_level) : row.None();
  all && !run.open_model ? row.Real(interval.planned_level) : row.None();
  all ? row.Whole(interval.offered) : row.None();
  row.Real(static_cast<double>(op.Count(Outcome::kOk) + op.Count(Outcome::kNotFound)) / length_s);
  row.Outcomes(op);
  all ? row.Whole(interval.in_flight) : row.None();
  const Histogram response = op.Answered();
  for (const ShownPercentile& percentile : kPercentiles)
    row.Percentile(response, percentile.percent);
  row.Percentile(response, 100).Percentile(op.service, 50).Percentile(op.service, 99);
  if (all) {
    row.Percentile(interval.lag, 99).Percentile(interval.delay, 99);
    row.Real(interval.host.client_cpu_s / length_s).Real(interval.host.busy);
    row.Real(interval.host.steal).Whole(interval.host.rss_bytes);
  } else {
    row.None(6);
  }
  row.Moves(op.moved);
  return row;
}

// ---- the other tables ----

ResultTable RunsTable() {
  return {"runs", TableHead()
                      .Text("run name started_at status")
                      .Whole("valid")
                      .Text("driver system model")
                      .Whole("seed")
                      .Real("planned_length_s measured_length_s warmup_length_s", 9)
                      .Whole("offered_ops")
                      .Real("rate_per_s")
                      .Text("host cpu")
                      .Whole("cores memory_bytes")
                      .Text("os kernel commit mbench")
                      .Take()};
}

Row RunRow(const RunResult& run) {
  const Provenance& from = run.provenance;
  Row row;
  row.Text(NameOfFolder(run.folder)).Text(run.name).TextOrNone(from.started_at);
  row.Text(Name(run.end)).Whole(run.Valid() ? 1 : 0);
  row.Text(from.driver).Text(from.system).Text(run.open_model ? "open" : "closed").Whole(from.seed);
  row.Seconds(run.planned_length).Seconds(run.measured_length).Seconds(run.warmup_length);
  row.Whole(run.account.offered).Real(run.Rate());
  row.Text(from.host).Text(from.cpu).Whole(from.cores).Whole(from.memory_bytes);
  row.Text(from.os).Text(from.kernel).TextOrNone(from.commit).Text(from.mbench_version);
  return row;
}

ResultTable SummaryTable() {
  return {"summary", TableHead()
                         .Text("run op part")
                         .Whole("ops")
                         .Real("rate_per_s")
                         .Outcomes()
                         .Percentiles("response")
                         .Whole("response_max_ns")
                         .Real("response_mean_ns", 9)
                         .Percentiles("service")
                         .Whole("items bytes_sent bytes_received")
                         .Take()};
}

Row SummaryRow(const RunResult& run, std::string_view op, std::string_view part, double rate,
               const OpStats& stats) {
  Row row;
  row.Text(NameOfFolder(run.folder)).Text(op).TextOrNone(part).Whole(stats.Ended()).Real(rate);
  row.Outcomes(stats);
  const Histogram response = stats.Answered();
  for (const ShownPercentile& percentile : kPercentiles)
    row.Percentile(response, percentile.percent);
  row.Percentile(response, 100);
  response.Empty() ? row.None() : row.Real(Summarize(response).mean_ns);
  for (const ShownPercentile& percentile : kPercentiles)
    row.Percentile(stats.service, percentile.percent);
  row.Moves(stats.moved);
  return row;
}

std::vector<Row> SummaryRows(const RunResult& run) {
  std::vector<Row> rows;
  OpStats all;
  for (std::size_t i = 0; i < run.total.ops.size(); ++i) {
    rows.push_back(SummaryRow(run, run.op_names[i], "", run.Rate(i), run.total.ops[i]));
    all.Add(run.total.ops[i]);
  }
  for (const auto& [name, stats] : run.total.parts)
    rows.push_back(SummaryRow(run, OpOfPart(name), LabelOfPart(name), run.PartRate(name), stats));
  rows.push_back(SummaryRow(run, "all", "", run.Rate(), all));
  return rows;
}

ResultTable ErrorsTable() {
  return {"errors", TableHead().Text("run op class").Whole("ops").Take()};
}

std::vector<Row> ErrorRows(const RunResult& run) {
  std::vector<Row> rows;
  for (std::size_t i = 0; i < run.total.ops.size(); ++i)
    for (const auto& [name, count] : run.total.ops[i].errors)
      rows.push_back(
          Row().Text(NameOfFolder(run.folder)).Text(run.op_names[i]).Text(name).Whole(count));
  return rows;
}

ResultTable ObjectivesTable() {
  return {"objectives",
          TableHead().Text("run objective").Whole("judged held").Real("measured", 9).Take()};
}

std::vector<Row> ObjectiveRows(const RunResult& run) {
  std::vector<Row> rows;
  for (const SloResult& slo : run.slo) {
    Row row;
    row.Text(NameOfFolder(run.folder)).Text(slo.slo.text).Whole(slo.judged ? 1 : 0);
    slo.judged ? row.Whole(slo.held ? 1 : 0).Real(slo.measured) : row.None(2);
    rows.push_back(std::move(row));
  }
  return rows;
}

ResultTable EventsTable() {
  return {"events", TableHead().Text("run").Real("at_s", 9).Text("event end").Take()};
}

std::vector<Row> EventRows(const RunResult& run) {
  std::vector<Row> rows;
  for (const EventRecord& event : run.events)
    rows.push_back(Row()
                       .Text(NameOfFolder(run.folder))
                       .Seconds(event.at)
                       .Text(event.name)
                       .Text(Name(event.end)));
  return rows;
}

ResultTable FiguresTable() {
  return {"figures", TableHead()
                         .Text("run")
                         .Real("begin_s end_s", 9)
                         .Text("source figure")
                         .Real("value", 9)
                         .Take()};
}

// ---- writing ----

// One table of rows that each run has as a whole.
template <class RowsOf>
Status WriteEach(const ResultTable& table, const std::vector<RunResult>& runs, TableSink* sink,
                 RowsOf rows_of) {
  Status written = sink->Begin(table);
  for (const RunResult& run : runs)
    for (const Row& row : rows_of(run))
      if (written) written = sink->Add(row.cells());
  return written;
}

Status WriteSeconds(const std::vector<RunResult>& runs, TableSink* sink) {
  Status written = sink->Begin(SecondsTable());
  for (const RunResult& run : runs) {
    if (!written) return written;
    written = ForEachStoredSecond(run, [&](const Interval& interval) {
      Status added;
      VisitSecondRows(run, interval, [&](const TableRow& row) {
        if (added) added = sink->Add(row);
      });
      return added;
    });
  }
  return written;
}

Status WriteFigures(const std::vector<RunResult>& runs, TableSink* sink) {
  Status written = sink->Begin(FiguresTable());
  for (const RunResult& run : runs) {
    if (!written) return written;
    const Status read = ForEachSecond(run.folder, [&](const SeriesPoint& point) {
      if (point.end <= 0) return;
      const auto add = [&](const char* source, const std::map<std::string, double>& figures) {
        for (const auto& [name, value] : figures) {
          if (!written) return;
          Row row;
          row.Text(NameOfFolder(run.folder)).Seconds(point.begin).Seconds(point.end);
          written = sink->Add(row.Text(source).Text(name).Real(value).cells());
        }
      };
      add("system", point.system);
      add("host", point.host.figures);
    });
    if (!read) return read;
  }
  return written;
}

}  // namespace

const ResultTable& SecondsTable() {
  static const ResultTable kTable = {
      "seconds", TableHead()
                     .Text("run time_utc")
                     .Real("begin_s end_s", 9)
                     .Text("phase op")
                     .Real("planned_per_s planned_clients")
                     .Whole("offered_ops")
                     .Real("achieved_per_s")
                     .Outcomes()
                     .Whole("in_flight_ops")
                     .Percentiles("response")
                     .Whole("response_max_ns service_p50_ns service_p99_ns lag_p99_ns delay_p99_ns")
                     .Real("client_cpu_cores busy_fraction steal_fraction")
                     .Whole("rss_bytes items bytes_sent bytes_received")
                     .Take()};
  return kTable;
}

void VisitSecondRows(const RunResult& run, const Interval& interval, const RowVisitor& visit) {
  if (interval.end <= 0) return;
  OpStats all;
  for (std::size_t i = 0; i < interval.ops.size(); ++i) {
    visit(SecondRow(run, interval, run.op_names[i], interval.ops[i], false).cells());
    all.Add(interval.ops[i]);
  }
  visit(SecondRow(run, interval, "all", all, true).cells());
}

// What the log does not hold of a second is in the series; both are cut at the same times.
Status ForEachStoredSecond(const RunResult& run,
                           const std::function<Status(const Interval&)>& visit) {
  std::map<Ticks, SeriesPoint> by_end;
  const Status read = ForEachSecond(
      run.folder, [&](const SeriesPoint& point) { by_end.insert_or_assign(point.end, point); });
  if (!read) return read;
  Status visited;
  const Status logs = ForEachInterval(run.folder, run.op_names, [&](const Interval& logged) {
    const auto point = by_end.find(logged.end);
    if (point == by_end.end()) return true;  // the last second of a run that was killed
    Interval interval = logged;
    AddSeriesPoint(point->second, &interval);
    visited = visit(interval);
    return visited.has_value();
  });
  return visited ? logs : visited;
}

Status WriteTables(std::span<const std::string> results, TableSink* sink) {
  std::vector<RunResult> runs;
  for (const std::string& path : results) {
    Result<RunResult> run = ReadResult(path);
    if (!run) return Failed(run);
    runs.push_back(*std::move(run));
  }
  const auto one = [](const RunResult& run) { return std::vector<Row>{RunRow(run)}; };
  if (Status done = WriteEach(RunsTable(), runs, sink, one); !done) return done;
  if (Status done = WriteEach(SummaryTable(), runs, sink, SummaryRows); !done) return done;
  if (Status done = WriteSeconds(runs, sink); !done) return done;
  if (Status done = WriteFigures(runs, sink); !done) return done;
  if (Status done = WriteEach(ErrorsTable(), runs, sink, ErrorRows); !done) return done;
  if (Status done = WriteEach(ObjectivesTable(), runs, sink, ObjectiveRows); !done) return done;
  if (Status done = WriteEach(EventsTable(), runs, sink, EventRows); !done) return done;
  return sink->End();
}

}  // namespace mbench
