// SPDX-License-Identifier: Apache-2.0
//
// Workload file (YAML) -> RunPlan, or every mistake in it at once, like a compiler:
//
//   ramp.yaml:9:3: error: unknown key 'ober' in load; did you mean 'over'?
//       9 |   ober: 2m
//         |   ^~~~
//   2 errors; nothing was run
//
// The keys are documented in workloads/README.md.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/words.h"
#include "harness/base/options.h"
#include "harness/plan/run_plan.h"

namespace mbench {

// What the reader has to know about a driver.
struct DriverOptions {
  std::string_view name;
  std::span<const OptionSpec> options;
  std::string missing;  // not empty: known but not to be had, and this is what to do about it
  // nullptr: what it can do is not known, so nothing is said about that.
  const DriverLanguage* language = nullptr;
  std::vector<OptionMistake> (*check)(const OptionValues& options) = nullptr;
};

// `--set load.over=10s`: replaces or adds one value. `path`: keys joined by dots, list items by
// number.
struct Override {
  std::string path;
  std::string value;  // read as YAML
};

struct ReadContext {
  std::vector<std::string_view> drivers;  // their names
  // Of one of these; asked only for the one that a file uses.
  std::function<DriverOptions(std::string_view)> options_of;
  std::vector<Override> overrides;
  // What each line of a text comes from that was made of a command line (url_workload.h); empty: it
  // was written by somebody.
  std::vector<std::string> origins;
  // Environment for ${VAR}; nullopt: not set. Replaced in tests.
  std::function<std::optional<std::string>(const std::string&)> environment;

  // For drivers whose options are all at hand.
  void SetDrivers(std::vector<DriverOptions> known);
};

// The error's message holds all mistakes, each with place and line, and their number.
Result<RunPlan> ReadWorkloadFile(const std::string& path, const ReadContext& context);
// The same for text at hand; `name` stands for the path in messages.
Result<RunPlan> ReadWorkloadText(std::string_view text, const std::string& name,
                                 const ReadContext& context);

}  // namespace mbench
