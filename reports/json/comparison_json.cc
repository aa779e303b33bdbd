// SPDX-License-Identifier: Apache-2.0
#include "reports/json/comparison_json.h"

#include <cmath>

#include "harness/result/json_text.h"

namespace mbench {
namespace {

// Infinite or not known: null, which JSON has and infinity it has not.
OrderedJson Finite(double value, bool known = true) {
  if (!known || !std::isfinite(value)) return nullptr;
  return value;
}
OrderedJson Finite(const Number& number) { return Finite(number.value, number.known); }

OrderedJson SideJson(const std::string& name, std::size_t runs,
                     const std::vector<std::string>& folders) {
  OrderedJson json;
  json["name"] = name;
  json["runs"] = runs;
  json["results"] = folders;
  return json;
}

OrderedJson DifferencesJson(const std::vector<PlanDifference>& differences) {
  OrderedJson json = OrderedJson::array();
  for (const PlanDifference& difference : differences) {
    OrderedJson& item = json.emplace_back();
    item["key"] = difference.key;
    item["a"] = difference.a;
    item["b"] = difference.b;
  }
  return json;
}

std::string_view BetterName(Better better) {
  return better == Better::kHigher ? "higher" : better == Better::kLower ? "lower" : "neither";
}

OrderedJson MetricJson(const ComparedMetric& metric) {
  const std::string suffix(Suffix(metric.a.unit));
  OrderedJson json;
  json["metric"] = metric.name;
  json["primary"] = metric.primary;
  json["better"] = BetterName(metric.a.better);
  json["thin"] = metric.thin;
  json["a" + suffix] = Finite(metric.a);
  json["b" + suffix] = Finite(metric.b);
  OrderedJson& change = json[metric.is_ratio ? "ratio" : "difference"];
  change["estimate"] = Finite(metric.change);
  change["low"] = Finite(metric.low);
  change["high"] = Finite(metric.high);
  json["p"] = Finite(metric.p, metric.measured);
  json["adjusted_p"] = Finite(metric.adjusted_p, metric.measured);
  json["margin"] = metric.margin;
  json["judged_margin"] = Finite(metric.judged);
  json["at_worst"] = Finite(metric.at_worst);
  json["claims"]["changed"] = metric.claims.changed;
  json["claims"]["worse"] = metric.claims.worse;
  json["claims"]["not_worse"] = metric.claims.not_worse;
  json["basis"] = Name(metric.basis);
  json["detectable"] = Finite(metric.detectable, metric.measured);
  json["spread"] = Finite(metric.spread, metric.measured);
  json["more_runs"] = metric.more_runs ? OrderedJson(*metric.more_runs) : OrderedJson(nullptr);
  json["verdict"] = Name(metric.verdict);
  json["leaning"] = Name(metric.leaning);
  json["rule"] = metric.rule;
  return json;
}

OrderedJson FigureJson(const ComparedMetric& figure) {
  const std::string suffix(Suffix(figure.a.unit));
  OrderedJson json;
  json["metric"] = figure.name;
  json["a" + suffix] = Finite(figure.a);
  json["b" + suffix] = Finite(figure.b);
  json[figure.is_ratio ? "ratio" : "difference"] = Finite(figure.change);
  return json;
}

OrderedJson LeftOutJson(const LeftOutRun& run) {
  OrderedJson json;
  json["side"] = std::string(1, run.side);
  json["run"] = run.run;
  json["reasons"] = run.reasons;
  return json;
}

OrderedJson ShiftJson(const ComparisonModel& model) {
  OrderedJson json;
  json["differs"] = model.shift_differs;
  json["points"] = OrderedJson::array();
  for (const ShiftColumn& column : model.shift) {
    OrderedJson& point = json["points"].emplace_back();
    point["percentile"] = column.percentile;
    point["a_ns"] = Finite(column.a);
    point["b_ns"] = Finite(column.b);
    point["ratio"] = Finite(column.ratio);
    point["low"] = Finite(column.low);
    point["high"] = Finite(column.high);
  }
  return json;
}

}  // namespace

std::string RenderComparisonJson(const ComparisonModel& model) {
  const ComparisonSubject& subject = model.subject;
  OrderedJson json;
  json["title"] = subject.title;
  json["verdict"] = Name(model.verdict);
  json["reason"] = model.reason;
  json["more_runs"] = model.more_runs ? OrderedJson(*model.more_runs) : OrderedJson(nullptr);
  json["confidence"] = model.confidence;
  json["a"] = SideJson(subject.a, model.runs_a, subject.folders_a);
  json["b"] = SideJson(subject.b, model.runs_b, subject.folders_b);
  json["compared"] = DifferencesJson(subject.compared);
  json["forbidden"] = DifferencesJson(model.forbidden);
  json["metrics"] = OrderedJson::array();
  for (const ComparedMetric& metric : model.metrics) json["metrics"].push_back(MetricJson(metric));
  for (const ComparedMetric& figure : model.figures) json["figures"].push_back(FigureJson(figure));
  json["shift"] = ShiftJson(model);
  json["left_out"] = OrderedJson::array();
  for (const LeftOutRun& run : model.left_out) json["left_out"].push_back(LeftOutJson(run));
  json["notes"] = model.notes;
  return DumpJson(json, 2) + "\n";
}

}  // namespace mbench
