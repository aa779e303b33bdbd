// SPDX-License-Identifier: Apache-2.0
#include "reports/json/run_json.h"

#include "harness/result/json_text.h"
#include "harness/result/run_document.h"
#include "harness/result/summary.h"
#include "reports/model/run_model.h"

namespace mbench {
namespace {

// Counts and nanoseconds as whole numbers; null when nothing was measured.
OrderedJson ToJson(const Number& number) {
  if (!number.known) return nullptr;
  if (number.unit == Unit::kCount || number.unit == Unit::kNanoseconds ||
      number.unit == Unit::kBytes)
    return static_cast<std::int64_t>(number.value);
  return number.value;
}

OrderedJson ToJson(const LatencyModel& latencies) {
  OrderedJson json;
  OrderedJson thin = OrderedJson::array();
  json["samples"] = ToJson(latencies.samples);
  for (std::size_t i = 0; i < kShownPercentiles; ++i) {
    json[std::string(kPercentiles[i].key)] = ToJson(latencies.percentiles[i]);
    if (latencies.percentiles[i].known && latencies.percentiles[i].thin)
      thin.push_back(std::string(kPercentiles[i].name));
  }
  json["max_ns"] = ToJson(latencies.max);
  json["mean_ns"] = ToJson(latencies.mean);
  json["thin"] = std::move(thin);
  return json;
}

void AddMoved(const MovedModel& moved, OrderedJson* json) {
  (*json)["items"] = ToJson(moved.items);
  (*json)["bytes_sent"] = ToJson(moved.sent);
  (*json)["bytes_received"] = ToJson(moved.received);
  (*json)["items_per_s"] = ToJson(moved.items_rate);
  (*json)["bytes_sent_per_s"] = ToJson(moved.sent_rate);
  (*json)["bytes_received_per_s"] = ToJson(moved.received_rate);
}

OrderedJson ToJson(const OpModel& op) {
  OrderedJson json;
  json["name"] = op.name;
  json["count"] = ToJson(op.count);
  json["rate_per_s"] = ToJson(op.rate);
  json["errors"] = ToJson(op.errors);
  AddMoved(op.moved, &json);
  json["response"] = ToJson(op.response);
  json["service"] = ToJson(op.service);
  json["error_classes"] = OrderedJson::object();
  for (const auto& [name, count] : op.error_classes) json["error_classes"][name] = ToJson(count);
  for (const OpModel& part : op.parts) json["parts"].push_back(ToJson(part));
  return json;
}

OrderedJson ToJson(const SloModel& slo) {
  static constexpr std::array<const char*, 3> kStates = {"pass", "broken", "not judged"};
  const std::string suffix(Suffix(slo.limit.unit));
  OrderedJson json;
  json["text"] = slo.text;
  json["state"] = kStates[static_cast<std::size_t>(slo.state)];
  json["limit" + suffix] = ToJson(slo.limit);
  json["measured" + suffix] = ToJson(slo.measured);
  if (slo.windowed) json["worst_at_s"] = ToJson(slo.worst_at);
  return json;
}

OrderedJson AccountJson(const RunModel& model) {
  OrderedJson json;
  json["offered"] = ToJson(model.offered);
  for (const auto& [name, count] : model.outcomes) json[name] = ToJson(count);
  json["in_flight"] = ToJson(model.in_flight);
  json["waiting"] = ToJson(model.waiting);
  json["balances"] = model.balances;
  return json;
}

OrderedJson ClientJson(const RunModel& model) {
  OrderedJson json;
  json["cpu_cores"] = ToJson(model.cpu_cores);
  json["busy_fraction"] = ToJson(model.busy);
  json["steal_fraction"] = ToJson(model.steal);
  json["rss_bytes"] = ToJson(model.rss);
  json["lag"] = ToJson(model.lag);
  json["delay"] = ToJson(model.delay);
  return json;
}

OrderedJson HostJson(const RunModel& model) {
  OrderedJson json;
  for (const auto& [name, number] : model.host) json[name] = ToJson(number);
  return json;
}

OrderedJson FactsJson(const RunModel& model) {
  OrderedJson list = OrderedJson::array();
  for (const FactModel& fact : model.facts) {
    OrderedJson& json = list.emplace_back();
    json["name"] = fact.name;
    if (!fact.before.empty()) json["before"] = fact.before;
    if (!fact.after.empty()) json["after"] = fact.after;
  }
  return list;
}

}  // namespace

std::string RenderRunJson(const RunResult& result) {
  const RunModel model = MakeRunModel(result);
  OrderedJson json;
  json["name"] = model.name;
  json["about"] = model.about;
  json["system"] = model.system;
  json["model"] = model.model;
  json["end"] = model.end;
  json["started_at"] = model.started_at;
  json["seed"] = model.seed;
  json["planned_length_s"] = ToJson(model.planned_length);
  json["measured_length_s"] = ToJson(model.measured_length);
  json["warmup_length_s"] = ToJson(model.warmup_length);
  json["warmup_ops"] = ToJson(model.warmup_ops);
  json["valid"] = model.valid;
  json["invalid"] = model.invalid;
  json["warnings"] = model.warnings;
  json["slo"] = OrderedJson::array();
  for (const SloModel& slo : model.slo) json["slo"].push_back(ToJson(slo));
  for (const CheckResult& check : model.checks)
    json["checks"].push_back({{"what", check.what},
                              {"target", check.target},
                              {"measured", check.measured},
                              {"ok", check.ok}});
  if (!model.service_level.asked.empty())
    json["service_level"] = {{"asked", model.service_level.asked},
                             {"reached", model.service_level.reached}};
  json["account"] = AccountJson(model);
  json["ops"] = OrderedJson::array();
  for (const OpModel& op : model.ops) json["ops"].push_back(ToJson(op));
  json["all"] = ToJson(model.all);
  json["client"] = ClientJson(model);
  if (!model.host.empty()) json["host"] = HostJson(model);
  if (!model.facts.empty()) json["facts"] = FactsJson(model);
  json["load"] = LoadJson(model.load);
  json["events"] = EventsJson(model.events);
  json["folder"] = model.folder;
  return DumpJson(json, 2) + "\n";
}

}  // namespace mbench
