// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <algorithm>
#include <iterator>
#include <sstream>
#include <utility>

#include "harness/base/text.h"
#include "harness/cmd/commands.h"
#include "harness/cmd/run_flags.h"
#include "harness/cmd/terminal.h"

namespace mbench {
namespace {

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
    {"find", "The highest rate at which all objectives hold, with its interval", AddFind},
    {"history", "Where in a row of stored runs something changed", AddHistory},
    {"report", "Show a stored result again", AddReport},
    {"gate", "Slower than a baseline? A verdict for CI", AddGate},
    {"bisect", "Which commit made it slower", AddBisect},
    {"baseline", "Results with a name, to hold others against", AddBaseline},
    {"calibrate", "How much this host varies, and what it can tell apart", AddCalibrate},
    {"ycsb", "Run YCSB property files as they are", AddYcsb},
    {"drivers", "What can be driven, and with which options", AddDrivers},
    {"doctor", "Whether this host is fit to measure", AddDoctor},
};

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
  NameAddresses(&words);
  const auto dashes = std::ranges::find(words, "--");
  if (!words.empty() && words[0] == "diff" && dashes != words.end()) *dashes = "--against";
  std::ranges::reverse(words);  // as CLI11 wants them
  return words;
}

// CLI11 tells of a word that nothing takes and not what may have been meant.
std::string DescribeExtra(const CLI::App& app, const CLI::ExtrasError& error) {
  const CLI::App* command = &app;
  while (!command->get_subcommands().empty()) command = command->get_subcommands().front();
  std::vector<std::string> options;
  for (const CLI::Option* const option : command->get_options())
    for (const std::string& name : option->get_lnames()) options.push_back("--" + name);
  const std::vector<std::string_view> names(options.begin(), options.end());
  for (const std::string& word : app.remaining(true)) {
    const std::string name = word.substr(0, word.find('='));
    if (!name.starts_with('-')) continue;
    const std::string_view near = ClosestMatch(name, names);
    return fmt::format("{} has no option {}{}", command->get_name(), Quote(name),
                       near.empty() ? "" : fmt::format("; did you mean '{}'?", near));
  }
  return error.what();
}

Action End(ExitCode code) {
  return [code] { return code; };
}

ExitCode Complain(const std::string& message) {
  PrintError(message + "\nRun with --help for more information.");
  return ExitCode::kUsage;
}

// What --help and --version print.
ExitCode ShowHelp(const CLI::App& app, const CLI::Success& asked) {
  std::ostringstream out;
  app.exit(asked, out, out);
  PrintResult(out.str());
  return ExitCode::kPass;
}

}  // namespace

Action ParseCommandLine(int argc, char** argv) {
  const std::string first = argc > 1 ? argv[1] : "";
  CLI::App app(
      "Load tests and benchmarks of stores, queues and services, with numbers that can be "
      "defended.",
      "mbench");
  app.set_version_flag("--version", "mbench " MBENCH_VERSION);
  app.require_subcommand(1);
  Action action;
  for (const Entry& entry : kCommands) {
    CLI::App* const command = app.add_subcommand(entry.name, entry.about);
    if (first == entry.name) action = entry.add(command);
  }
  if (!first.empty() && first[0] != '-' && !action) return End(UnknownCommand(first));
  try {
    app.parse(Words(argc, argv));
  } catch (const CLI::Success& asked) {
    return End(ShowHelp(app, asked));
  } catch (const CLI::ExtrasError& error) {
    return End(Complain(DescribeExtra(app, error)));
  } catch (const CLI::ParseError& error) {
    return End(Complain(error.what()));
  }
  return action ? action : End(ExitCode::kUsage);
}

}  // namespace mbench
