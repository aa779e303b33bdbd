// SPDX-License-Identifier: Apache-2.0
#include "tests/drivers/system/program.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "harness/base/check.h"

namespace mbench::testing {

using ::testing::HasSubstr;

FinishedRun RunProgram(const std::string& program, const std::string& file,
                       const std::string& more) {
  std::string results = std::filesystem::temp_directory_path() / "mbench-run-XXXXXX";
  MB_CHECK(mkdtemp(results.data()) != nullptr, "no temporary directory {}", results);
  const std::string command = fmt::format("'{}' run '{}' --json --progress none --results '{}' {}",
                                          program, file, results, more);
  FILE* const pipe = popen(command.c_str(), "r");
  std::string said;
  for (int c = 0; (c = std::fgetc(pipe)) != EOF;) said += static_cast<char>(c);
  FinishedRun run;
  run.exit_code = WEXITSTATUS(pclose(pipe));
  const auto told = nlohmann::json::parse(said, nullptr, false);
  if (!told.is_object()) {
    ADD_FAILURE() << command << " said: " << said;
    return run;
  }
  std::ifstream stored(told.at("folder").get<std::string>() + "/run.json");
  run.document = nlohmann::json::parse(stored, nullptr, false);
  std::error_code ignored;
  std::filesystem::remove_all(results, ignored);
  return run;
}

void ExpectCode(const FinishedRun& run, int code) {
  const auto& invalid = run.document.at("invalid");
  for (const auto& why : invalid) {
    EXPECT_THAT(why.get<std::string>(),
                ::testing::AnyOf(HasSubstr("offered load"), HasSubstr("other processes"),
                                 HasSubstr("load generator")));
  }
  EXPECT_EQ(run.exit_code, invalid.empty() ? code : 4) << invalid << run.document.at("slo");
}

std::int64_t EndedOk(const nlohmann::json& list, const std::string& name) {
  for (const nlohmann::json& item : list)
    if (item.at("name") == name) return item.at("ended").at("ok").get<std::int64_t>();
  return -1;
}

}  // namespace mbench::testing
