// SPDX-License-Identifier: Apache-2.0
//
// Changes in a history that are known and wanted: <root>/accepted.json, beside the baselines, to be
// committed with the change it is about.
//
//   {"schema": 1, "accepted": [{"workload", "metric", "since", "reason"}]}
#pragma once

#include <string>
#include <vector>

#include "harness/base/result.h"

namespace mbench {

// One that raises no alarm again.
struct AcceptedChange {
  std::string workload;
  std::string metric;
  std::string since;  // when the first run of the new level began, UTC
  std::string reason;
};

// None when there is no such file.
Result<std::vector<AcceptedChange>> ReadAccepted(const std::string& root);
// Puts them behind those that are there; the path of the file.
Result<std::string> AddAccepted(const std::string& root,
                                const std::vector<AcceptedChange>& accepted);

}  // namespace mbench
