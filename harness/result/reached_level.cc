// SPDX-License-Identifier: Apache-2.0
#include "harness/result/reached_level.h"

#include "harness/plan/service_level.h"
#include "harness/result/json_text.h"

namespace mbench {

ReachedLevel ReachedLevelOf(const RunResult& result) {
  const Json plan = Json::parse(result.provenance.plan_json, nullptr, false);
  if (!plan.is_object() || !plan.contains("service_level")) return {};
  const Json& asked = plan["service_level"];
  if (!asked.is_string()) return {};
  ReachedLevel level{.asked = asked.get<std::string>()};
  Histogram answered;
  for (const OpStats& stats : result.total.ops) stats.AddAnsweredTo(&answered);
  if (answered.Empty()) return level;
  const ServiceLevel* const reached =
      ReachedServiceLevel(static_cast<double>(answered.ValueAtPercentile(50)),
                          static_cast<double>(answered.ValueAtPercentile(99)), result.Rate());
  if (reached != nullptr) level.reached = reached->name;
  return level;
}

}  // namespace mbench
