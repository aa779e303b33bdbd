// SPDX-License-Identifier: Apache-2.0
#include "reports/compare/accepted_store.h"

#include <filesystem>
#include <fstream>

#include "harness/result/json_text.h"
#include "harness/result/replacement.h"

namespace mbench {
namespace {

constexpr int kAcceptedSchema = 1;

std::string AcceptedPath(const std::string& root) { return root + "/accepted.json"; }

std::string AcceptedJson(const std::vector<AcceptedChange>& accepted) {
  OrderedJson json;
  json["schema"] = kAcceptedSchema;
  json["accepted"] = OrderedJson::array();
  for (const AcceptedChange& change : accepted) {
    OrderedJson& item = json["accepted"].emplace_back();
    item["workload"] = change.workload;
    item["metric"] = change.metric;
    item["since"] = change.since;
    item["reason"] = change.reason;
  }
  return DumpJson(json, 2) + "\n";
}

}  // namespace

Result<std::vector<AcceptedChange>> ReadAccepted(const std::string& root) {
  const std::string path = AcceptedPath(root);
  std::error_code error;
  std::vector<AcceptedChange> accepted;
  if (!std::filesystem::exists(path, error)) return accepted;
  std::ifstream text(path, std::ios::binary);
  if (!text) return Invalid("{}: cannot be read", path);
  const Result<Json> document = ParseJson(text, path);
  if (!document) return Failed(document);
  if (!document->is_object()) return Invalid("{}: not a JSON object", path);
  std::string wrong;
  JsonFields fields(*document, path, &wrong);
  const std::uint64_t schema = fields.Count("schema");
  if (fields.Ok() && schema != kAcceptedSchema)
    return Invalid("{}: accepted changes of schema {}; this program knows {}", path, schema,
                   kAcceptedSchema);
  const std::size_t count = fields.List("accepted").size();
  for (std::size_t i = 0; i < count; ++i) {
    JsonFields item = fields.Item("accepted", i);
    accepted.push_back(
        {item.Text("workload"), item.Text("metric"), item.Text("since"), item.Text("reason")});
  }
  if (!wrong.empty()) return Invalid("{}", wrong);
  return accepted;
}

Result<std::string> AddAccepted(const std::string& root,
                                const std::vector<AcceptedChange>& accepted) {
  Result<std::vector<AcceptedChange>> all = ReadAccepted(root);
  if (!all) return Failed(all);
  all->insert(all->end(), accepted.begin(), accepted.end());
  std::error_code error;
  std::filesystem::create_directories(root, error);
  const std::string path = AcceptedPath(root);
  if (const Status written = ReplaceFile(path, AcceptedJson(*all)); !written)
    return Failed(written);
  return path;
}

}  // namespace mbench
