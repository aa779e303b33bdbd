// SPDX-License-Identifier: Apache-2.0
//
// Every pair NAME.args + NAME.expected in one_line/ is a test: a URL and flags, one word a line,
// and the workload file they stand for, or all that is wrong with them. MBENCH_UPDATE=1 writes the
// second.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "harness/cmd/workload_input.h"

namespace mbench {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

Result<RunPlan> ReadWords(std::vector<std::string> words) {
  CLI::App app;
  WorkloadInput input;
  input.AddTo(&app);
  std::ranges::reverse(words);  // as CLI11 wants them
  app.parse(words);
  return input.Read();
}

std::vector<std::string> LinesOf(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

std::vector<std::string> OneLineCases() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(ONE_LINE_FOLDER))
    if (entry.path().extension() == ".args") names.push_back(entry.path().stem().string());
  std::ranges::sort(names);
  return names;
}

class OneLine : public testing::TestWithParam<std::string> {};

TEST_P(OneLine, StandsForWhatIsExpected) {
  const std::filesystem::path folder(ONE_LINE_FOLDER);
  ::setenv("API_KEY", "from-the-environment", 1);
  ::setenv("PW", "from-the-environment", 1);
  const Result<RunPlan> plan = ReadWords(LinesOf(folder / (GetParam() + ".args")));
  const std::string said = plan ? plan->source_text : plan.error().message + "\n";
  const std::filesystem::path expected = folder / (GetParam() + ".expected");
  if (std::getenv("MBENCH_UPDATE") != nullptr) {
    std::ofstream(expected) << said;
    return;
  }
  std::ifstream file(expected);
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_EQ(said, text.str());
}

INSTANTIATE_TEST_SUITE_P(Cmd, OneLine, testing::ValuesIn(OneLineCases()),
                         [](const auto& one) { return one.param; });

TEST(OneLineSecrets, ReachTheDriverAndNothingThatIsStored) {
  const Result<RunPlan> plan = ReadWords(
      {"https://anna:s3cr%40t@example.org/x?token=t0ken123", "-H", "authorization: Bearer abcdef"});
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_EQ(plan->driver.options.Text("basic"), "anna:s3cr@t");
  for (const char* secret : {"s3cr", "t0ken123", "abcdef"})
    EXPECT_THAT(plan->source_text, Not(HasSubstr(secret)));
  for (const char* secret : {"anna:s3cr@t", "s3cr@t", "s3cr%40t", "t0ken123", "Bearer abcdef"})
    EXPECT_THAT(plan->secrets, Contains(secret));
}

TEST(OneLineSecrets, AreNotInMessages) {
  const Result<RunPlan> plan = ReadWords(
      {"http://anna:hunter22@h:99999/x?token=t0ken123", "-H", "cookie: abcdef", "-m", "?"});
  ASSERT_FALSE(plan);
  for (const char* secret : {"hunter22", "t0ken123", "abcdef"})
    EXPECT_THAT(plan.error().message, Not(HasSubstr(secret)));
}

TEST(OneLineFile, IsReadByTheSameReaderAsTheFileItPrints) {
  const Result<RunPlan> made =
      ReadWords({"redis://127.0.0.1", "-c", "7", "-d", "3s", "--mix", "read=1,update=1"});
  ASSERT_TRUE(made) << made.error().message;
  const Result<RunPlan> read = ReadWorkloadText(made->source_text, "file", ProgramContext());
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->name, made->name);
  EXPECT_EQ(read->mix.weights, made->mix.weights);
  EXPECT_EQ(read->load.stages.size(), made->load.stages.size());
  EXPECT_EQ(read->driver.options.Text("url"), "redis://127.0.0.1");
}

}  // namespace
}  // namespace mbench
