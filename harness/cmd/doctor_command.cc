// SPDX-License-Identifier: Apache-2.0
//
// mbench doctor: whether this host is fit to measure. Each line is a fact, and what follows from it
// when it is not good.
#include <sys/prctl.h>
#include <sys/resource.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "harness/base/clock.h"
#include "harness/base/units.h"
#include "harness/cmd/commands.h"
#include "harness/cmd/terminal.h"
#include "harness/engine/host_probe.h"
#include "harness/result/provenance.h"

namespace mbench {
namespace {

struct Finding {
  std::string what;
  std::string advice;  // empty: fine
};

std::string FirstLine(const char* path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

Finding CheckHost() {
  const Provenance host = HostProvenance();
  Finding finding{
      fmt::format("{}, {} cores, {}, {} {}", host.cpu, host.cores,
                  FormatBytes(static_cast<double>(host.memory_bytes)), host.os, host.kernel),
      ""};
  if (host.cores < 2)
    finding.advice = "client and server share one core; measure from another host";
  return finding;
}

Finding CheckClock() {
  Clock::Calibrate();
  Finding finding{fmt::format("clock {}", Clock::Name()), ""};
  constexpr int kReadings = 100'000;
  const Ticks begin = Clock::Now();
  for (int i = 0; i < kReadings; ++i) (void)Clock::Now();
  const double cost_ns = static_cast<double>(Clock::Now() - begin) / kReadings;
  finding.what += fmt::format(", {:.1f} ns a reading", cost_ns);
  if (Clock::Name() != "tsc")
    finding.advice = "no invariant TSC: each op pays for two slower readings";
  return finding;
}

// How late a sleeping thread wakes: what an open-loop op may be late by on an idle core.
Finding CheckWakeUp() {
  prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0);
  std::vector<Ticks> late;
  for (int i = 0; i < 500; ++i) {
    const Ticks until = Clock::Now() + 500 * kMicrosecond;
    Clock::SleepUntil(until);
    late.push_back(Clock::Now() - until);
  }
  std::sort(late.begin(), late.end());
  const Ticks p99 = late[late.size() * 99 / 100];
  Finding finding{fmt::format("a sleeping thread wakes {} late (p50), {} (p99)",
                              FormatDuration(late[late.size() / 2]), FormatDuration(p99)),
                  ""};
  if (p99 > kMillisecond)
    finding.advice = "something else keeps the cores busy; lag will show in results";
  return finding;
}

Finding CheckSteal() {
  HostProbe probe;
  Clock::SleepUntil(Clock::Now() + kSecond);
  const HostSample sample = probe.Sample();
  Finding finding{fmt::format("steal {} in the last second", FormatPercent(sample.steal)), ""};
  if (sample.steal > 0.02)
    finding.advice = "other guests take CPU time; compare only interleaved runs";
  return finding;
}

Finding CheckBusy() {
  double load = 0;
  std::ifstream("/proc/loadavg") >> load;
  const double cores = std::max(1u, std::thread::hardware_concurrency());
  Finding finding{fmt::format("load average {:.2f} on {:.0f} cores", load, cores), ""};
  if (load > cores * 0.5) finding.advice = "the host is busy; results will vary from run to run";
  return finding;
}

Finding CheckGovernor() {
  const std::string governor = FirstLine("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
  Finding finding{governor.empty() ? "no frequency scaling to be seen" : "CPU governor " + governor,
                  ""};
  if (!governor.empty() && governor != "performance") {
    finding.advice = "set the governor to performance, or the first seconds are slower";
  }
  return finding;
}

Finding CheckHugePages() {
  const std::string setting = FirstLine("/sys/kernel/mm/transparent_hugepage/enabled");
  Finding finding{"transparent huge pages: " + (setting.empty() ? "not there" : setting), ""};
  if (setting.find("[always]") != std::string::npos) {
    finding.advice = "databases stall on compaction; most vendors advise madvise or never";
  }
  return finding;
}

Finding CheckOpenFiles() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  Finding finding{fmt::format("open files: {}", limit.rlim_cur), ""};
  if (limit.rlim_cur < 65'536) finding.advice = "ulimit -n 65536 before runs with many connections";
  return finding;
}

}  // namespace

Action AddDoctor(CLI::App* /*app*/) {
  return [] {
    std::string out;
    for (const Finding& finding :
         {CheckHost(), CheckClock(), CheckWakeUp(), CheckSteal(), CheckBusy(), CheckGovernor(),
          CheckHugePages(), CheckOpenFiles()}) {
      out += fmt::format("{}  {}\n", finding.advice.empty() ? "ok  " : "note", finding.what);
      if (!finding.advice.empty()) out += fmt::format("      {}\n", finding.advice);
    }
    PrintResult(out);
    return ExitCode::kPass;
  };
}

}  // namespace mbench
