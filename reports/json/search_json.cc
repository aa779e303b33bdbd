// SPDX-License-Identifier: Apache-2.0
#include "reports/json/search_json.h"

#include "reports/json/use_json.h"

namespace mbench {
std::string RenderSearchJson(const CapacityResult& search, const UseComparison& use) {
  OrderedJson json = OrderedJson::parse(CapacityJson(search));
  if (!use.columns.empty()) json["use"] = UseJson(use);
  return DumpJson(json, 2) + "\n";
}

}  // namespace mbench
