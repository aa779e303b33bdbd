// SPDX-License-Identifier: Apache-2.0
#include "harness/result/series.h"

#include <cmath>

namespace mbench {
namespace {

// Outcomes that did not happen are left out: most lines would be zeros otherwise.
OrderedJson OpJson(const SeriesPoint::PerOp& op) {
  OrderedJson json = OrderedJson::object();
  for (std::size_t i = 0; i < kOutcomes; ++i)
    if (op.ended[i] != 0) json[std::string(Name(static_cast<Outcome>(i)))] = op.ended[i];
  if (!op.errors.empty()) json["errors"] = op.errors;
  AddMoved(op.moved, &json);
  return json;
}

SeriesPoint::PerOp ReadOp(JsonFields fields) {
  SeriesPoint::PerOp op;
  for (std::size_t i = 0; i < kOutcomes; ++i)
    op.ended[i] = fields.CountOr0(Name(static_cast<Outcome>(i)));
  op.moved = ReadMoved(fields);
  if (!fields.Has("errors")) return op;
  JsonFields errors = fields.Object("errors");
  errors.ForEach(
      [&](const std::string& name, const Json&) { op.errors[name] = errors.Count(name); });
  return op;
}

OrderedJson PartsJson(const SeriesPoint& point) {
  OrderedJson json = OrderedJson::object();
  for (const auto& [name, moved] : point.parts) AddMoved(moved, &json[name]);
  return json;
}

}  // namespace

void AddMoved(const Moved& moved, OrderedJson* json) {
  if (!moved.known) return;
  (*json)["items"] = moved.items;
  (*json)["bytes_sent"] = moved.bytes_sent;
  (*json)["bytes_received"] = moved.bytes_received;
}

Moved ReadMoved(JsonFields& fields) {
  if (!fields.Has("items")) return {.known = false};
  return {.bytes_sent = fields.Count("bytes_sent"),
          .bytes_received = fields.Count("bytes_received"),
          .items = fields.Count("items")};
}

void AddHost(const HostSample& host, OrderedJson* json) {
  const auto finite = [](double value) { return std::isfinite(value) ? value : 0; };
  (*json)["client_cpu_s"] = finite(host.client_cpu_s);
  (*json)["busy_fraction"] = finite(host.busy);
  (*json)["steal_fraction"] = finite(host.steal);
  (*json)["rss_bytes"] = host.rss_bytes;
  AddFigures("host", host.figures, json);
}

HostSample ReadHost(JsonFields& fields) {
  const bool old = fields.Has("busy");  // schema 1
  HostSample host;
  host.client_cpu_s = fields.Number("client_cpu_s");
  host.busy = fields.NumberIn(old ? "busy" : "busy_fraction", 0, 1.01);
  host.steal = fields.NumberIn(old ? "steal" : "steal_fraction", 0, 1.01);
  host.rss_bytes = fields.Count("rss_bytes");
  host.figures = ReadFigures("host", fields);
  return host;
}

SeriesPoint MakeSeriesPoint(const Interval& interval) {
  SeriesPoint point;
  point.begin = interval.begin;
  point.end = interval.end;
  point.offered = interval.offered;
  Histogram answered;
  for (const OpStats& op : interval.ops) {
    SeriesPoint::PerOp& per_op = point.ops.emplace_back();
    for (std::size_t i = 0; i < kOutcomes; ++i) per_op.ended[i] = op.response[i].TotalCount();
    per_op.errors = op.errors;
    per_op.moved = op.moved;
    op.AddAnsweredTo(&answered);
  }
  for (const auto& [name, part] : interval.parts)
    if (part.moved.known) point.parts[name] = part.moved;
  point.p50 = answered.ValueAtPercentile(50);
  point.p99 = answered.ValueAtPercentile(99);
  point.max = answered.Empty() ? 0 : answered.Max();
  point.lag_p99 = interval.lag.ValueAtPercentile(99);
  point.delay_p99 = interval.delay.ValueAtPercentile(99);
  point.planned_level = interval.planned_level;
  point.in_flight = interval.in_flight;
  point.warmup_ops = interval.warmup_ops;
  point.host = interval.host;
  point.system = interval.system;
  return point;
}

void AddSeriesPoint(const SeriesPoint& point, Interval* logged) {
  for (std::size_t op = 0; op < point.ops.size(); ++op) {
    logged->ops[op].errors = point.ops[op].errors;
    logged->ops[op].moved = point.ops[op].moved;
  }
  for (auto& [name, part] : logged->parts) {
    const auto moved = point.parts.find(name);
    part.moved = moved == point.parts.end() ? Moved{.known = false} : moved->second;
  }
  logged->offered = point.offered;
  logged->planned_level = point.planned_level;
  logged->in_flight = point.in_flight;
  logged->warmup_ops = point.warmup_ops;
  logged->host = point.host;
}

std::string SeriesLine(const SeriesPoint& point) {
  OrderedJson json;
  json["begin_s"] = JsonSeconds(point.begin);
  json["end_s"] = JsonSeconds(point.end);
  json["offered"] = point.offered;
  json["ops"] = OrderedJson::array();
  for (const SeriesPoint::PerOp& op : point.ops) json["ops"].push_back(OpJson(op));
  if (!point.parts.empty()) json["parts"] = PartsJson(point);
  json["p50_ns"] = point.p50;
  json["p99_ns"] = point.p99;
  json["max_ns"] = point.max;
  json["lag_p99_ns"] = point.lag_p99;
  json["delay_p99_ns"] = point.delay_p99;
  json["planned_level"] = point.planned_level;
  json["in_flight"] = point.in_flight;
  json["warmup_ops"] = point.warmup_ops;
  AddHost(point.host, &json);
  AddFigures("system", point.system, &json);
  return DumpJson(json);
}

Result<SeriesPoint> ReadSeriesPoint(const Json& line, std::size_t ops, const std::string& place) {
  std::string error;
  JsonFields fields(line, "", &error);
  SeriesPoint point;
  point.begin = fields.Seconds("begin_s");
  point.end = fields.Seconds("end_s");
  if (point.end < point.begin) fields.Wrong("end_s", "is before begin_s");
  point.offered = fields.Count("offered");
  const std::size_t listed = fields.List("ops").size();
  if (listed != ops)
    fields.Wrong("ops", fmt::format("has {} items; the run has {} ops", listed, ops));
  for (std::size_t i = 0; i < listed && fields.Ok(); ++i)
    point.ops.push_back(ReadOp(fields.Item("ops", i)));
  if (fields.Has("parts")) {
    JsonFields parts = fields.Object("parts");
    parts.ForEach([&](const std::string& name, const Json&) {
      JsonFields part = parts.Object(name);
      point.parts[name] = ReadMoved(part);
    });
  }
  point.p50 = fields.Nanoseconds("p50_ns");
  point.p99 = fields.Nanoseconds("p99_ns");
  point.max = fields.Nanoseconds("max_ns");
  point.lag_p99 = fields.Nanoseconds("lag_p99_ns");
  point.delay_p99 = fields.Nanoseconds("delay_p99_ns");
  point.planned_level = fields.Number("planned_level");
  point.in_flight = fields.Count("in_flight");
  point.warmup_ops = fields.Count("warmup_ops");
  point.host = ReadHost(fields);
  point.system = ReadFigures("system", fields);
  if (!error.empty()) return Invalid("{}: {}", place, error);
  return point;
}

}  // namespace mbench
