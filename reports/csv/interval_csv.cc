// SPDX-License-Identifier: Apache-2.0
#include "reports/csv/interval_csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "harness/base/text.h"
#include "harness/result/provenance.h"
#include "harness/result/summary.h"

namespace mbench {
namespace {

// Names may hold anything.
std::string Field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + '"';
}

std::string_view NameOfFolder(std::string_view path) {
  return path.substr(path.find_last_of('/') + 1);
}

// What belongs to the run as a whole stands in the rows of "all" only; a column is empty where it
// does not apply.
struct Row {
  std::vector<std::string> fields;

  void Text(std::string_view text) { fields.push_back(Field(text)); }
  void Seconds(Ticks ticks) { fields.push_back(fmt::format("{:.9g}", ToSeconds(ticks))); }
  void Count(std::uint64_t count) { fields.push_back(std::to_string(count)); }
  void Number(double number) { fields.push_back(fmt::format("{:.6g}", number)); }
  void Empty(std::size_t columns = 1) { fields.resize(fields.size() + columns); }

  void Percentile(const Histogram& histogram, double percent) {
    if (histogram.Empty()) return Empty();
    fields.push_back(std::to_string(histogram.ValueAtPercentile(percent)));
  }
};

void AddOps(const OpStats& op, double length_s, Row* row) {
  row->Number(static_cast<double>(op.Count(Outcome::kOk) + op.Count(Outcome::kNotFound)) /
              length_s);
  for (std::size_t i = 0; i < kOutcomes; ++i) row->Count(op.Count(static_cast<Outcome>(i)));
}

void AddLatencies(const OpStats& op, Row* row) {
  const Histogram response = op.Answered();
  for (const ShownPercentile& percentile : kPercentiles)
    row->Percentile(response, percentile.percent);
  row->Percentile(response, 100);
  row->Percentile(op.service, 50);
  row->Percentile(op.service, 99);
}

std::string RowOf(const RunResult& run, const Interval& interval, std::string_view name,
                  const OpStats& op, bool all) {
  const double length_s = std::max(ToSeconds(interval.end - interval.begin), 1e-9);
  const auto started = ParseUtc(run.provenance.started_at);
  Row row;
  row.Text(NameOfFolder(run.folder));
  row.Text(started ? FormatUtc(*started + interval.begin) : "");
  row.Seconds(interval.begin);
  row.Seconds(interval.end);
  row.Text(interval.begin < run.planned_length ? "measure" : "drain");
  row.Text(name);
  all&& run.open_model ? row.Number(interval.planned_level) : row.Empty();
  all && !run.open_model ? row.Number(interval.planned_level) : row.Empty();
  all ? row.Count(interval.offered) : row.Empty();
  AddOps(op, length_s, &row);
  all ? row.Count(interval.in_flight) : row.Empty();
  AddLatencies(op, &row);
  if (all) {
    row.Percentile(interval.lag, 99);
    row.Percentile(interval.delay, 99);
    row.Number(interval.host.client_cpu_s / length_s);
    row.Number(interval.host.busy);
    row.Number(interval.host.steal);
    row.Count(interval.host.rss_bytes);
  } else {
    row.Empty(6);
  }
  if (op.moved.known) {
    row.Count(op.moved.items);
    row.Count(op.moved.bytes_sent);
    row.Count(op.moved.bytes_received);
  } else {
    row.Empty(3);
  }
  return Join(row.fields, ",") + "\n";
}

}  // namespace

std::string IntervalCsvHeader() {
  std::string header =
      "run,time_utc,begin_s,end_s,phase,op,planned_per_s,planned_clients,offered_ops,"
      "achieved_per_s";
  for (std::size_t i = 0; i < kOutcomes; ++i)
    header += fmt::format(",{}_ops", Name(static_cast<Outcome>(i)));
  header += ",in_flight_ops";
  for (const ShownPercentile& percentile : kPercentiles)
    header += fmt::format(",response_{}", percentile.key);
  return header +
         ",response_max_ns,service_p50_ns,service_p99_ns,lag_p99_ns,delay_p99_ns,"
         "client_cpu_cores,busy_fraction,steal_fraction,rss_bytes,items,bytes_sent,bytes_received\n";
}

std::string IntervalCsvRows(const RunResult& run, const Interval& interval) {
  if (interval.end <= 0) return {};
  std::string rows;
  OpStats all;
  for (std::size_t i = 0; i < interval.ops.size(); ++i) {
    rows += RowOf(run, interval, run.op_names[i], interval.ops[i], false);
    all.Add(interval.ops[i]);
  }
  return rows + RowOf(run, interval, "all", all, true);
}

}  // namespace mbench
