// SPDX-License-Identifier: Apache-2.0
#include "harness/ranks/interval_wire.h"

#include <algorithm>
#include <utility>

namespace mbench {
namespace {

// Cells are written by the distance from the one before; the last one is 0 cells away.
void WriteHistogram(const Histogram& histogram, WireWriter* to) {
  std::size_t next = 0;
  histogram.ForEachCell([&](std::size_t index, std::uint64_t count) {
    to->Count(index - next + 1);
    to->Count(count);
    next = index + 1;
  });
  to->Count(0);
}

void ReadHistogram(WireReader* from, Histogram* histogram) {
  std::size_t next = 0;
  for (std::uint64_t step = from->Count(); step != 0 && from->Ok(); step = from->Count()) {
    const std::size_t index = next + step - 1;
    if (index >= Histogram::kCells) return;
    histogram->RecordAt(index, from->Count());
    next = index + 1;
  }
}

void WriteMarks(const OpMarks& marks, WireWriter* to) {
  for (const Ticks mark : {marks.first_answer, marks.last_answer, marks.first_error,
                           marks.last_error, marks.error_since})
    to->Signed(mark);
}

void ReadMarks(WireReader* from, OpMarks* marks) {
  for (Ticks* mark : {&marks->first_answer, &marks->last_answer, &marks->first_error,
                      &marks->last_error, &marks->error_since})
    *mark = from->Signed();
}

void WriteStats(const OpStats& op, WireWriter* to) {
  for (const Histogram& response : op.response) WriteHistogram(response, to);
  WriteHistogram(op.service, to);
  to->Count(op.errors.size());
  for (const auto& [error, count] : op.errors) {
    to->Text(error);
    to->Count(count);
  }
  to->Count(op.moved.bytes_sent);
  to->Count(op.moved.bytes_received);
  to->Count(op.moved.items);
  to->Flag(op.moved.known);
  WriteMarks(op.marks, to);
}

void ReadStats(WireReader* from, OpStats* op) {
  for (Histogram& response : op->response) ReadHistogram(from, &response);
  ReadHistogram(from, &op->service);
  for (std::uint64_t left = from->Count(); left > 0 && from->Ok(); --left) {
    const std::string error = from->Text();
    op->errors[error] = from->Count();
  }
  op->moved.bytes_sent = from->Count();
  op->moved.bytes_received = from->Count();
  op->moved.items = from->Count();
  op->moved.known = from->Flag();
  ReadMarks(from, &op->marks);
}

void WriteFigures(const std::map<std::string, double>& figures, WireWriter* to) {
  to->Count(figures.size());
  for (const auto& [name, value] : figures) {
    to->Text(name);
    to->Real(value);
  }
}

void ReadFigures(WireReader* from, std::map<std::string, double>* figures) {
  for (std::uint64_t left = from->Count(); left > 0 && from->Ok(); --left) {
    const std::string name = from->Text();
    (*figures)[name] = from->Real();
  }
}

void WriteHost(const HostSample& host, WireWriter* to) {
  to->Real(host.client_cpu_s);
  to->Real(host.busy);
  to->Real(host.steal);
  to->Count(host.rss_bytes);
  WriteFigures(host.figures, to);
}

void ReadHost(WireReader* from, HostSample* host) {
  host->client_cpu_s = from->Real();
  host->busy = from->Real();
  host->steal = from->Real();
  host->rss_bytes = from->Count();
  ReadFigures(from, &host->figures);
}

}  // namespace

void WriteInterval(const Interval& interval, WireWriter* to) {
  to->Signed(interval.begin);
  to->Signed(interval.end);
  to->Count(interval.ops.size());
  for (const OpStats& op : interval.ops) WriteStats(op, to);
  to->Count(interval.parts.size());
  for (const auto& [name, part] : interval.parts) {
    to->Text(name);
    WriteStats(part, to);
  }
  WriteHistogram(interval.lag, to);
  WriteHistogram(interval.delay, to);
  to->Count(interval.offered);
  to->Real(interval.planned_level);
  to->Count(interval.in_flight);
  to->Count(interval.warmup_ops);
  WriteHost(interval.host, to);
  WriteFigures(interval.system, to);
}

Interval ReadInterval(WireReader* from) {
  Interval interval;
  interval.begin = from->Signed();
  interval.end = from->Signed();
  for (std::uint64_t left = from->Count(); left > 0 && from->Ok(); --left)
    ReadStats(from, &interval.ops.emplace_back());
  for (std::uint64_t left = from->Count(); left > 0 && from->Ok(); --left) {
    const std::string name = from->Text();
    ReadStats(from, &interval.parts[name]);
  }
  ReadHistogram(from, &interval.lag);
  ReadHistogram(from, &interval.delay);
  interval.offered = from->Count();
  interval.planned_level = from->Real();
  interval.in_flight = from->Count();
  interval.warmup_ops = from->Count();
  ReadHost(from, &interval.host);
  ReadFigures(from, &interval.system);
  return interval;
}

void AddBeside(const Interval& other, Interval* whole) {
  whole->AddCounts(other);
  whole->in_flight += other.in_flight;
  whole->host.client_cpu_s += other.host.client_cpu_s;
  whole->host.busy = std::max(whole->host.busy, other.host.busy);
  whole->host.steal = std::max(whole->host.steal, other.host.steal);
  whole->host.rss_bytes += other.host.rss_bytes;
  whole->end = std::max(whole->end, other.end);
}

}  // namespace mbench
