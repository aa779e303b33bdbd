// SPDX-License-Identifier: Apache-2.0
//
// Cores, their clocks, and who else uses them. Files: Documentation/admin-guide of the kernel, pm/
// and cputopology; proc(5) for /proc/stat.
#include <fmt/format.h>

#include <array>
#include <set>

#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/doctor/host_checks.h"

namespace mbench {
namespace {

constexpr std::string_view kCpus = "sys/devices/system/cpu";

// How many numbers are in "0-3,8,10-11"; 0: that is no such list.
std::size_t CountOfList(std::string_view list) {
  std::size_t count = 0;
  for (const std::string_view part : Split(list, ',')) {
    const std::size_t dash = part.find('-');
    const auto from = ParseCount(Trim(part.substr(0, dash)));
    const auto to = dash == std::string_view::npos ? from : ParseCount(Trim(part.substr(dash + 1)));
    if (!from || !to || *to < *from) return 0;
    count += static_cast<std::size_t>(*to - *from + 1);
  }
  return count;
}

Look Cores(const HostView& host) {
  const auto status = host.root.Text("proc/self/status");
  const std::size_t cores = status ? CountOfList(LineText(*status, "Cpus_allowed_list")) : 0;
  if (cores == 0) return {};
  return {cores >= 2 ? FindingState::kWell : FindingState::kChange, std::to_string(cores)};
}

Look Governor(const HostView& host) {
  std::set<std::string> governors;
  for (const std::string& name : host.root.Names(kCpus)) {
    const auto governor =
        host.root.Text(fmt::format("{}/{}/cpufreq/scaling_governor", kCpus, name));
    if (governor) governors.insert(*governor);
  }
  if (governors.empty())
    return {.is = "no frequency is set here: that is up to who runs the guest"};
  const bool well = governors.size() == 1 && governors.contains("performance");
  return {well ? FindingState::kWell : FindingState::kChange,
          fmt::format("{}", fmt::join(governors, ", "))};
}

Look Turbo(const HostView& host) {
  if (const auto off = host.root.Number(fmt::format("{}/intel_pstate/no_turbo", kCpus)))
    return {*off != 0 ? FindingState::kWell : FindingState::kMind, *off != 0 ? "off" : "on",
            "echo 1 > /sys/devices/system/cpu/intel_pstate/no_turbo"};
  if (const auto on = host.root.Number(fmt::format("{}/cpufreq/boost", kCpus)))
    return {*on == 0 ? FindingState::kWell : FindingState::kMind, *on == 0 ? "off" : "on",
            "echo 0 > /sys/devices/system/cpu/cpufreq/boost"};
  return {.is = "no frequency is set here: that is up to who runs the guest"};
}

Look Smt(const HostView& host) {
  const auto active = host.root.Number(fmt::format("{}/smt/active", kCpus));
  if (!active) return {};
  return {*active == 0 ? FindingState::kWell : FindingState::kMind, *active == 0 ? "off" : "on"};
}

Look Numa(const HostView& host) {
  const auto online = host.root.Text("sys/devices/system/node/online");
  const std::size_t nodes = online ? CountOfList(*online) : 0;
  if (nodes == 0) return {};
  return {nodes == 1 ? FindingState::kWell : FindingState::kMind,
          fmt::format("{} {}", nodes, nodes == 1 ? "node" : "nodes")};
}

Look NumaBalancing(const HostView& host) {
  const auto online = host.root.Text("sys/devices/system/node/online");
  const auto balancing = host.root.Number("proc/sys/kernel/numa_balancing");
  if (!online) return {};
  if (CountOfList(*online) == 1) return {FindingState::kWell, "one node"};
  if (!balancing) return {};
  return {*balancing == 0 ? FindingState::kWell : FindingState::kChange,
          *balancing == 0 ? "off" : "on"};
}

// Those that are read without a system call.
Look ClockSource(const HostView& host) {
  constexpr std::string_view kFolder = "sys/devices/system/clocksource/clocksource0";
  const auto source = host.root.Text(fmt::format("{}/current_clocksource", kFolder));
  if (!source) return {};
  const bool well = *source == "tsc" || *source == "kvm-clock" || *source == "arch_sys_counter" ||
                    source->starts_with("hyperv");
  return {well ? FindingState::kWell : FindingState::kChange, *source};
}

Look TimerSlack(const HostView& host) {
  const auto slack = host.root.Number("proc/self/timerslack_ns");
  if (!slack) return {};
  return {*slack <= 50e3 ? FindingState::kWell : FindingState::kChange,
          FormatDuration(static_cast<Ticks>(*slack)) + "; threads of mbench ask for 1ns"};
}

// proc(5): "cpu user nice system idle iowait irq softirq steal guest guest_nice"; guest is in user.
struct CpuTimes {
  double all = 0, idle = 0, steal = 0;
};

bool ReadTimes(std::string_view stat, CpuTimes* times) {
  std::string_view line = stat.substr(0, stat.find('\n'));
  if (!line.starts_with("cpu ")) return false;
  std::size_t column = 0;
  for (const std::string_view word : Split(Trim(line.substr(4)), ' ')) {
    const Result<double> value = ParseNumber(word);
    if (!value) return false;
    if (column < 8) times->all += *value;
    if (column == 3 || column == 4) times->idle += *value;
    if (column == 7) times->steal = *value;
    ++column;
  }
  return column >= 8;
}

// Of the CPU time of the host in between; false: nobody knows.
bool Shares(const HostView& host, double* steal, double* busy) {
  CpuTimes before, after;
  if (!ReadTimes(host.stat_before, &before) || !ReadTimes(host.stat_after, &after)) return false;
  const double all = after.all - before.all;
  if (all <= 0) return false;
  *steal = (after.steal - before.steal) / all;
  *busy = 1 - (after.idle - before.idle) / all - *steal;
  return true;
}

Look Steal(const HostView& host) {
  double steal = 0, busy = 0;
  if (!Shares(host, &steal, &busy)) return {};
  return {steal <= 0.02 ? FindingState::kWell : FindingState::kChange, FormatPercent(steal)};
}

// A run is invalid when others had a fifth of the CPU; from a twentieth on they are named.
Look OtherLoads(const HostView& host) {
  double steal = 0, busy = 0;
  if (!Shares(host, &steal, &busy)) return {};
  FindingState state = busy < 0.2 ? FindingState::kMind : FindingState::kChange;
  if (busy < 0.05) state = FindingState::kWell;
  std::string is = fmt::format("{} of the CPU", FormatPercent(busy));
  if (const auto load = host.root.Number("proc/loadavg"))
    is += fmt::format(", load average {:.2f}", *load);
  return {state, is};
}

constexpr auto kCpuChecks = std::to_array<HostCheck>({
    {"cores", Cores, "2 or more", "load generator and server share one core and measure each other",
     "measure from another host, or give the guest more"},
    {"governor", Governor, "performance",
     "a core that has rested is slow at first, so that little load has high latencies",
     "cpupower frequency-set -g performance"},
    {"turbo", Turbo, "off where runs are compared",
     "the clock follows temperature and neighbours, and so do results", ""},
    {"SMT", Smt, "off, or client and server on cores of their own",
     "two threads share the units of a core, so that each is slower while the other works",
     "echo off > /sys/devices/system/cpu/smt/control"},
    {"NUMA", Numa, "1 node, or a server that is bound to one",
     "memory of another node is half as fast, and where memory lies differs from run to run",
     "numactl --cpunodebind=0 --membind=0 SERVER"},
    {"NUMA balancing", NumaBalancing, "off",
     "the kernel unmaps pages to see who uses them, which is seen as latency",
     "sysctl -w kernel.numa_balancing=0"},
    {"clock source", ClockSource, "tsc, or that of the hypervisor",
     "others cost a system call or more for every look at the clock",
     "echo tsc > /sys/devices/system/clocksource/clocksource0/current_clocksource"},
    {"timer slack", TimerSlack, "50us or less",
     "a server that waits with a time-out wakes so much late",
     "start it from a shell with the usual slack: /proc/PID/timerslack_ns"},
    {"steal", Steal, "2 % or less",
     "other guests of the machine take CPU time; runs differ by what they do",
     "compare only runs that took turns (mbench diff, gate), or take a machine of its own"},
    {"other loads", OtherLoads, "below 5 %",
     "what others do is measured with the system; from a fifth on a run is invalid",
     "top -b -n 1 | head -n 15, and stop what is not needed"},
});

}  // namespace

std::span<const HostCheck> CpuChecks() { return kCpuChecks; }

}  // namespace mbench
