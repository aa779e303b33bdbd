// SPDX-License-Identifier: Apache-2.0
#include "harness/result/capacity_result.h"

#include <algorithm>
#include <fstream>

#include "harness/result/json_text.h"
#include "harness/result/replacement.h"

namespace mbench {
namespace {

std::string PathOfSearch(const std::string& folder) { return folder + "/find.json"; }

OrderedJson ProbeJson(const StoredProbe& stored) {
  OrderedJson json;
  json["level"] = stored.probe.level;
  json["scout"] = stored.probe.scout;
  json["verdict"] = std::string(Name(stored.probe.end));
  if (!stored.why.empty()) json["why"] = stored.why;
  json["margin"] = stored.probe.margin;
  json["margin_error"] = stored.probe.margin_error;
  json["clarity"] = stored.probe.clarity;
  json["answered_per_s"] = stored.done_per_s;
  json["warmup_s"] = JsonSeconds(stored.warmup);
  json["window_s"] = JsonSeconds(stored.window);
  json["p99_ns"] = stored.p99;
  json["p99_9_ns"] = stored.p99_9;
  json["errors_fraction"] = stored.errors;
  json["client_cores"] = stored.client_cores;
  if (stored.server_cores) json["server_cores"] = *stored.server_cores;
  if (!stored.server.empty()) json["server"] = stored.server;
  json["run"] = stored.run;
  return json;
}

template <class Enum>
Enum ReadName(JsonFields& fields, std::string_view key) {
  const std::string text = fields.Text(key);
  const auto found = std::ranges::find(kNamesOf<Enum>, text);
  if (found != kNamesOf<Enum>.end()) return static_cast<Enum>(found - kNamesOf<Enum>.begin());
  fields.Wrong(key, "is none of the words that may stand there");
  return Enum{};
}

StoredProbe ReadProbe(JsonFields fields) {
  StoredProbe stored;
  stored.probe.level = fields.NumberIn("level", 1e-9, 1e12);
  stored.probe.scout = fields.Flag("scout");
  stored.probe.end = ReadName<ProbeEnd>(fields, "verdict");
  stored.probe.margin = fields.Number("margin");
  stored.probe.margin_error = fields.Number("margin_error");
  stored.probe.clarity = fields.Number("clarity");
  stored.done_per_s = stored.probe.answered_per_s = fields.Number("answered_per_s");
  stored.warmup = fields.Seconds("warmup_s");
  stored.window = fields.Seconds("window_s");
  stored.p99 = fields.Nanoseconds("p99_ns");
  stored.p99_9 = fields.Nanoseconds("p99_9_ns");
  stored.errors = fields.NumberIn("errors_fraction", 0, 1);
  stored.client_cores = fields.Number("client_cores");
  if (fields.Has("server_cores")) stored.server_cores = fields.Number("server_cores");
  if (fields.Has("server")) stored.server = fields.Text("server");
  if (fields.Has("why")) stored.why = fields.Text("why");
  stored.run = fields.Text("run");
  return stored;
}

OrderedJson SearchJson(const CapacityResult& result) {
  OrderedJson json;
  json["model"] = result.open_model ? "open" : "closed";
  json["start"] = result.options.start;
  json["lowest"] = result.options.lowest;
  if (result.options.highest > 0) json["highest"] = result.options.highest;
  json["width_fraction"] = result.options.width;
  json["most_probes"] = result.options.most_probes;
  json["warmup_s"] = JsonSeconds(result.warmup);
  json["window_s"] = JsonSeconds(result.window);
  json["rest_s"] = JsonSeconds(result.rest);
  return json;
}

void ReadSearch(JsonFields fields, CapacityResult* result) {
  result->open_model = fields.Text("model") == "open";
  result->options.start = fields.NumberIn("start", 1e-9, 1e12);
  result->options.lowest = fields.NumberIn("lowest", 1e-9, 1e12);
  if (fields.Has("highest")) result->options.highest = fields.NumberIn("highest", 1e-9, 1e12);
  result->options.width = fields.NumberIn("width_fraction", 1e-6, 1);
  result->options.most_probes = fields.Count("most_probes");
  result->options.whole = !result->open_model;
  result->warmup = fields.Seconds("warmup_s");
  result->window = fields.Seconds("window_s");
  result->rest = fields.Seconds("rest_s");
}

OrderedJson NeedJson(const CapacityResult& result) {
  OrderedJson json;
  const CapacityNeed& need = result.need;
  if (need.peak > 0) json["peak"] = need.peak;
  if (need.growth_per_month > 0) json["growth_per_month_fraction"] = need.growth_per_month;
  if (need.cost_per_hour > 0) json["cost_per_hour"] = need.cost_per_hour;
  if (result.capacity.low <= 0) return json;
  const Headroom headroom = HeadroomOf(result.capacity, need);
  const bool has_high = result.capacity.high > 0;
  if (need.peak > 0) {
    json["times_low"] = headroom.times_low;
    if (has_high) json["times_high"] = headroom.times_high;
    json["nodes"] = headroom.nodes;
  }
  if (need.peak > 0 && need.growth_per_month > 0) {
    json["months_low"] = headroom.months_low;
    if (has_high) json["months_high"] = headroom.months_high;
  }
  if (need.cost_per_hour > 0) json["cost_per_million"] = headroom.cost_per_million;
  if (need.cost_per_hour > 0 && need.peak > 0)
    json["cost_per_million_at_peak"] = headroom.cost_per_million_at_peak;
  return json;
}

void ReadNeed(JsonFields fields, CapacityNeed* need) {
  if (fields.Has("peak")) need->peak = fields.NumberIn("peak", 1e-9, 1e12);
  if (fields.Has("growth_per_month_fraction"))
    need->growth_per_month = fields.NumberIn("growth_per_month_fraction", 0, 10);
  if (fields.Has("cost_per_hour")) need->cost_per_hour = fields.NumberIn("cost_per_hour", 0, 1e9);
}

}  // namespace

std::string CapacityJson(const CapacityResult& result) {
  OrderedJson json;
  json["schema"] = kCapacitySchema;
  json["kind"] = "find";
  json["workload"] = result.workload;
  json["system"] = result.system;
  json["host"] = result.host;
  json["started_at"] = result.started_at;
  json["objectives"] = result.objectives;
  json["capacity"]["end"] = std::string(Name(result.capacity.end));
  if (result.capacity.low > 0) json["capacity"]["low"] = result.capacity.low;
  if (result.capacity.high > 0) json["capacity"]["high"] = result.capacity.high;
  if (!result.ended_by.empty()) json["capacity"]["ended_by"] = result.ended_by;
  if (result.need.peak > 0 || result.need.cost_per_hour > 0) json["headroom"] = NeedJson(result);
  json["search"] = SearchJson(result);
  json["probes"] = OrderedJson::array();
  for (const StoredProbe& probe : result.probes) json["probes"].push_back(ProbeJson(probe));
  json["folder"] = result.folder;
  json["plan"] = OrderedJson::parse(result.plan_json, nullptr, false);
  return DumpJson(json, 2);
}

Status WriteCapacity(const CapacityResult& result) {
  return ReplaceFile(PathOfSearch(result.folder), CapacityJson(result) + "\n");
}

Result<CapacityResult> ReadCapacity(const std::string& folder) {
  const std::string path = PathOfSearch(folder);
  std::ifstream file(path);
  if (!file) return BadConfig("no search in '{}': cannot read {}", folder, path);
  const Result<Json> json = ParseJson(file, path);
  if (!json) return Failed(json);
  std::string mistake;
  JsonFields fields(*json, path, &mistake);
  if (fields.Count("schema") != kCapacitySchema && fields.Ok())
    return Invalid("{}: schema {} is not known to this mbench; expected {}", path,
                   fields.Count("schema"), kCapacitySchema);
  CapacityResult result;
  result.folder = folder;
  result.workload = fields.Text("workload");
  result.system = fields.Text("system");
  result.host = fields.Text("host");
  result.started_at = fields.Text("started_at");
  for (const Json& text : fields.List("objectives"))
    if (text.is_string()) result.objectives.push_back(text.get<std::string>());
  if (fields.Has("headroom")) ReadNeed(fields.Object("headroom"), &result.need);
  ReadSearch(fields.Object("search"), &result);
  const std::size_t probes = fields.List("probes").size();
  for (std::size_t i = 0; i < probes; ++i)
    result.probes.push_back(ReadProbe(fields.Item("probes", i)));
  JsonFields capacity = fields.Object("capacity");
  result.capacity.end = ReadName<SearchEnd>(capacity, "end");
  if (capacity.Has("low")) result.capacity.low = capacity.NumberIn("low", 0, 1e12);
  if (capacity.Has("high")) result.capacity.high = capacity.NumberIn("high", 0, 1e12);
  if (capacity.Has("ended_by")) result.ended_by = capacity.Text("ended_by");
  result.plan_json = fields.Any("plan").dump();
  if (!mistake.empty()) return Invalid("{}", mistake);
  return result;
}

}  // namespace mbench
