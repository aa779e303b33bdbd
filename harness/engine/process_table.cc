// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/process_table.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

#include "harness/base/turns.h"

namespace mbench {
namespace {

// "1234 (name) S 1 ...": a name may hold blanks and parentheses. Behind it: state is field 3, the
// parent 4; utime, stime, cutime and cstime are 14 to 17, the number of threads 20.
std::optional<ProcessEntry> ReadProcess(const std::string& path) {
  std::ifstream file(path);
  std::string text;
  if (!std::getline(file, text)) return std::nullopt;  // it has ended
  const std::size_t open = text.find('('), close = text.rfind(')');
  if (open == std::string::npos || close == std::string::npos || close < open) return std::nullopt;
  ProcessEntry entry{.name = text.substr(open + 1, close - open - 1)};
  std::istringstream fields(text.substr(close + 1));
  std::string skipped;
  fields >> skipped >> entry.parent;
  for (int field = 5; field < 14; ++field) fields >> skipped;
  for (int field = 14; field < 18; ++field) {
    std::uint64_t ticks = 0;
    fields >> ticks;
    entry.ticks += ticks;
    if (field < 16) entry.own_ticks += ticks;
  }
  if (!fields) return std::nullopt;
  int threads = 0;
  if (fields >> skipped >> skipped >> threads) entry.threads = threads;
  return entry;
}

std::optional<int> NumberOf(const std::string& name) {
  int number = 0;
  const auto [end, wrong] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (wrong != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return number;
}

// Who has the time of a process now: itself, or the nearest of its ancestors that is still there.
int HeirOf(int pid, const ProcessTable& before, const ProcessTable& after) {
  while (!after.contains(pid)) {
    const auto found = before.find(pid);
    if (found == before.end()) return 0;
    pid = found->second.parent;
  }
  return pid;
}

}  // namespace

ProcessTable ReadProcesses(const std::string& root) {
  ProcessTable table;
  std::error_code error;
  for (const auto& folder : std::filesystem::directory_iterator(root + "/proc", error)) {
    LetOthersRun();
    const std::optional<int> pid = NumberOf(folder.path().filename());
    if (!pid) continue;
    if (auto entry = ReadProcess(folder.path() / "stat")) table.emplace(*pid, *std::move(entry));
  }
  return table;
}

ThreadTicks ReadThreads(const std::string& root, int pid, const ProcessEntry& process) {
  if (process.threads <= 1) return {{pid, process.own_ticks}};
  ThreadTicks threads;
  std::error_code error;
  const std::string tasks = root + "/proc/" + std::to_string(pid) + "/task";
  for (const auto& folder : std::filesystem::directory_iterator(tasks, error)) {
    LetOthersRun();
    const std::optional<int> id = NumberOf(folder.path().filename());
    if (!id) continue;
    if (const auto thread = ReadProcess(folder.path() / "stat"))
      threads.emplace(*id, thread->own_ticks);
  }
  return threads;
}

std::set<int> WithDescendants(const ProcessTable& table, const std::set<int>& roots) {
  std::set<int> all = roots;
  for (bool grown = true; grown;) {
    grown = false;
    for (const auto& [pid, entry] : table)
      if (all.contains(entry.parent)) grown |= all.insert(pid).second;
  }
  return all;
}

ProcessTable Growth(const ProcessTable& before, const ProcessTable& after) {
  ProcessTable growth = after;
  for (const auto& [pid, entry] : before) {
    const auto found = growth.find(HeirOf(pid, before, after));
    if (found != growth.end()) found->second.ticks -= std::min(entry.ticks, found->second.ticks);
  }
  return growth;
}

}  // namespace mbench
