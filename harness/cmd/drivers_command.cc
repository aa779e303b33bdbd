// SPDX-License-Identifier: Apache-2.0
//
// mbench drivers [NAME]
#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "drivers/registry.h"
#include "harness/base/text.h"
#include "harness/cmd/commands.h"
#include "harness/cmd/terminal.h"

namespace mbench {
namespace {

std::string ListAll() {
  std::string out;
  for (const DriverInfo* const driver : AllDrivers())
    out += fmt::format("{:<10} {}\n", driver->name, driver->about);
  for (const std::string_view name : DriverNames()) {
    const std::string missing = WhyMissing(name);
    if (!missing.empty()) out += fmt::format("{:<10} not here: {}\n", name, missing);
  }
  return out + "\nmbench drivers NAME lists the options of one, and the words of its statements.\n";
}

// What `mbench run` takes in the place of a file.
std::string DescribeUrls(const DriverInfo& driver) {
  std::string text;
  for (const UrlForm& form : UrlFormsOf(driver))
    text += fmt::format("{}{}://", text.empty() ? "" : ", ", form.scheme);
  return text.empty() ? "" : fmt::format("\nmbench run takes URLs of it: {}\n", text);
}

std::string DescribeOption(const OptionSpec& option) {
  std::string type(Describe(option.type));
  if (!option.choices.empty()) type = option.choices;
  std::string fallback = option.required ? "required" : fmt::format("default {}", option.fallback);
  if (!option.required && option.fallback.empty()) fallback = "no default";
  if (option.secret) fallback += ", only as ${VAR}";
  const std::string range = option.range.empty() ? "" : fmt::format(", {}", option.range);
  return fmt::format("  {:<14} {}\n  {:<14} {}{}; {}\n", option.name, option.help, "", type, range,
                     fallback);
}

std::string DescribeWord(const WordSpec& word) {
  std::string text =
      fmt::format("  {:<14} {}\n  {:<14} {}", word.name, word.help, "", Describe(word));
  if (!word.range.empty()) text += fmt::format(", {}", word.range);
  if (!word.example.empty()) text += fmt::format(", such as {}", word.example);
  if (word.required) text += "; required";
  if (!word.fallback.empty()) text += fmt::format("; default {}", word.fallback);
  if (!word.of.empty()) text += fmt::format("; goes with {}", fmt::join(Split(word.of, '|'), ", "));
  return text + fmt::format("; in {}\n", DescribePlaces(word.where));
}

std::string DescribeWords(const DriverLanguage& language) {
  if (language.words.empty()) return "\nIt has no statements.\n";
  std::string text = "\nWords of its statements; each has one of the first that stand there:\n\n";
  for (const bool heads : {true, false}) {
    for (const WordSpec& word : language.words)
      if (word.is_head == heads) text += DescribeWord(word);
  }
  return text;
}

ExitCode ShowOne(const std::string& name) {
  if (const DriverInfo* driver = FindDriver(name)) {
    std::string out = fmt::format("{}: {}\n\n", driver->name, driver->about);
    for (const OptionSpec& option : driver->options) out += DescribeOption(option);
    if (driver->options.empty()) out += "  no options\n";
    out += DescribeUrls(*driver) + DescribeWords(driver->language);
    PrintResult(out);
    return ExitCode::kPass;
  }
  if (const std::string missing = WhyMissing(name); !missing.empty()) {
    PrintError(fmt::format("driver {} is not here: {}", name, missing));
    return ExitCode::kUsage;
  }
  const std::string_view near = ClosestMatch(name, DriverNames());
  PrintError(near.empty()
                 ? fmt::format("unknown driver {}; mbench drivers lists them", Quote(name))
                 : fmt::format("unknown driver {}; did you mean '{}'?", Quote(name), near));
  return ExitCode::kUsage;
}

}  // namespace

Action AddDrivers(CLI::App* app) {
  const auto name = std::make_shared<std::string>();
  app->add_option("name", *name, "Show the options of this one");
  return [name] {
    if (!name->empty()) return ShowOne(*name);
    PrintResult(ListAll());
    return ExitCode::kPass;
  };
}

}  // namespace mbench
