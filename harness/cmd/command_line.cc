// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>
#include <utility>

#include "harness/base/text.h"
#include "harness/cmd/commands.h"
#include "harness/cmd/terminal.h"

namespace mbench {
namespace {

struct Command {
  CLI::App* app;
  Action action;
};

using Add = Action (*)(CLI::App*);
struct Entry {
  const char* name;
  const char* about;
  Add add;
};
constexpr Entry kCommands[] = {
    {"run", "Run a workload file: load, warm up, measure, store, judge", AddRun},
    {"check", "Validate a workload file and draw its load; runs nothing", AddCheck},
    {"diff", "Compare two workloads, two settings or stored results", AddDiff},
    {"history", "Where in a row of stored runs something changed", AddHistory},
    {"report", "Show a stored result again", AddReport},
    {"gate", "Slower than a baseline? A verdict for CI", AddGate},
    {"baseline", "Results with a name, to hold others against", AddBaseline},
    {"calibrate", "How much this host varies, and what it can tell apart", AddCalibrate},
    {"ycsb", "Run YCSB property files as they are", AddYcsb},
    {"drivers", "What can be driven, and with which options", AddDrivers},
    {"doctor", "Whether this host is fit to measure", AddDoctor},
};

bool IsCommand(std::string_view word) {
  return std::any_of(std::begin(kCommands), std::end(kCommands),
                     [word](const Entry& entry) { return entry.name == word; });
}

// CLI11 calls an unknown command an unexpected argument; people want to know what they meant.
ExitCode UnknownCommand(const std::string& word) {
  std::vector<std::string_view> names;
  for (const Entry& entry : kCommands) names.emplace_back(entry.name);
  const std::string_view near = ClosestMatch(word, names);
  PrintError(near.empty()
                 ? fmt::format("unknown command {}; mbench --help lists them", Quote(word))
                 : fmt::format("unknown command {}; did you mean '{}'?", Quote(word), near));
  return ExitCode::kUsage;
}

// `A... -- B...` is how diff's sides are told apart, and CLI11 would drop the mark between them.
std::vector<std::string> Words(int argc, char** argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  const auto dashes = std::ranges::find(words, "--");
  if (!words.empty() && words[0] == "diff" && dashes != words.end()) *dashes = "--against";
  std::ranges::reverse(words);  // as CLI11 wants them
  return words;
}

ExitCode Dispatch(int argc, char** argv) {
  CLI::App app(
      "Load tests and benchmarks of stores, queues and services, with numbers that can be "
      "defended.",
      "mbench");
  app.set_version_flag("--version", "mbench " MBENCH_VERSION);
  app.require_subcommand(1);
  std::vector<Command> commands;
  for (const Entry& entry : kCommands) {
    CLI::App* sub = app.add_subcommand(entry.name, entry.about);
    commands.push_back({sub, entry.add(sub)});
  }
  if (argc > 1 && argv[1][0] != '-' && !IsCommand(argv[1])) return UnknownCommand(argv[1]);
  try {
    app.parse(Words(argc, argv));
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return static_cast<ExitCode>(app.exit(error));
    PrintError(fmt::format("{}\nRun with --help for more information.", error.what()));
    return ExitCode::kUsage;
  }
  for (const Command& command : commands) {
    if (command.app->parsed()) return command.action();
  }
  return ExitCode::kUsage;
}

}  // namespace

int RunCommandLine(int argc, char** argv) { return static_cast<int>(Dispatch(argc, argv)); }

}  // namespace mbench
