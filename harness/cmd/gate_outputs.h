// SPDX-License-Identifier: Apache-2.0
//
// Where the verdict of a gate goes besides stdout: files for the CI system, and GitHub's own ways.
#pragma once

#include <string>

#include "harness/base/result.h"
#include "harness/cmd/output_file.h"
#include "reports/model/comparison_model.h"

namespace CLI {
class App;
}

namespace mbench {

class GateOutputs {
 public:
  void AddTo(CLI::App* app);

  // Before anything is run. Fails with kUsage on the first file that cannot be written.
  Status Open();
  // `file`: the workload file, for annotations; "": none. All of them are tried; the first that
  // fails is the error.
  Status Write(const ComparisonModel& model, const std::string& file);

 private:
  struct Paths {
    std::string junit, markdown, json;
    bool github = false;
  };
  Paths paths_;
  OutputFile junit_, markdown_, json_, summary_;
};

}  // namespace mbench
