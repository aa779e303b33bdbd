// SPDX-License-Identifier: Apache-2.0
#include "reports/json/finding_json.h"

#include "harness/result/json_text.h"

namespace mbench {
namespace {

OrderedJson FindingJson(const Finding& finding) {
  OrderedJson json;
  json["name"] = finding.name;
  json["state"] = Name(finding.state);
  json["is"] = finding.is;
  json["right"] = finding.right;
  json["why"] = finding.why;
  json["command"] = finding.command;
  return json;
}

}  // namespace

std::string RenderFindingsJson(std::span<const FindingGroup> groups, std::string_view version) {
  OrderedJson all = OrderedJson::array();
  for (const FindingGroup& group : groups) {
    OrderedJson findings = OrderedJson::array();
    for (const Finding& finding : group.findings) {
      findings.push_back(FindingJson(finding));
    }
    OrderedJson json;
    json["name"] = group.name;
    json["findings"] = std::move(findings);
    all.push_back(std::move(json));
  }
  OrderedJson json;
  json["mbench"] = version;
  json["well"] = AllWell(groups);
  json["groups"] = std::move(all);
  return DumpJson(json, 2) + "\n";
}

}  // namespace mbench
