// SPDX-License-Identifier: Apache-2.0
#include "reports/json/run_json.h"

#include "harness/result/json_text.h"
#include "harness/result/run_document.h"

namespace mbench {

std::string RenderRunJson(const RunResult& result) {
  OrderedJson json = WriteRunDocument(result, false, {});
  if (!result.folder.empty()) json["folder"] = result.folder;
  return DumpJson(json, 2) + "\n";
}

}  // namespace mbench
