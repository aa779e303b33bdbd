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
#include "harness/stats/interval_log.h"

namespace mbench {

// For those who need more than the sums and would otherwise read everything twice: what a reader
// meets on its way to a result. OnHead comes first, with names, lengths and plan; seconds come in
// their order and so do intervals, either all seconds first or in turns. When reading fails, what
// was told before is worth nothing.
class ResultVisitor {
 public:
  virtual ~ResultVisitor() = default;
  virtual void OnHead(const RunResult& head) = 0;
  virtual void OnSecond(const SeriesPoint& second) = 0;
  virtual void OnInterval(const Interval& interval) = 0;
  // The same of a log that is whole, where only the cells in use are known.
  virtual void OnLogged(const LoggedInterval& interval) = 0;
};

// `path`: the folder, or its run.json. Fails with kInvalid on damage, naming file and place, and on
// a schema newer than kSchemaVersion.
Result<RunResult> ReadResult(const std::string& path, ResultVisitor* visitor = nullptr);

// The intervals of latency.hlog one after another, in constant memory; stops when `visit` returns
// false.
Status ForEachInterval(const std::string& folder, const std::vector<std::string>& op_names,
                       const std::function<bool(const Interval&)>& visit);

// The seconds of a run in order, in constant memory, from run.json or from series.jsonl of a killed
// run.
using SeriesVisitor = std::function<void(const SeriesPoint&)>;
Status ForEachSecond(const std::string& path, const SeriesVisitor& visit);

}  // namespace mbench
