// SPDX-License-Identifier: Apache-2.0
//
// What this process may take of the host.
#include <fmt/format.h>

#include <array>

#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/doctor/cgroup.h"
#include "harness/doctor/host_checks.h"

namespace mbench {
namespace {

// A line of /proc/self/limits: "Max open files            1024                 4096       files".
Look OpenFiles(const HostView& host) {
  constexpr std::string_view kName = "Max open files";
  const auto text = host.root.Text("proc/self/limits");
  if (!text) return {};
  for (const std::string_view line : Split(*text, '\n')) {
    if (!line.starts_with(kName)) continue;
    const std::string_view rest = Trim(line.substr(kName.size()));
    const std::string_view soft = rest.substr(0, rest.find(' '));
    const auto limit = ParseNumber(soft);
    const bool well = soft == "unlimited" || (limit && *limit >= 65'536);
    return {well ? FindingState::kWell : FindingState::kChange, std::string(soft)};
  }
  return {};
}

Look AllOpenFiles(const HostView& host) {
  const auto text = host.root.Text("proc/sys/fs/file-nr");  // "used free most"
  if (!text) return {};
  const auto used = ParseNumber(std::string_view(*text).substr(0, text->find_first_of(" \t")));
  const auto most = ParseNumber(std::string_view(*text).substr(text->find_last_of(" \t") + 1));
  if (!used || !most) return {};
  return {*used < *most * 0.8 ? FindingState::kWell : FindingState::kChange,
          *most > 1e15 ? fmt::format("{}, without a limit", NumberText(*used))
                       : fmt::format("{} of {}", NumberText(*used), NumberText(*most))};
}

Look CpuLimit(const HostView& host) {
  const Cgroup group(host.root);
  if (!group.Known()) return {};
  const auto limit = group.CpuLimit();
  if (!limit) return {FindingState::kWell, "none"};
  return {FindingState::kChange, fmt::format("{:.2f} cores", *limit)};
}

Look Throttling(const HostView& host) {
  const Cgroup group(host.root);
  if (!group.Known()) return {};
  const auto throttled = group.CpuThrottled();
  if (!throttled || throttled->times == 0) return {FindingState::kWell, "never"};
  return {FindingState::kChange, fmt::format("{} times, {:.1f} s in all",
                                             NumberText(throttled->times), throttled->seconds)};
}

Look MemoryLimit(const HostView& host) {
  const Cgroup group(host.root);
  if (!group.Known()) return {};
  const auto limit = group.MemoryLimit();
  const auto text = host.root.Text("proc/meminfo");
  const auto total = text ? LineNumber(*text, "MemTotal") : std::nullopt;
  if (!limit || (total && *limit >= *total)) return {FindingState::kWell, "none"};
  return {FindingState::kMind, FormatBytes(*limit)};
}

constexpr auto kLimitChecks = std::to_array<HostCheck>({
    {"open files", OpenFiles, "65536 or more",
     "every connection is a file; beyond the limit none is made", "ulimit -n 65536"},
    {"open files of all", AllOpenFiles, "below 80 % of the limit",
     "beyond it no process of the host opens a file or a connection",
     "sysctl -w fs.file-max=1000000"},
    {"CPU limit", CpuLimit, "none",
     "when its share of 100 ms is used up, all threads stop until the next 100 ms",
     "run it without --cpus, or with whole cores by --cpuset-cpus"},
    {"throttling", Throttling, "never",
     "the cgroup was held back: latencies are those of its limit, not of the system",
     "raise the limit, or take it away"},
    {"memory limit", MemoryLimit, "none, or more than client and data need",
     "at the limit pages are taken back, and then the process is ended",
     "run it with a larger --memory"},
});

}  // namespace

std::span<const HostCheck> LimitChecks() { return kLimitChecks; }

}  // namespace mbench
