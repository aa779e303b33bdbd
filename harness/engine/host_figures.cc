// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/host_figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "harness/base/turns.h"
#include "harness/base/units.h"

namespace mbench {
namespace {

constexpr double kSector = 512;  // of /proc/diskstats, whatever the disk has
constexpr double kKiB = 1024;
// Of counters alone.
constexpr const char* kAllCpu = "cpu_all_ticks";
constexpr const char* kBusyDisk = "busy_s of ";
constexpr const char* kCpuPressure = "cpu_pressure_fraction";

// Those with a device are real; loops, volumes and arrays lie on them.
std::set<std::string> WholeDisks(const std::string& root) {
  std::set<std::string> disks;
  std::error_code error;
  for (const auto& disk : std::filesystem::directory_iterator(root + "/sys/block", error))
    if (std::filesystem::exists(disk.path() / "device", error))
      disks.insert(disk.path().filename());
  return disks;
}

}  // namespace

HostFigures::HostFigures(std::string root)
    : root_(std::move(root)), disks_(WholeDisks(root_)), last_(Read()), last_at_(Clock::Now()) {}

// "cpu user nice system idle iowait irq softirq steal ...", in ticks.
void HostFigures::ReadCpu(Counters* counters) const {
  std::ifstream file(root_ + "/proc/stat");
  constexpr std::array<const char*, 8> kParts = {"user",  "user",   "system", nullptr,
                                                 nullptr, "system", "system", "steal"};
  std::string name;
  double total = 0, value = 0;
  std::map<std::string, double> parts;
  file >> name;
  for (std::size_t column = 0; column < kParts.size() && file >> value; ++column) {
    total += value;
    if (kParts[column] != nullptr) parts[kParts[column]] += value;
  }
  if (total <= 0) return;
  (*counters)[kAllCpu] = total;
  for (const auto& [part, ticks] : parts) {
    (*counters)[fmt::format("cpu_{}_fraction", part)] = ticks;
    (*counters)["cpu_fraction"] += ticks;
  }
}

// "8 0 sda reads merged sectors ms writes merged sectors ms now busy_ms waited_ms ...", where each
// request waits on its own.
void HostFigures::ReadDisks(Counters* counters) const {
  if (disks_.empty()) return;
  std::ifstream file(root_ + "/proc/diskstats");
  for (std::string line; std::getline(file, line);) {
    std::istringstream fields(line);
    std::string name;
    double skipped = 0, read = 0, written = 0, busy_ms = 0, waited_ms = 0;
    fields >> skipped >> skipped >> name >> skipped >> skipped >> read >> skipped >> skipped >>
        skipped >> written;
    if (!fields || !disks_.contains(name)) continue;
    if (fields >> skipped >> skipped >> busy_ms >> waited_ms) {
      (*counters)[kBusyDisk + name] = busy_ms / 1000;
      (*counters)["disk_queue"] += waited_ms / 1000;
    }
    (*counters)["disk_read_bytes_per_s"] += read * kSector;
    (*counters)["disk_write_bytes_per_s"] += written * kSector;
  }
}

// "  eth0: bytes packets errs drop fifo frame compressed multicast  bytes packets ..."
void HostFigures::ReadNetwork(Counters* counters) const {
  std::ifstream file(root_ + "/proc/net/dev");
  for (std::string line; std::getline(file, line);) {
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos) continue;
    const std::size_t begin = std::min(line.find_first_not_of(' '), colon);
    const bool loopback = line.substr(begin, colon - begin) == "lo";
    std::istringstream fields(line.substr(colon + 1));
    double in = 0, skipped = 0, out = 0, bad = 0, count = 0;
    fields >> in;
    for (int i = 0; i < 7; ++i) {
      fields >> count;
      if (i == 1 || i == 2) bad += count;
    }
    if (!(fields >> out)) continue;
    fields >> skipped;
    for (int i = 0; i < 2 && fields >> count; ++i) bad += count;
    (*counters)["net_errors_per_s"] += bad;
    (*counters)[loopback ? "loopback_bytes_per_s" : "net_in_bytes_per_s"] += in;
    if (!loopback) (*counters)["net_out_bytes_per_s"] += out;
  }
}

// A line of names, and one of numbers, both beginning with "Tcp:".
void HostFigures::ReadTcp(Counters* counters) const {
  std::ifstream file(root_ + "/proc/net/snmp");
  std::string names;
  while (std::getline(file, names) && !names.starts_with("Tcp:")) continue;
  std::string numbers;
  if (!std::getline(file, numbers)) return;
  std::istringstream name_fields(names), number_fields(numbers);
  std::string name, number;
  while (name_fields >> name && number_fields >> number)
    if (name == "RetransSegs")
      (*counters)["tcp_retransmits_per_s"] = ParseNumber(number).value_or(0);
}

// "some avg10=0.00 avg60=0.00 avg300=0.00 total=123", in microseconds. Many kernels have no such
// file, or refuse to read it.
void HostFigures::ReadPressure(const std::string& resource, Counters* counters) const {
  std::ifstream file(root_ + "/proc/pressure/" + resource);
  std::string some;
  constexpr std::string_view kTotal = "total=";
  if (!std::getline(file, some)) return;
  const std::size_t at = some.find(kTotal);
  if (at == std::string::npos) return;
  if (const Result<double> waited = ParseNumber(some.substr(at + kTotal.size())); waited)
    (*counters)[resource + "_pressure_fraction"] = *waited / 1e6;
}

HostFigures::Counters HostFigures::Read() const {
  Counters counters;
  ReadCpu(&counters);
  LetOthersRun();
  ReadDisks(&counters);
  LetOthersRun();
  ReadNetwork(&counters);
  ReadTcp(&counters);
  LetOthersRun();
  for (const char* resource : {"cpu", "io", "memory"}) ReadPressure(resource, &counters);
  LetOthersRun();
  return counters;
}

// "procs_running 3", the thread that asks among them.
void HostFigures::AddRunning(std::map<std::string, double>* figures) const {
  std::ifstream file(root_ + "/proc/stat");
  for (std::string line; std::getline(file, line);) {
    constexpr std::string_view kName = "procs_running ";
    if (!line.starts_with(kName)) continue;
    if (const Result<double> running = ParseNumber(line.substr(kName.size())); running)
      (*figures)["running_threads"] = std::max(*running - 1, 0.0);
    return;
  }
}

void HostFigures::AddMemory(std::map<std::string, double>* figures) const {
  std::ifstream file(root_ + "/proc/meminfo");
  double total = 0, available = 0, value = 0;
  std::string name, unit;
  while ((total == 0 || available == 0) && file >> name >> value && std::getline(file, unit)) {
    if (name == "MemTotal:") total = value;
    if (name == "MemAvailable:") available = value;
  }
  if (total > 0 && available > 0) (*figures)["memory_used_bytes"] = (total - available) * kKiB;
}

std::map<std::string, double> HostFigures::Sample(Ticks now) {
  std::map<std::string, double> figures;
  Counters counters = Read();
  const double elapsed_s = ToSeconds(now - last_at_);
  const auto all_before = last_.find(kAllCpu), all_now = counters.find(kAllCpu);
  const double all_cpu = all_before != last_.end() && all_now != counters.end()
                             ? all_now->second - all_before->second
                             : 0;
  for (const auto& [name, value] : counters) {
    const auto before = last_.find(name);
    if (before == last_.end() || value < before->second || elapsed_s <= 0) continue;
    const double grown = value - before->second;
    if (name.starts_with("cpu_") && name != kCpuPressure) {
      if (all_cpu > 0) figures[name] = grown / all_cpu;
    } else if (name.starts_with(kBusyDisk)) {
      figures["disk_busy_fraction"] =
          std::max(figures["disk_busy_fraction"], std::min(grown / elapsed_s, 1.0));
    } else if (name.ends_with("_pressure_fraction")) {
      figures[name] = std::min(grown / elapsed_s, 1.0);
    } else {
      figures[name] = grown / elapsed_s;
    }
  }
  figures.erase(kAllCpu);
  AddRunning(&figures);
  AddMemory(&figures);
  last_ = std::move(counters);
  last_at_ = now;
  return figures;
}

}  // namespace mbench
