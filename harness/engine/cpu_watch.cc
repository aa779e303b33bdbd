// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/cpu_watch.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <numeric>
#include <utility>
#include <vector>

namespace mbench {
namespace {

// Time of the host is sampled, that of processes is exact: what is between the two is said to be
// that of processes which nobody sees (in other containers) only when it is more than this.
constexpr double kSampling = 0.10;
constexpr int kKernelThreads = 2;  // kthreadd, and its children

std::vector<ProcessShare> Largest(const std::map<std::string, double>& by_name) {
  std::vector<ProcessShare> shares;
  for (const auto& [name, fraction] : by_name) shares.push_back({name, fraction});
  std::ranges::stable_sort(shares, std::greater<>(), &ProcessShare::fraction);
  std::erase_if(shares, [](const ProcessShare& share) { return share.fraction <= 0; });
  if (shares.size() > kShownProcesses) shares.resize(kShownProcesses);
  return shares;
}

}  // namespace

CpuWatch::CpuWatch(std::string root, int self)
    : root_(std::move(root)), self_(self == 0 ? getpid() : self), finder_(root_) {}

// "cpu user nice system idle iowait irq softirq steal ..."
CpuWatch::HostTime CpuWatch::ReadHostTime() const {
  std::ifstream file(root_ + "/proc/stat");
  std::string name;
  file >> name;
  HostTime time;
  std::uint64_t value = 0;
  for (int column = 0; column < 8 && file >> value; ++column) {
    time.total += value;
    if (column < 3) time.used += value;
  }
  return time;
}

void CpuWatch::Begin(Ticks now) {
  begin_ = now;
  before_ = ReadProcesses(root_);
  NoteThreads();
  host_before_ = ReadHostTime();
}

void CpuWatch::NoteThreads() {
  threads_before_.clear();
  const std::set<int> kernel = KernelThreads(before_);
  for (const auto& [pid, entry] : before_)
    if (pid != self_ && !neighbours_.contains(pid) && !kernel.contains(pid))
      threads_before_[pid] = ReadThreads(root_, pid, entry);
}

void CpuWatch::FindBusiestThread(const ProcessTable& after, const std::set<int>& system,
                                 CpuAccount* account) const {
  if (account->place != SystemPlace::kHere || account->span <= 0) return;
  const double all = ToSeconds(account->span) * static_cast<double>(sysconf(_SC_CLK_TCK));
  for (const int pid : system) {
    const auto entry = after.find(pid);
    if (entry == after.end()) continue;
    const auto before = threads_before_.find(pid);
    for (const auto& [id, ticks] : ReadThreads(root_, pid, entry->second)) {
      std::uint64_t had = 0;
      if (before != threads_before_.end())
        if (const auto found = before->second.find(id); found != before->second.end())
          had = std::min(found->second, ticks);
      const double fraction = std::min(static_cast<double>(ticks - had) / all, 1.0);
      if (!account->system_thread || fraction > account->system_thread->fraction)
        account->system_thread = {.name = entry->second.name, .fraction = fraction};
    }
  }
}

std::set<int> CpuWatch::KernelThreads(const ProcessTable& table) const {
  const auto found = table.find(kKernelThreads);
  if (found == table.end() || found->second.name != "kthreadd") return {};
  return WithDescendants(table, {kKernelThreads});
}

std::set<int> CpuWatch::SystemProcesses(const ProcessTable& after, CpuAccount* account) const {
  const SystemFinder::Found found = finder_.Find();
  account->place = found.place;
  std::set<std::string> names;
  for (const int pid : found.processes)
    if (const auto entry = after.find(pid); entry != after.end() && pid != self_)
      names.insert(entry->second.name);
  account->system_names.assign(names.begin(), names.end());
  return WithDescendants(after, found.processes);
}

CpuAccount CpuWatch::End(Ticks now) const {
  CpuAccount account;
  const HostTime host = ReadHostTime();
  const ProcessTable after = ReadProcesses(root_);
  if (host.total <= host_before_.total || now <= begin_) return account;
  const auto total = static_cast<double>(host.total - host_before_.total);
  account.span = now - begin_;
  account.used = static_cast<double>(host.used - host_before_.used) / total;
  std::set<int> roots = neighbours_;
  roots.insert(self_);
  const std::set<int> ours = WithDescendants(after, roots);
  const std::set<int> kernel = KernelThreads(after);
  const std::set<int> system = SystemProcesses(after, &account);
  const ProcessTable growth = Growth(before_, after);
  // A guest may lose ticks of the host's time, and none of its processes'.
  const double seen_ticks =
      std::transform_reduce(growth.begin(), growth.end(), 0.0, std::plus<>(),
                            [](const auto& one) { return static_cast<double>(one.second.ticks); });
  const double all = std::max(total, seen_ticks);
  const double seen = seen_ticks / all;
  double& rest = account.place == SystemPlace::kUnknown ? account.unknown : account.others;
  std::map<std::string, double> by_name;
  for (const auto& [pid, entry] : growth) {
    const double fraction = static_cast<double>(entry.ticks) / all;
    if (ours.contains(pid)) {
      account.client += fraction;
    } else if (system.contains(pid)) {
      account.system += fraction;
    } else if (!kernel.contains(pid)) {
      rest += fraction;
      by_name[entry.name] += fraction;
    }
  }
  // The system that is "elsewhere" may be in a container beside this one.
  const double unseen = account.used - seen;
  if (unseen > kSampling)
    (account.place == SystemPlace::kElsewhere ? account.unknown : rest) += unseen;
  account.largest = Largest(by_name);
  FindBusiestThread(after, system, &account);
  return account;
}

}  // namespace mbench
