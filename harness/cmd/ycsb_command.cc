// SPDX-License-Identifier: Apache-2.0
//
// mbench ycsb -P FILE -p key=value --driver NAME [load|run|both]
#include <memory>

#include "harness/base/text.h"
#include "harness/cmd/commands.h"
#include "harness/cmd/run_session.h"
#include "harness/cmd/terminal.h"
#include "harness/cmd/workload_input.h"
#include "harness/config/ycsb_reader.h"

namespace mbench {
namespace {

struct YcsbFlags {
  std::vector<std::string> files;
  std::vector<std::string> properties;
  std::string driver = "rocksdb";
  std::string phase = "both";
  RunFlags run;
};

Result<YcsbPhase> ParsePhase(const std::string& text) {
  if (text == "load") return YcsbPhase::kLoad;
  if (text == "run") return YcsbPhase::kRun;
  if (text == "both") return YcsbPhase::kBoth;
  return BadConfig("unknown phase {}; it can be load, run or both", Quote(text));
}

Result<RunPlan> ReadPlan(const YcsbFlags& flags) {
  const Result<YcsbPhase> phase = ParsePhase(flags.phase);
  if (!phase) return Failed(phase);
  YcsbInput input{.files = flags.files, .properties = {}, .driver = flags.driver, .phase = *phase};
  for (const std::string& property : flags.properties) {
    const std::size_t equals = property.find('=');
    if (equals == std::string::npos || equals == 0) {
      return BadConfig("-p {}: expected NAME=VALUE, such as recordcount=1000", property);
    }
    input.properties.emplace_back(property.substr(0, equals), property.substr(equals + 1));
  }
  return ReadYcsb(input, ProgramContext());
}

}  // namespace

Action AddYcsb(CLI::App* app) {
  const auto flags = std::make_shared<YcsbFlags>();
  app->add_option("-P", flags->files, "Property file; repeatable, later ones win")
      ->expected(1)
      ->take_all();
  app->add_option("-p", flags->properties, "One property; wins over files; repeatable")
      ->type_name("NAME=VALUE")
      ->expected(1)
      ->take_all();
  app->add_option("--driver", flags->driver, "What to drive")->capture_default_str();
  app->add_option("phase", flags->phase, "load, run or both")->capture_default_str();
  flags->run.AddTo(app);
  return [flags] {
    const Result<RunPlan> plan = ReadPlan(*flags);
    if (!plan) return Report(plan.error());
    return RunAndStore(*plan, flags->run);
  };
}

}  // namespace mbench
