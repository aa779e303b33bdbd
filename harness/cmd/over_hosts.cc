// SPDX-License-Identifier: Apache-2.0
//
// --hosts: mpirun with the words that a run needs.
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "harness/base/console.h"
#include "harness/base/secrets.h"
#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/cmd/ranked_command.h"
#include "harness/cmd/shell_words.h"
#include "harness/cmd/terminal.h"
#include "harness/run/run_head.h"

namespace mbench {
namespace {

constexpr std::string_view kOption = "--hosts";

// "a" is one rank, "a:4" are four.
Result<std::int64_t> RanksOf(std::string_view host) {
  constexpr std::string_view kLetters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
  const std::size_t colon = host.find(':');
  const std::string_view name = host.substr(0, colon);
  const bool fits = !name.empty() && name.front() != '-' &&
                    name.find_first_not_of(kLetters) == std::string_view::npos;
  const Result<std::int64_t> count = colon == std::string_view::npos
                                         ? Result<std::int64_t>(1)
                                         : ParseCount(std::string(host.substr(colon + 1)));
  if (!fits || !count || *count == 0)
    return BadConfig(
        "--hosts: {} is no host; expected names with commas between them, and how many "
        "processes behind a colon, as in a,b:4",
        Quote(host));
  return *count;
}

std::vector<std::string> WithoutHosts(const std::vector<std::string>& words) {
  std::vector<std::string> kept;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == kOption)
      ++i;
    else if (!words[i].starts_with(std::string(kOption) + "="))
      kept.push_back(words[i]);
  }
  return kept;
}

}  // namespace

Result<std::vector<std::string>> MpirunWords(const std::string& hosts,
                                             const std::vector<std::string>& words,
                                             const std::vector<std::string>& variables,
                                             bool is_root) {
  std::int64_t ranks = 0;
  for (const std::string_view host : Split(hosts, ',')) {
    const Result<std::int64_t> count = RanksOf(host);
    if (!count) return Failed(count);
    ranks += *count;
  }
  std::vector<std::string> command = {"mpirun",    "-n",  std::to_string(ranks), "--host", hosts,
                                      "--bind-to", "none"};
  if (is_root) command.emplace_back("--allow-run-as-root");
  for (const std::string& name : variables) {
    command.emplace_back("-x");
    command.push_back(name);
  }
  for (std::string& word : WithoutHosts(words)) command.push_back(std::move(word));
  command.emplace_back("--mpi");
  return command;
}

ExitCode RunOverHosts(const std::string& hosts, const WorkloadInput& input) {
  if (input.file == "-") {
    return Report({ErrorKind::kUsage,
                   "--hosts cannot hand standard input on; write the workload into a file"});
  }
  std::vector<std::string> variables;
  const Result<RunPlan> plan = input.ReadNoting(&variables);
  if (!plan) return Report(plan.error());
  std::vector<std::string> words = CommandLine();
  std::error_code error;
  if (const auto self = std::filesystem::read_symlink("/proc/self/exe", error); !error)
    words[0] = self.string();
  const bool is_root = geteuid() == 0;
  const Result<std::vector<std::string>> command = MpirunWords(hosts, words, variables, is_root);
  if (!command) return Report(command.error());
  std::vector<std::string> safe = SafeCommandLine(plan->secrets);
  safe[0] = words[0];
  WriteToStderr(ShellLine(*MpirunWords(hosts, safe, variables, is_root)));
  std::vector<char*> arguments;
  for (const std::string& word : *command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  execvp(arguments[0], arguments.data());
  return Report({ErrorKind::kUsage, fmt::format("mpirun cannot be started: {}; install openmpi-bin",
                                                strerror(errno))});
}

}  // namespace mbench
