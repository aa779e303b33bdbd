// SPDX-License-Identifier: Apache-2.0
#include "reports/json/run_json.h"

#include <fmt/format.h>

#include <string_view>

#include "harness/result/json_text.h"
#include "harness/result/run_document.h"
#include "reports/json/use_json.h"

namespace mbench {
namespace {

OrderedJson DriftJson(const DriftModel& model) {
  const std::string_view unit = model.unit == DriftUnit::kBytes     ? "bytes"
                                : model.unit == DriftUnit::kSeconds ? "s"
                                                                    : "fraction";
  OrderedJson json;
  json["metric"] = model.name;
  json[fmt::format("per_hour_{}", unit)] = model.PerHour(model.drift.per_s);
  json[fmt::format("per_hour_low_{}", unit)] = model.PerHour(model.drift.low);
  json[fmt::format("per_hour_high_{}", unit)] = model.PerHour(model.drift.high);
  if (model.limit > 0) json[fmt::format("limit_{}", unit)] = model.limit;
  if (model.full_h > 0) json["full_in_h"] = model.full_h;
  return json;
}

OrderedJson StallJson(const StallModel& model) {
  const StallTrain& stalls = model.stalls;
  const std::string_view unit = model.name == "rate" ? "per_s" : "ns";
  OrderedJson json;
  json["metric"] = model.name;
  json["period_s"] = stalls.period_s;
  json["length_s"] = stalls.length_s;
  json["times"] = stalls.times;
  json["turns"] = stalls.turns;
  json[fmt::format("usual_{}", unit)] = stalls.usual;
  json[fmt::format("reached_{}", unit)] = stalls.reached;
  json["with"] = OrderedJson::array();
  for (const StallCompanion& one : model.with) {
    OrderedJson& item = json["with"].emplace_back();
    item["name"] = one.name;
    item["inside"] = one.moves.inside;
    item["outside"] = one.moves.outside;
    item["standard_errors"] = one.moves.standard_errors;
  }
  return json;
}

}  // namespace

std::string RenderRunJson(const RunResult& result, const RunFindings& found) {
  OrderedJson json = WriteRunDocument(result, false, {});
  for (const DriftModel& drift : found.drifts) json["drift"].push_back(DriftJson(drift));
  for (const StallModel& stall : found.stalls) json["stalls"].push_back(StallJson(stall));
  if (!found.use.columns.empty()) json["use"] = UseJson(found.use);
  if (!result.folder.empty()) json["folder"] = result.folder;
  return DumpJson(json, 2) + "\n";
}

}  // namespace mbench
