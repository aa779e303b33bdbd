// SPDX-License-Identifier: Apache-2.0
//
// Every pair NAME.yaml + NAME.yaml.expected in cases/ is a test: the reader must say exactly what
// the second file holds, which is the plan, or the mistakes. NAME.properties is read as a YCSB
// property file.
//
// A case whose name begins with that of a driver is read with the tables of the real drivers; the
// others with those of fake_drivers.cc.
//
// Arguments stand in the first line of a case:
//     # --set load.over=10s --set name=x
//     # --driver store --phase load -p threadcount=4
//
// MBENCH_UPDATE=1 writes what the reader says into the .expected files; look at the difference.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "drivers/registry.h"
#include "harness/base/text.h"
#include "harness/config/ycsb_reader.h"
#include "tests/config/fake_drivers.h"
#include "tests/config/plan_text.h"

namespace mbench {
namespace {

std::string ReadAll(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// The words of the first line, when it is a comment of arguments.
std::vector<std::string> ArgumentsIn(const std::string& text) {
  std::vector<std::string> words;
  if (!text.starts_with("# -")) return words;
  std::istringstream line(text.substr(2, text.find('\n') - 2));
  for (std::string word; line >> word;) words.push_back(word);
  return words;
}

std::pair<std::string, std::string> SplitPair(const std::string& text) {
  const std::size_t equals = text.find('=');
  return {text.substr(0, equals), text.substr(equals + 1)};
}

ReadContext ContextOf(const std::string& file) {
  ReadContext context = FakeContext();
  const std::string driver = file.substr(0, file.find('_'));
  if (FindDriver(driver) == nullptr) return context;
  context.drivers = DriverNames();
  context.options_of = [](std::string_view name) {
    const DriverInfo& info = *FindDriver(name);
    return DriverOptions{info.name, info.options, "", &info.language, info.check_options};
  };
  return context;
}

Result<RunPlan> ReadYamlCase(const std::string& file, const std::vector<std::string>& arguments) {
  ReadContext context = ContextOf(file);
  for (std::size_t i = 0; i + 1 < arguments.size(); i += 2) {
    const auto [path, value] = SplitPair(arguments[i + 1]);
    context.overrides.push_back({path, value});
  }
  return ReadWorkloadFile(file, context);
}

Result<RunPlan> ReadPropertiesCase(const std::string& file,
                                   const std::vector<std::string>& arguments) {
  YcsbInput input;
  input.files = {file};
  for (std::size_t i = 0; i + 1 < arguments.size(); i += 2) {
    const std::string& value = arguments[i + 1];
    if (arguments[i] == "--driver") input.driver = value;
    if (arguments[i] == "-P") input.files.push_back(value);
    if (arguments[i] == "-p") input.properties.push_back(SplitPair(value));
    if (arguments[i] == "--phase")
      input.phase = value == "load" ? YcsbPhase::kLoad : YcsbPhase::kRun;
  }
  return ReadYcsb(input, FakeYcsbContext());
}

std::vector<std::string> CaseFiles() {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(CASES_FOLDER)) {
    const std::string extension = entry.path().extension().string();
    if (extension == ".yaml" || extension == ".properties")
      files.push_back(entry.path().filename().string());
  }
  std::ranges::sort(files);
  return files;
}

class Case : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override { std::filesystem::current_path(CASES_FOLDER); }
};

TEST_P(Case, SaysWhatIsExpected) {
  const std::string& file = GetParam();
  const std::vector<std::string> arguments = ArgumentsIn(ReadAll(file));
  const bool is_yaml = file.ends_with(".yaml");
  const Result<RunPlan> plan =
      is_yaml ? ReadYamlCase(file, arguments) : ReadPropertiesCase(file, arguments);
  const std::string said = plan ? PlanText(*plan) : plan.error().message + "\n";
  const std::string expected_file = file + ".expected";
  if (std::getenv("MBENCH_UPDATE") != nullptr) {
    std::ofstream(expected_file, std::ios::binary) << said;
    return;
  }
  ASSERT_TRUE(std::filesystem::exists(expected_file))
      << "run with MBENCH_UPDATE=1 to make " << expected_file;
  EXPECT_EQ(said, ReadAll(expected_file)) << file;
}

std::string TestName(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Config, Case, testing::ValuesIn(CaseFiles()), TestName);

}  // namespace
}  // namespace mbench
