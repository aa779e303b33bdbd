// SPDX-License-Identifier: Apache-2.0
#include "reports/json/history_json.h"

#include "harness/result/json_text.h"

namespace mbench {
namespace {

OrderedJson ValueJson(const Number& number) {
  if (!number.known) return nullptr;
  return number.value;
}

OrderedJson RunJson(const HistoryRun& run) {
  OrderedJson json;
  json["run"] = run.run;
  json["started_at"] = run.started_at;
  if (!run.commit.empty()) json["commit"] = run.commit;
  return json;
}

OrderedJson ChangeJson(const HistoryChange& change) {
  const std::string suffix(Suffix(change.before.unit));
  OrderedJson json;
  json["since"] = RunJson(change.since);
  json["last_before"] = RunJson(change.last_before);
  json["before" + suffix] = ValueJson(change.before);
  json["after" + suffix] = ValueJson(change.after);
  json[change.change.unit == Unit::kRatio ? "ratio" : "difference"] = ValueJson(change.change);
  json["p"] = change.p;
  json["worse"] = change.worse;
  json["alarm"] = change.alarm;
  json["accepted"] = change.accepted.empty() ? OrderedJson(nullptr) : OrderedJson(change.accepted);
  return json;
}

OrderedJson MetricJson(const HistoryMetric& metric) {
  OrderedJson values = OrderedJson::array();
  for (const Number& value : metric.values) values.push_back(ValueJson(value));
  OrderedJson changes = OrderedJson::array();
  for (const HistoryChange& change : metric.changes) changes.push_back(ChangeJson(change));
  OrderedJson json;
  json["metric"] = metric.name;
  json["values" + std::string(Suffix(metric.first.unit))] = std::move(values);
  json["changes"] = std::move(changes);
  return json;
}

}  // namespace

std::string RenderHistoryJson(const HistoryModel& model) {
  OrderedJson runs = OrderedJson::array();
  for (const HistoryRun& run : model.runs) runs.push_back(RunJson(run));
  OrderedJson metrics = OrderedJson::array();
  for (const HistoryMetric& metric : model.metrics) metrics.push_back(MetricJson(metric));
  OrderedJson left_out = OrderedJson::array();
  for (const LeftOutRun& run : model.left_out) {
    OrderedJson item;
    item["run"] = run.run;
    item["reasons"] = run.reasons;
    left_out.push_back(std::move(item));
  }
  OrderedJson json;
  json["title"] = model.title;
  json["enough_runs"] = model.enough;
  json["alarm"] = HasAlarm(model);
  json["runs"] = std::move(runs);
  json["metrics"] = std::move(metrics);
  json["left_out"] = std::move(left_out);
  json["notes"] = model.notes;
  return DumpJson(json, 2) + "\n";
}

}  // namespace mbench
