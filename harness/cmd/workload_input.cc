// SPDX-License-Identifier: Apache-2.0
#include "harness/cmd/workload_input.h"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "drivers/registry.h"
#include "harness/base/environment.h"
#include "harness/cmd/repeatable.h"
#include "harness/cmd/url_input.h"
#include "harness/config/text_file.h"
#include "harness/config/url_parts.h"

namespace mbench {

ReadContext ProgramContext() {
  ReadContext context;
  context.drivers = DriverNames();
  context.options_of = [](std::string_view name) {
    const DriverInfo* const driver = FindDriver(name);
    return driver == nullptr
               ? DriverOptions{name, {}, WhyMissing(name)}
               : DriverOptions{name, driver->options, "", &driver->language, driver->check_options};
  };
  context.environment = ProcessEnvironment;
  return context;
}

void WorkloadInput::AddTo(CLI::App* app) {
  app->add_option("file", file,
                  "Workload file (YAML; see workloads/README.md); - is standard input; or a URL, "
                  "such as http://127.0.0.1:8080/path, with what the flags below say")
      ->required();
  AddSets(app);
  AddUrlFlags(&url, app);
}

void WorkloadInput::AddSets(CLI::App* app) {
  AddRepeatable(app, "--set", &sets, "PATH=VALUE",
                "Replace one value of the file, as in --set load.over=10s; repeatable");
}

Result<ReadContext> WorkloadInput::Context() const {
  ReadContext context = ProgramContext();
  for (const std::string& set : sets) {
    const std::size_t equals = set.find('=');
    if (equals == std::string::npos || equals == 0) {
      return BadConfig("--set {}: expected PATH=VALUE, such as load.over=10s", set);
    }
    context.overrides.push_back({set.substr(0, equals), set.substr(equals + 1)});
  }
  return context;
}

Result<RunPlan> WorkloadInput::Read() const {
  Result<ReadContext> context = Context();
  if (!context) return Failed(context);
  return ReadIn(*std::move(context));
}

Result<RunPlan> WorkloadInput::ReadNoting(std::vector<std::string>* variables) const {
  Result<ReadContext> context = Context();
  if (!context) return Failed(context);
  context->environment = [variables](const std::string& name) {
    std::optional<std::string> value = ProcessEnvironment(name);
    if (value && std::ranges::find(*variables, name) == variables->end())
      variables->push_back(name);
    return value;
  };
  return ReadIn(*std::move(context));
}

Result<RunPlan> WorkloadInput::ReadIn(ReadContext context) const {
  if (LooksLikeUrl(file)) return ReadUrl(file, url, std::move(context));
  if (const Status alone = RefuseUrlFlags(url, file); !alone) return Failed(alone);
  if (file != "-") return ReadWorkloadFile(file, context);
  // Paths in it are meant from the current folder, as they would be in a file that lies there.
  // It comes once, and two sides of a comparison may be made of it.
  static const Result<std::string> text = ReadStandardInput(kLargestTextFile);
  if (!text) return BadConfig("standard input: {}", text.error().message);
  return ReadWorkloadText(*text, "stdin", context);
}

Result<std::string> WorkloadInput::ReadText() const {
  Result<std::string> text = file == "-" ? ReadStandardInput(kLargestTextFile) : ReadTextFile(file);
  if (text) return text;
  return BadConfig("{}: {}", file == "-" ? "standard input" : file, text.error().message);
}

Result<RunPlan> WorkloadInput::ReadPlan(std::string_view text) const {
  const Result<ReadContext> context = Context();
  if (!context) return Failed(context);
  if (const Status alone = RefuseUrlFlags(url, file); !alone) return Failed(alone);
  return ReadWorkloadText(text, file == "-" ? "stdin" : file, *context);
}

}  // namespace mbench
