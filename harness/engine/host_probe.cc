// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/host_probe.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <fstream>
#include <string>

#include "harness/base/turns.h"

namespace mbench {
namespace {

double ProcessCpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// proc(5): the second number of /proc/self/statm is resident pages.
std::uint64_t ResidentBytes() {
  std::ifstream file("/proc/self/statm");
  std::uint64_t size = 0, resident = 0;
  file >> size >> resident;
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

// 0 for a thread that has ended.
Ticks ThreadCpu(clockid_t clock) {
  timespec time{};
  if (clock_gettime(clock, &time) != 0) return 0;
  return time.tv_sec * kSecond + time.tv_nsec;
}

}  // namespace

HostProbe::HostProbe()
    : last_at_(Clock::Now()), last_cpu_s_(ProcessCpuSeconds()), last_jiffies_(ReadJiffies()) {}

void HostProbe::Watch(pthread_t thread, const WorkerGauge* gauge) {
  clockid_t clock{};
  if (pthread_getcpuclockid(thread, &clock) != 0) return;
  watched_.push_back(
      {clock, gauge, ThreadCpu(clock) - gauge->spun.load(std::memory_order_relaxed)});
}

// proc(5): "cpu user nice system idle iowait irq softirq steal guest guest_nice"; guest is part of
// user.
HostProbe::Jiffies HostProbe::ReadJiffies() {
  std::ifstream file("/proc/stat");
  std::string cpu;
  file >> cpu;
  Jiffies jiffies;
  for (int column = 0; column < 8; ++column) {
    std::uint64_t value = 0;
    file >> value;
    jiffies.total += value;
    if (column == 7) jiffies.steal = value;
  }
  return jiffies;
}

double HostProbe::BusiestSince(Ticks elapsed) {
  double busiest = 0;
  for (Watched& watched : watched_) {
    const Ticks spun = watched.gauge->spun.load(std::memory_order_relaxed);
    const Ticks worked = ThreadCpu(watched.cpu_clock) - spun;
    busiest = std::max(busiest, ToSeconds(worked - watched.worked) / ToSeconds(elapsed));
    watched.worked = std::max(worked, watched.worked);
  }
  return std::clamp(busiest, 0.0, 1.0);
}

HostSample HostProbe::Sample() {
  const Ticks now = Clock::Now();
  const double cpu_s = ProcessCpuSeconds();
  const Jiffies jiffies = ReadJiffies();
  LetOthersRun();
  HostSample sample;
  sample.client_cpu_s = cpu_s - last_cpu_s_;
  sample.busy = BusiestSince(std::max<Ticks>(now - last_at_, 1));
  const std::uint64_t total = jiffies.total - last_jiffies_.total;
  const std::uint64_t steal = jiffies.steal - last_jiffies_.steal;
  sample.steal = total > 0 ? static_cast<double>(steal) / static_cast<double>(total) : 0;
  LetOthersRun();
  sample.rss_bytes = ResidentBytes();
  LetOthersRun();
  sample.figures = figures_.Sample(now);
  last_at_ = now;
  last_cpu_s_ = cpu_s;
  last_jiffies_ = jiffies;
  return sample;
}

}  // namespace mbench
