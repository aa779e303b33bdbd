// SPDX-License-Identifier: Apache-2.0
//
// --csv FILE: the seconds of a run as rows, each handed to the kernel when it is over. A disk that
// is full ends the file after its last whole second, and not the run.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/live/run_watcher.h"
#include "harness/result/append_file.h"

namespace mbench {

class CsvFile : public RunWatcher {
 public:
  // A file that is there is replaced when the first run begins to measure. Fails with kUsage.
  static Result<std::unique_ptr<CsvFile>> Open(const std::string& path);

  void OnRun(const WatchedRun& run) override { run_ = run; }
  void OnStart() override;
  void OnInterval(const Interval& interval) override;
  std::vector<std::string> Complaints() override;

 private:
  void Append(const std::string& text);

  AppendFile file_;
  WatchedRun run_;
  Status written_;
  bool has_header_ = false;
};

}  // namespace mbench
