// SPDX-License-Identifier: Apache-2.0
//
// Where a verdict goes besides stdout: files for the CI system, and GitHub's own ways. The same for
// a gate and for a run.
#pragma once

#include <string>

#include "harness/base/result.h"
#include "harness/cmd/output_file.h"
#include "harness/result/run_result.h"
#include "reports/model/comparison_model.h"

namespace CLI {
class App;
}

namespace mbench {

struct CiTexts {
  std::string junit, markdown, json, annotations;
};
// `file`: the workload file, for annotations; "": none.
CiTexts CiTextsOf(const ComparisonModel& model, const std::string& file);
CiTexts CiTextsOf(const RunResult& result, const std::string& file);
// Of a run that could not begin.
CiTexts CiTextsOf(const std::string& name, const Error& error, const std::string& file);

class CiOutputs {
 public:
  void AddTo(CLI::App* app);
  // Where --json is a file and not what stdout is.
  void AddJson(CLI::App* app);

  // Before anything is run. Fails with kUsage on the first file that cannot be written.
  Status Open();
  // All of them are tried; the first that fails is the error.
  Status Write(const CiTexts& texts);

 private:
  struct Paths {
    std::string junit, markdown, json;
    bool github = false;
  };
  Paths paths_;
  OutputFile junit_, markdown_, json_, summary_;
};

}  // namespace mbench
