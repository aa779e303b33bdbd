// SPDX-License-Identifier: Apache-2.0
//
// Huge pages, swap, and what waits to be written. Files: Documentation/admin-guide of the kernel,
// mm/transhuge and sysctl/vm.
#include <fmt/format.h>

#include <array>

#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/doctor/host_checks.h"

namespace mbench {
namespace {

constexpr double kGiB = 1 << 30;

Look NotAlways(const HostView& host, std::string_view file) {
  const auto text = host.root.Text(file);
  if (!text) return {};
  const std::string chosen = ChosenOf(*text);
  return {chosen == "always" ? FindingState::kChange : FindingState::kWell, chosen};
}

Look HugePages(const HostView& host) {
  return NotAlways(host, "sys/kernel/mm/transparent_hugepage/enabled");
}

Look HugePageDefrag(const HostView& host) {
  return NotAlways(host, "sys/kernel/mm/transparent_hugepage/defrag");
}

// Of /proc/meminfo, in bytes.
std::optional<double> MemoryOf(const HostView& host, std::string_view name) {
  const auto text = host.root.Text("proc/meminfo");
  return text ? LineNumber(*text, name) : std::nullopt;
}

Look FreeMemory(const HostView& host) {
  const auto total = MemoryOf(host, "MemTotal"), free = MemoryOf(host, "MemAvailable");
  if (!total || !free || *total <= 0) return {};
  return {*free >= *total * 0.1 ? FindingState::kWell : FindingState::kChange,
          fmt::format("{} of {}", FormatBytes(*free), FormatBytes(*total))};
}

Look SwapUsed(const HostView& host) {
  const auto total = MemoryOf(host, "SwapTotal"), free = MemoryOf(host, "SwapFree");
  if (!total || !free) return {};
  if (*total == 0) return {FindingState::kWell, "there is no swap"};
  const double used = *total - *free;
  return {used <= 0.01 * *total ? FindingState::kWell : FindingState::kChange,
          fmt::format("{} of {} used", FormatBytes(used), FormatBytes(*total))};
}

Look Swappiness(const HostView& host) {
  const auto total = MemoryOf(host, "SwapTotal");
  Look look = NumberLook(host, "proc/sys/vm/swappiness", [](double value) { return value <= 10; });
  if (look.state == FindingState::kChange && total && *total == 0)
    return {FindingState::kWell, look.is + ", and there is no swap"};
  return look;
}

// A limit in bytes, given so or as a part of the memory.
std::optional<double> DirtyBytes(const HostView& host, std::string_view name) {
  const auto bytes = host.root.Number(fmt::format("proc/sys/vm/{}_bytes", name));
  if (bytes && *bytes > 0) return bytes;
  const auto ratio = host.root.Number(fmt::format("proc/sys/vm/{}_ratio", name));
  auto memory = MemoryOf(host, "MemAvailable");  // a part of what could be had, says sysctl/vm
  if (!memory) memory = MemoryOf(host, "MemTotal");
  if (!ratio || !memory) return std::nullopt;
  return *ratio / 100 * *memory;
}

Look Dirty(const HostView& host) {
  const auto bytes = DirtyBytes(host, "dirty");
  if (!bytes) return {};
  return {*bytes <= 4 * kGiB ? FindingState::kWell : FindingState::kChange,
          fmt::format("up to {}", FormatBytes(*bytes))};
}

Look DirtyBackground(const HostView& host) {
  const auto bytes = DirtyBytes(host, "dirty_background");
  if (!bytes) return {};
  return {*bytes <= 2 * kGiB ? FindingState::kWell : FindingState::kChange,
          fmt::format("from {} on", FormatBytes(*bytes))};
}

Look Overcommit(const HostView& host) {
  const auto mode = host.root.Number("proc/sys/vm/overcommit_memory");
  if (!mode) return {};
  constexpr std::array<std::string_view, 3> kModes = {"0: by guess", "1: always", "2: never"};
  const auto index = static_cast<std::size_t>(*mode);
  return {index == 2 ? FindingState::kMind : FindingState::kWell,
          index < kModes.size() ? std::string(kModes[index]) : NumberText(*mode)};
}

Look ZoneReclaim(const HostView& host) {
  return NumberLook(host, "proc/sys/vm/zone_reclaim_mode", [](double mode) { return mode == 0; });
}

constexpr auto kMemoryChecks = std::to_array<HostCheck>({
    {"free memory", FreeMemory, "a tenth or more",
     "the kernel takes pages back while the server wants some", "free -h; ps aux --sort=-rss"},
    {"transparent huge pages", HugePages, "madvise or never",
     "the kernel stops a process to gather pages of 2 MiB, which is seen as latency",
     "echo madvise > /sys/kernel/mm/transparent_hugepage/enabled"},
    {"huge page defrag", HugePageDefrag, "madvise, defer or never",
     "with always a page fault may wait until memory has been moved together",
     "echo madvise > /sys/kernel/mm/transparent_hugepage/defrag"},
    {"swap", SwapUsed, "unused",
     "what was swapped out is read from the disk in the middle of an operation",
     "swapoff -a && swapon -a"},
    {"swappiness", Swappiness, "10 or less",
     "memory of the server is swapped out in favour of files that nobody reads again",
     "sysctl -w vm.swappiness=1"},
    {"dirty limit", Dirty, "4 GiB or less",
     "when so much waits to be written, every writer stops until the disk has caught up",
     "sysctl -w vm.dirty_bytes=1073741824"},
    {"dirty background", DirtyBackground, "2 GiB or less",
     "writing begins so late that it comes in waves",
     "sysctl -w vm.dirty_background_bytes=268435456"},
    {"overcommit", Overcommit, "0, or 1 for Redis",
     "with 2 the fork of a server for a save may be refused", "sysctl -w vm.overcommit_memory=1"},
    {"zone reclaim", ZoneReclaim, "0",
     "a node of NUMA drops cached files instead of taking memory of another",
     "sysctl -w vm.zone_reclaim_mode=0"},
});

}  // namespace

std::span<const HostCheck> MemoryChecks() { return kMemoryChecks; }

}  // namespace mbench
