// SPDX-License-Identifier: Apache-2.0
//
// Every driver folder has its four files; its example can be read, and its README's tables of
// options and of words are those in the code; drivers/README.md shows the driver from outside as it
// is. With MBENCH_UPDATE=1 in the environment what the files have is written anew.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "drivers/registry.h"
#include "harness/base/text.h"
#include "harness/config/workload_reader.h"
#include "tests/drivers/testing.h"

namespace mbench::testing {
namespace {

std::string Folder(std::string_view driver) {
  return fmt::format("{}/{}", MBENCH_DRIVERS_DIR, driver);
}

std::string TypeText(const OptionSpec& spec) {
  if (spec.type == OptionType::kChoice)
    return fmt::format("{}", fmt::join(Split(spec.choices, '|'), ", "));
  const std::string range = spec.range.empty() ? "" : fmt::format(", {}", spec.range);
  return std::string(Describe(spec.type)) + range;
}

std::string OptionsTable(std::span<const OptionSpec> options) {
  if (options.empty()) return "It has no options.\n";
  std::string table = "| option | value | default | |\n|---|---|---|---|\n";
  for (const OptionSpec& spec : options) {
    const std::string fallback = spec.required           ? "required"
                                 : spec.fallback.empty() ? "none"
                                                         : fmt::format("`{}`", spec.fallback);
    table +=
        fmt::format("| `{}` | {} | {} | {} |\n", spec.name, TypeText(spec), fallback, spec.help);
  }
  return table;
}

std::string WordRow(const WordSpec& word) {
  std::string value = Describe(word);
  if (!word.range.empty()) value += fmt::format(", {}", word.range);
  if (!word.example.empty()) value += fmt::format(", `{}`", word.example);
  std::string help(word.help);
  if (word.required) help += "; required";
  if (!word.fallback.empty()) help += fmt::format("; default `{}`", word.fallback);
  const std::string with =
      word.of.empty() ? "" : fmt::format("{}", fmt::join(Split(word.of, '|'), ", "));
  return fmt::format("| `{}` | {} | {} | {} | {} |\n", word.name, value, help, with,
                     DescribePlaces(word.where));
}

std::string WordsTable(const DriverLanguage& language) {
  if (language.words.empty()) return "It has no statements.\n";
  std::string table =
      "Each statement has one of these words:\n\n| word | value | | | in |\n|---|---|---|---|---|\n";
  for (const WordSpec& word : language.words)
    if (word.is_head) table += WordRow(word);
  std::string rest;
  for (const WordSpec& word : language.words)
    if (!word.is_head) rest += WordRow(word);
  if (rest.empty()) return table;
  return table +
         "\nand may have these:\n\n| word | value | | with | in |\n|---|---|---|---|---|\n" + rest;
}

std::vector<std::string_view> Names() {
  std::vector<std::string_view> names;
  for (const DriverInfo* const info : AllDrivers()) names.push_back(info->name);
  return names;
}

class DriverFolder : public ::testing::TestWithParam<std::string_view> {};
INSTANTIATE_TEST_SUITE_P(, DriverFolder, ::testing::ValuesIn(Names()),
                         [](const auto& instance) { return std::string(instance.param); });

TEST_P(DriverFolder, HasTheSameFourFilesAsEveryOther) {
  const std::string_view name = GetParam();
  for (const std::string& file : {fmt::format("{}_driver.cc", name), std::string("CMakeLists.txt"),
                                  std::string("README.md"), std::string("example.yaml")}) {
    EXPECT_TRUE(std::filesystem::exists(Folder(name) + "/" + file)) << file;
  }
}

// What stands in a file between two lines is `expected`, or becomes it.
void ExpectBetween(const std::string& path, std::string_view begin_line, std::string_view end_line,
                   const std::string& expected) {
  const std::string text = ReadFile(path);
  const std::size_t begin = text.find(begin_line);
  const std::size_t end = text.find(end_line, begin);
  ASSERT_TRUE(begin != std::string::npos && end != std::string::npos)
      << path << " lacks " << begin_line << end_line;
  const std::size_t shown = begin + begin_line.size();
  if (std::getenv("MBENCH_UPDATE") != nullptr) {
    WriteFile(path, text.substr(0, shown) + expected + text.substr(end));
    return;
  }
  EXPECT_EQ(text.substr(shown, end - shown), expected) << "run this test with MBENCH_UPDATE=1";
}

void ExpectTable(std::string_view driver, std::string_view what, const std::string& expected) {
  ExpectBetween(Folder(driver) + "/README.md",
                fmt::format("<!-- {}: written by tests/drivers/readme_test.cc -->\n", what),
                fmt::format("<!-- end of {} -->\n", what), expected);
}

TEST_P(DriverFolder, ReadmeHasTheOptionsOfTheCode) {
  ExpectTable(GetParam(), "options", OptionsTable(FindDriver(GetParam())->options));
}

TEST_P(DriverFolder, ReadmeHasTheWordsOfTheCode) {
  ExpectTable(GetParam(), "words", WordsTable(FindDriver(GetParam())->language));
}

TEST(DriversReadme, ShowsTheDriverFromOutsideAsItIsBuilt) {
  const std::pair<const char*, const char*> kShown[] = {{"CMakeLists.txt", "cmake"},
                                                        {"files_driver.cc", "cpp"}};
  for (const auto& [file, language] : kShown) {
    const std::string begin = fmt::format(
        "<!-- tests/drivers/outside/{}: held to it by tests/drivers/readme_test.cc -->\n", file);
    const std::string text = ReadFile(fmt::format("{}/{}", MBENCH_OUTSIDE_DIR, file));
    ASSERT_NE(text, "") << file;
    ExpectBetween(Folder("README.md"), begin, "<!-- end -->\n",
                  fmt::format("```{}\n{}```\n", language, text));
  }
}

TEST_P(DriverFolder, ExampleIsAWorkloadWithoutMistakes) {
  ReadContext context;
  std::vector<DriverOptions> drivers;
  for (const DriverInfo* const info : AllDrivers())
    drivers.push_back({info->name, info->options, "", &info->language, info->check_options});
  context.SetDrivers(std::move(drivers));
  // Secrets have no default in a file.
  context.environment = [](const std::string& name) -> std::optional<std::string> {
    return name.starts_with("AWS_") ? std::optional<std::string>("a secret") : std::nullopt;
  };
  const auto plan = ReadWorkloadFile(Folder(GetParam()) + "/example.yaml", context);
  ASSERT_TRUE(plan) << plan.error().message;
  // What is only observed stands beside what is driven.
  std::vector<std::string> used;
  for (const DriverPlan* const system : SystemsOf(*plan)) used.push_back(system->use);
  EXPECT_THAT(used, ::testing::Contains(std::string(GetParam())));
}

}  // namespace
}  // namespace mbench::testing
