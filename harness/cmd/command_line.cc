// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <iterator>
#include <sstream>
#include <utility>

#include "harness/base/console.h"
#include "harness/base/text.h"
#include "harness/cmd/command_table.h"
#include "harness/cmd/run_flags.h"
#include "harness/cmd/terminal.h"

namespace mbench {
namespace {

// CLI11 calls an unknown command an unexpected argument; people want to know what they meant.
ExitCode UnknownCommand(const std::string& word) {
  std::vector<std::string_view> names = CommandNames();
  names.insert(names.end(), {"help", "version"});
  const std::string_view near = ClosestMatch(word, names);
  PrintError(near.empty()
                 ? fmt::format("unknown command {}; mbench help lists them", Quote(word))
                 : fmt::format("unknown command {}; did you mean '{}'?", Quote(word), near));
  return ExitCode::kUsage;
}

// What stands before a command; CLI11 would only say that a command is missing.
ExitCode UnknownOption(const std::string& word) {
  constexpr std::array<std::string_view, 2> kOwn = {"--help", "--version"};
  const std::string_view near = ClosestMatch(word.substr(0, word.find('=')), kOwn);
  PrintError(near.empty()
                 ? fmt::format("{} stands before a command; options come behind it, as in mbench "
                               "run FILE --json",
                               Quote(word))
                 : fmt::format("mbench has no option {}; did you mean '{}'?", Quote(word), near));
  return ExitCode::kUsage;
}

// `A... -- B...` is how diff's sides are told apart, and CLI11 would drop the mark between them.
std::vector<std::string> Words(std::vector<std::string> words) {
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

Action ParseCommand(std::vector<std::string> words) {
  const std::string first = words[0];
  CLI::App app("", "mbench");
  app.require_subcommand(1);
  Action action;
  for (const Command& command : AllCommands()) {
    if (first != command.name) continue;
    CLI::App* const added = app.add_subcommand(command.name, command.about);
    added->footer(fmt::format("Example:\n  {}", command.example));
    action = command.add(added);
  }
  if (!action) return End(UnknownCommand(first));
  try {
    app.parse(Words(std::move(words)));
  } catch (const CLI::Success& asked) {
    return End(ShowHelp(app, asked));
  } catch (const CLI::ExtrasError& error) {
    return End(Complain(DescribeExtra(app, error)));
  } catch (const CLI::ParseError& error) {
    return End(Complain(error.what()));
  }
  return action;
}

}  // namespace

Action ParseCommandLine(int argc, char** argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  if (words.empty()) {
    WriteToStderr(ListCommands(ColumnsOf(STDERR_FILENO)) +
                  "mbench: a command is missing; see --help");
    return End(ExitCode::kUsage);
  }
  // `help run` is `run --help`.
  if (words[0] == "help" && words.size() > 1) words = {words[1], "--help"};
  const std::string first = words[0];
  if (first == "help" || first == "--help" || first == "-h") {
    PrintResult(ListCommands(ColumnsOf(STDOUT_FILENO)));
    return End(ExitCode::kPass);
  }
  if (first == "version" || first == "--version" || first == "-V") {
    PrintResult("mbench " MBENCH_VERSION);
    return End(ExitCode::kPass);
  }
  if (first.starts_with('-')) return End(UnknownOption(first));
  return ParseCommand(std::move(words));
}

}  // namespace mbench
