// SPDX-License-Identifier: Apache-2.0
#include "drivers/influxdb/observe.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

namespace mbench::influx {
namespace {

using Json = nlohmann::json;

// root[group]["values"][name]; -1: it is not there.
double Value(const Json& root, const std::string& group, const char* name) {
  const auto found = root.find(group);
  if (found == root.end() || !found->is_object()) return -1;
  const auto values = found->find("values");
  if (values == found->end() || !values->is_object()) return -1;
  const auto value = values->find(name);
  return value != values->end() && value->is_number() ? value->get<double>() : -1;
}

}  // namespace

SystemFigures Observation::Read(std::string_view body, std::string_view database) {
  SystemFigures figures;
  const Json root = Json::parse(body, nullptr, false);
  if (!root.is_object()) return figures;
  const double points = Value(root, "write", "pointReq");
  const double queries = Value(root, "queryExecutor", "queriesExecuted");
  SystemFigures counted;
  if (points >= 0) counted["points_per_s"] = points;
  if (queries >= 0) counted["queries_per_s"] = queries;
  rates_.Add(std::move(counted), &figures);
  const double memory = Value(root, "runtime", "Sys"), heap = Value(root, "runtime", "HeapInUse");
  const double series = Value(root, fmt::format("database:{}", database), "numSeries");
  if (memory >= 0) figures["memory_bytes"] = memory;
  if (heap >= 0) figures["heap_used_bytes"] = heap;
  if (series >= 0) figures["series"] = series;
  return figures;
}

}  // namespace mbench::influx
