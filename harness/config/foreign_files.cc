// SPDX-License-Identifier: Apache-2.0
#include "harness/config/foreign_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "harness/base/text.h"

namespace mbench {
namespace {

// Far enough for what a script imports, behind a licence.
constexpr std::size_t kLookedAt = 16'384;

struct ForeignTool {
  std::string_view mark;  // is in such a file, and in no workload file
  std::string_view what;
};
constexpr auto kTools = std::to_array<ForeignTool>({
    {"from 'k6", "a script for k6"},
    {"from \"k6", "a script for k6"},
    {"<jmeterTestPlan", "a test plan of JMeter"},
    {"io.gatling", "a simulation for Gatling"},
    {"from locust import", "a file for Locust"},
    {"import locust", "a file for Locust"},
    {"wrk.method", "a Lua script for wrk"},
    {"wrk.headers", "a Lua script for wrk"},
    {"wrk.format", "a Lua script for wrk"},
});
constexpr std::string_view kAdvice =
    "a request of it can be run in one line, as `mbench run URL -c 50 -d 30s -H 'name: value'`; "
    "--print-yaml makes a workload file of that, to be extended (docs/one-line.md)";

// recordcount=1000, workload=site.ycsb.workloads.CoreWorkload: the first line that says anything.
bool IsPropertyFile(std::string_view text) {
  for (const std::string_view line : Split(text, '\n')) {
    const std::string_view said = Trim(line);
    if (said.empty() || said.front() == '#' || said.front() == '!') continue;
    const std::size_t equals = said.find('=');
    if (equals == std::string_view::npos || equals == 0) return false;
    return std::ranges::all_of(Trim(said.substr(0, equals)), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '_' ||
             (c >= '0' && c <= '9');
    });
  }
  return false;
}

}  // namespace

std::string DescribeForeignFile(std::string_view text) {
  const std::string_view head = text.substr(0, kLookedAt);
  for (const ForeignTool& tool : kTools)
    if (head.find(tool.mark) != std::string_view::npos)
      return fmt::format("this is {}, and no workload file; {}", tool.what, kAdvice);
  if (IsPropertyFile(head))
    return "this is a file of properties, and no workload file; one for YCSB is run by `mbench ycsb "
           "-P FILE`";
  return "";
}

}  // namespace mbench
