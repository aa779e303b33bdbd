// SPDX-License-Identifier: Apache-2.0
//
// mbench init NAME [PROFILE]: a workload file to begin with. The example of a driver, with its
// options and words as comments; the load is that of the example, or the profile that is named.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <vector>

#include "drivers/registry.h"
#include "harness/base/text.h"
#include "harness/cmd/commands.h"
#include "harness/cmd/terminal.h"
#include "harness/config/yaml_lines.h"

namespace mbench {
namespace {

struct InitProfile {
  std::string_view name, about, load;
};
constexpr auto kInitProfiles = std::to_array<InitProfile>({
    {"steady", "a rate that is held, requests at random times",
     "{profile: steady, at: 500/s, arrivals: poisson, over: 60s, warmup: 5s}"},
    {"ramp", "clients grow from 1 to 64: where does it bend?",
     "{profile: ramp, from: 1, to: 64, over: 60s, warmup: 5s}"},
    {"spike", "ten times the load for ten seconds: how long does it take to recover?",
     "{profile: spike, base: 200/s, peak: 2k/s, at: 20s, for: 10s, over: 60s, warmup: 5s}"},
    {"soak", "the same load for hours: what creeps?",
     "{profile: soak, at: 500/s, over: 4h, warmup: 1m}"},
    {"step", "the rate goes up in ten steps",
     "{profile: step, from: 200/s, to: 2k/s, steps: 10, over: 100s, warmup: 5s}"},
    {"sine", "the rate goes up and down, as days do",
     "{profile: sine, low: 200/s, high: 1k/s, period: 20s, over: 60s, warmup: 5s}"},
});
constexpr std::string_view kUsualDriver = "rocksdb";
constexpr std::string_view kDriverWithoutLibrary = "memory";

const InitProfile* FindInitProfile(std::string_view name) {
  const auto found = std::ranges::find(kInitProfiles, name, &InitProfile::name);
  return found == kInitProfiles.end() ? nullptr : &*found;
}

// As a comment of YAML; `indent` for what is below a key.
std::string OptionComment(const OptionSpec& option) {
  if (option.IsOpen()) return fmt::format("#   {}  # {}\n", option.name, option.help);
  const std::string value = option.secret                      ? "\"${NAME}\""
                            : option.type == OptionType::kFlag ? std::string(option.fallback)
                                                               : YamlScalar(option.fallback);
  const std::string choices =
      option.type == OptionType::kChoice ? fmt::format(" ({})", option.choices) : "";
  const std::size_t dot = option.name.find('.');
  const std::string pair = dot == std::string_view::npos
                               ? fmt::format("{}: {}", option.name, value)
                               : fmt::format("{}: {{{}: {}}}", option.name.substr(0, dot),
                                             option.name.substr(dot + 1), value);
  return fmt::format("#   {}  # {}{}\n", pair, option.help, choices);
}

std::string OptionsComment(const DriverInfo& driver) {
  if (driver.options.empty()) return "";
  std::string text =
      fmt::format("# Options of {}, with what they are when they are not said:\n", driver.name);
  for (const OptionSpec& option : driver.options) text += OptionComment(option);
  return text;
}

std::string StatementsComment(const DriverInfo& driver) {
  std::string text;
  for (const WordSpec& word : driver.language.words) {
    if (!word.is_head || (word.where & kInStatement) == 0 || word.example.empty()) continue;
    text += fmt::format("#   by_{}: {{weight: 10, {}: {}}}\n", word.name, word.name, word.example);
  }
  if (text.empty()) return "";
  return fmt::format(
      "# Requests in its own language, beside or in the place of the mix; {{name}} is a generator\n"
      "# (`mbench drivers {}` lists their words):\n# statements:\n{}# generators:\n"
      "#   id: {{from: 1, to: 10k, choose: zipfian}}\n",
      driver.name, text);
}

// Of a driver that came without an example.
std::string PlainExample(const DriverInfo& driver) {
  std::string options;
  for (const OptionSpec& option : driver.options)
    if (option.required) options += fmt::format(", {}: ...", option.name);
  return fmt::format(
      "name: {0}\ndriver: {{use: {0}{1}}}\nload: {{profile: steady, at: 16, over: 5s, warmup: "
      "1s}}\n{2}",
      driver.name, options, driver.language.verbs ? "mix: {read: 90, update: 10}\n" : "");
}

std::string LoadLines(const InitProfile* profile, std::string_view line) {
  if (profile != nullptr) return fmt::format("# {}\nload: {}\n", profile->about, profile->load);
  return fmt::format(
      "# Numbers of clients, which wait for their replies, or rates such as 2k/s, which do not; other\n"
      "# profiles than steady: `mbench init ramp` and so on.\n{}\n",
      line);
}

std::string Document(const DriverInfo& driver, const InitProfile* profile) {
  std::string example(DriverExample(driver.name));
  if (example.empty()) example = PlainExample(driver);
  std::string text = fmt::format(
      "# A workload for {}. `mbench check FILE` shows what it means, `mbench run FILE` runs it;\n"
      "# workloads/README.md has all keys.\n",
      driver.name);
  bool in_driver = false;
  for (const std::string_view line : Split(Trim(example), '\n')) {
    if (line.starts_with("# SPDX")) continue;
    const bool begins = !line.empty() && line.front() != ' ' && line.front() != '#';
    if (begins && in_driver) text += OptionsComment(driver);
    if (begins) in_driver = line.starts_with("driver:");
    if (profile != nullptr && line.starts_with("about:")) continue;
    text += line.starts_with("load:") ? LoadLines(profile, line) : fmt::format("{}\n", line);
  }
  if (in_driver) text += OptionsComment(driver);
  if (example.find("\nstatements:") == std::string::npos) text += StatementsComment(driver);
  if (example.find("\nslo:") == std::string::npos)
    text +=
        "# Objectives, which decide the exit code:\n# slo:\n#   - p99 < 50ms\n#   - errors < 0.1%\n";
  return text;
}

ExitCode UnknownStart(std::string_view what, const std::string& name,
                      std::vector<std::string_view> names) {
  for (const InitProfile& profile : kInitProfiles) names.push_back(profile.name);
  PrintError(fmt::format("no {} is called {}{}", what, Quote(name), Suggest(name, names)));
  return ExitCode::kUsage;
}

ExitCode PrintStart(const std::string& name, const std::string& profile_name) {
  const InitProfile* profile = FindInitProfile(profile_name.empty() ? name : profile_name);
  if (!profile_name.empty() && profile == nullptr)
    return UnknownStart("profile of load", profile_name, {});
  const DriverInfo* driver = FindDriver(name);
  if (const std::string missing = WhyMissing(name); !missing.empty()) {
    PrintError(fmt::format("driver {} is not here: {}", name, missing));
    return ExitCode::kUsage;
  }
  if (driver == nullptr && profile_name.empty() && profile != nullptr) {
    driver = FindDriver(kUsualDriver);
    if (driver == nullptr) driver = FindDriver(kDriverWithoutLibrary);
  }
  if (driver == nullptr) return UnknownStart("driver and no profile of load", name, DriverNames());
  PrintResult(Document(*driver, profile));
  return ExitCode::kPass;
}

}  // namespace

Action AddInit(CLI::App* app) {
  struct Names {
    std::string name, profile;
  };
  const auto names = std::make_shared<Names>();
  app->add_option(
         "name", names->name,
         "A driver (mbench drivers lists them), or a profile of load: steady, ramp, spike, "
         "soak, step, sine")
      ->required();
  app->add_option("profile", names->profile, "With a driver: its load");
  return [names] { return PrintStart(names->name, names->profile); };
}

}  // namespace mbench
