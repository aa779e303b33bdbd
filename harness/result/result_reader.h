// SPDX-License-Identifier: Apache-2.0
//
// Reads a result folder back. A folder whose run was killed is read up to its last whole second and
// comes back as RunEnd::kEndedEarly, its totals summed from latency.hlog.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/result/run_result.h"
#include "harness/result/series.h"

namespace mbench {

// `path`: the folder, or its run.json. Fails with kInvalid on damage, naming file and place, and on
// a schema newer than kSchemaVersion.
Result<RunResult> ReadResult(const std::string& path);

// The intervals of latency.hlog one after another, in constant memory; stops when `visit` returns
// false.
Status ForEachInterval(const std::string& folder, const std::vector<std::string>& op_names,
                       const std::function<bool(const Interval&)>& visit);

// The seconds of a run in order, in constant memory, from run.json or from series.jsonl of a killed
// run.
using SeriesVisitor = std::function<void(const SeriesPoint&)>;
Status ForEachSecond(const std::string& path, const SeriesVisitor& visit);

}  // namespace mbench
