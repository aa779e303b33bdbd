// SPDX-License-Identifier: Apache-2.0
//
// Writes a result folder as the run goes:
//
//   <root>/<name>-<UTC time>/
//     run.json      at the start (status "running"), and whole at the end, replaced in one step
//     series.jsonl  one line a second; folded into run.json at the end
//     latency.hlog  HdrHistogram V2 log, one line a second per tag
//
// Every line is handed to the kernel when its second is over, so a process that is killed leaves
// all seconds before. Never writes into a folder that exists.
//
// Thread: one at a time (the engine's collector while the run goes, main before and after).
#pragma once

#include <memory>
#include <string>

#include "harness/base/result.h"
#include "harness/result/run_result.h"

namespace mbench {

class ResultWriter {
 public:
  // `head`: name, provenance, op names, lengths; what is known before the first op.
  // Fails with kUsage when the folder cannot be made or written.
  static Result<std::unique_ptr<ResultWriter>> Create(const std::string& root,
                                                      const RunResult& head);
  ~ResultWriter();

  // Fails with kInvalid, naming file and reason (a full disk), and fails again at every later call.
  Status Append(const Interval& interval);
  Status Finish(const RunResult& result);

  const std::string& Folder() const;

 private:
  struct Impl;
  explicit ResultWriter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace mbench
