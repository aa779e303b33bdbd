// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/host_figures.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "harness/base/turns.h"

namespace mbench {
namespace {

constexpr double kSector = 512;  // of /proc/diskstats, whatever the disk has
constexpr double kKiB = 1024;

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
  std::string name;
  double total = 0, idle = 0, value = 0;
  file >> name;
  for (int column = 0; column < 8 && file >> value; ++column) {
    total += value;
    if (column == 3 || column == 4) idle += value;
  }
  if (total <= 0) return;
  (*counters)["cpu_total"] = total;
  (*counters)["cpu_busy"] = total - idle;
}

// "8 0 sda reads merged sectors ms writes merged sectors ..."
void HostFigures::ReadDisks(Counters* counters) const {
  if (disks_.empty()) return;
  std::ifstream file(root_ + "/proc/diskstats");
  for (std::string line; std::getline(file, line);) {
    std::istringstream fields(line);
    std::string name;
    double skipped = 0, read = 0, written = 0;
    fields >> skipped >> skipped >> name >> skipped >> skipped >> read >> skipped >> skipped >>
        skipped >> written;
    if (!fields || !disks_.contains(name)) continue;
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
    double in = 0, skipped = 0, out = 0;
    fields >> in;
    for (int i = 0; i < 7; ++i) fields >> skipped;
    if (!(fields >> out)) continue;
    (*counters)[loopback ? "loopback_bytes_per_s" : "net_in_bytes_per_s"] += in;
    if (!loopback) (*counters)["net_out_bytes_per_s"] += out;
  }
}

HostFigures::Counters HostFigures::Read() const {
  Counters counters;
  ReadCpu(&counters);
  LetOthersRun();
  ReadDisks(&counters);
  LetOthersRun();
  ReadNetwork(&counters);
  LetOthersRun();
  return counters;
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
  for (const auto& [name, value] : counters) {
    const auto before = last_.find(name);
    if (before == last_.end() || value < before->second || elapsed_s <= 0) continue;
    const double grown = value - before->second;
    if (name.starts_with("cpu_")) {
      figures[name] = grown;
    } else {
      figures[name] = grown / elapsed_s;
    }
  }
  const double total = figures["cpu_total"], busy = figures["cpu_busy"];
  figures.erase("cpu_total");
  figures.erase("cpu_busy");
  if (total > 0) figures["cpu_fraction"] = busy / total;
  AddMemory(&figures);
  last_ = std::move(counters);
  last_at_ = now;
  return figures;
}

}  // namespace mbench
