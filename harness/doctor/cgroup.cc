// SPDX-License-Identifier: Apache-2.0
#include "harness/doctor/cgroup.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/base/text.h"
#include "harness/base/units.h"

namespace mbench {
namespace {

// From `path` below `mount` up to it. In a container the path may be that of the host, of which
// only the mount is to be seen: folders that are not there have no files.
std::vector<std::string> FoldersOf(std::string_view mount, std::string_view path) {
  std::vector<std::string> folders;
  std::string below(path == "/" ? "" : path);
  while (!below.empty()) {
    folders.push_back(std::string(mount) + below);
    below.resize(below.find_last_of('/') == std::string::npos ? 0 : below.find_last_of('/'));
  }
  folders.emplace_back(mount);
  return folders;
}

// Version 1 writes "no limit" as a number near 2^63.
constexpr double kNoLimit = 1e18;

}  // namespace

Cgroup::Cgroup(const RootFolder& root) : root_(root) {
  const auto text = root.Text("proc/self/cgroup");
  if (!text) return;
  const bool hybrid = root.Has("sys/fs/cgroup/unified");
  for (const std::string_view line : Split(*text, '\n')) {
    // "0::/path" or "4:cpu,cpuacct:/path"
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos) continue;
    const std::string_view controllers = line.substr(first + 1, second - first - 1);
    const std::string_view path = line.substr(second + 1);
    if (controllers.empty())
      v2_ = FoldersOf(hybrid ? "sys/fs/cgroup/unified" : "sys/fs/cgroup", path);
    for (const std::string_view controller : Split(controllers, ',')) {
      if (controller == "cpu") cpu_ = FoldersOf("sys/fs/cgroup/cpu", path);
      if (controller == "memory") memory_ = FoldersOf("sys/fs/cgroup/memory", path);
    }
  }
}

std::optional<double> Cgroup::CpuLimit() const {
  double least = INFINITY;
  for (const std::string& folder : v2_) {
    const auto text = root_.Text(folder + "/cpu.max");  // "max 100000" or "150000 100000"
    if (!text) continue;
    const std::size_t blank = text->find(' ');
    const auto quota = ParseNumber(std::string_view(*text).substr(0, blank));
    const auto period = blank == std::string::npos
                            ? Result<double>(100'000)
                            : ParseNumber(std::string_view(*text).substr(blank + 1));
    if (quota && period && *period > 0) least = std::min(least, *quota / *period);
  }
  for (const std::string& folder : cpu_) {
    const auto quota = root_.Number(folder + "/cpu.cfs_quota_us");
    const auto period = root_.Number(folder + "/cpu.cfs_period_us");
    if (quota && period && *quota > 0 && *period > 0) least = std::min(least, *quota / *period);
  }
  return std::isinf(least) ? std::nullopt : std::optional<double>(least);
}

std::optional<Cgroup::Throttled> Cgroup::CpuThrottled() const {
  for (const auto* folders : {&v2_, &cpu_}) {
    for (const std::string& folder : *folders) {
      const auto text = root_.Text(folder + "/cpu.stat");
      const auto times = text ? LineNumber(*text, "nr_throttled") : std::nullopt;
      if (!times) continue;
      const double micros = LineNumber(*text, "throttled_usec").value_or(0);
      const double nanos = LineNumber(*text, "throttled_time").value_or(0);
      return Throttled{*times, micros / 1e6 + nanos / 1e9};
    }
  }
  return std::nullopt;
}

std::optional<double> Cgroup::MemoryLimit() const {
  double least = kNoLimit;
  for (const std::string& folder : v2_)
    least = std::min(least, root_.Number(folder + "/memory.max").value_or(kNoLimit));
  for (const std::string& folder : memory_)
    least = std::min(least, root_.Number(folder + "/memory.limit_in_bytes").value_or(kNoLimit));
  return least >= kNoLimit ? std::nullopt : std::optional<double>(least);
}

}  // namespace mbench
