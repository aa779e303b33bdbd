// SPDX-License-Identifier: Apache-2.0
//
// Every driver folder has its four files; its example can be read, and its README's table of
// options is the table in the code. With MBENCH_UPDATE=1 in the environment the tables are written
// anew.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "drivers/registry.h"
#include "harness/base/text.h"
#include "harness/config/workload_reader.h"
#include "tests/drivers/testing.h"

namespace mbench::testing {
namespace {

constexpr std::string_view kBegin = "<!-- options: written by tests/drivers/readme_test.cc -->\n";
constexpr std::string_view kEnd = "<!-- end of options -->\n";

std::string Folder(std::string_view driver) {
  return fmt::format("{}/{}", MBENCH_DRIVERS_DIR, driver);
}

std::string TypeText(const OptionSpec& spec) {
  if (spec.type != OptionType::kChoice) return std::string(Describe(spec.type));
  return fmt::format("{}", fmt::join(Split(spec.choices, '|'), ", "));
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

TEST_P(DriverFolder, ReadmeHasTheOptionsOfTheCode) {
  const std::string path = Folder(GetParam()) + "/README.md";
  const std::string text = ReadFile(path);
  const std::size_t begin = text.find(kBegin);
  const std::size_t end = text.find(kEnd);
  ASSERT_TRUE(begin != std::string::npos && end != std::string::npos)
      << path << " lacks " << kBegin << kEnd;
  const std::size_t table = begin + kBegin.size();
  const std::string expected = OptionsTable(FindDriver(GetParam())->options);
  if (std::getenv("MBENCH_UPDATE") != nullptr) {
    WriteFile(path, text.substr(0, table) + expected + text.substr(end));
    return;
  }
  EXPECT_EQ(text.substr(table, end - table), expected) << "run this test with MBENCH_UPDATE=1";
}

TEST_P(DriverFolder, ExampleIsAWorkloadWithoutMistakes) {
  ReadContext context;
  context.SetDrivers({{GetParam(), FindDriver(GetParam())->options, ""}});
  context.environment = [](const std::string&) { return std::nullopt; };
  const auto plan = ReadWorkloadFile(Folder(GetParam()) + "/example.yaml", context);
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_EQ(plan->driver.use, GetParam());
}

}  // namespace
}  // namespace mbench::testing
