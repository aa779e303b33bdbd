// SPDX-License-Identifier: Apache-2.0
//
// The flags that say which workload is meant, and the plan they come to. Shared by the commands
// that read one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/config/url_workload.h"
#include "harness/config/workload_reader.h"

namespace CLI {
class App;
}

namespace mbench {

struct WorkloadInput {
  std::string file;               // or a URL that stands for one
  std::vector<std::string> sets;  // "path=value"
  UrlFlags url = {};

  void AddTo(CLI::App* app);
  void AddSets(CLI::App* app);  // without the file, and what goes with a URL
  Result<RunPlan> Read() const;
  // Its two halves, where the file is read by another process: its text, and the plan of that.
  // REQUIRES: `file` is no URL.
  Result<std::string> ReadText() const;
  Result<RunPlan> ReadPlan(std::string_view text) const;
  // Adds the variables of the environment that it asks for, and that are set.
  Result<RunPlan> ReadNoting(std::vector<std::string>* variables) const;

 private:
  Result<ReadContext> Context() const;
  Result<RunPlan> ReadIn(ReadContext context) const;
};

// What the readers have to know of this program: its drivers and its environment.
ReadContext ProgramContext();

}  // namespace mbench
