// SPDX-License-Identifier: Apache-2.0
//
// Who had the CPU of this host between two moments of a run: this process, the system under test,
// or others. Looks at all processes at both of them and never in between, when it would disturb.
//
// What the kernel does on its own threads belongs to nobody here: it writes and sends for all.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "harness/base/clock.h"
#include "harness/engine/process_table.h"
#include "harness/engine/system_finder.h"
#include "harness/stats/cpu_account.h"

namespace mbench {

// Thread: one.
class CpuWatch {
 public:
  // `root`: "" but in tests, and `self` the id of this process.
  explicit CpuWatch(std::string root = "", int self = 0);

  // These are no strangers either: other processes of a run that several share.
  void CountAsOurs(std::set<int> pids) { neighbours_ = std::move(pids); }
  void Begin(Ticks now);
  // Sessions of some drivers connect with their first op only: to be called until it is true.
  bool NoteConnections() { return finder_.NoteConnections(); }
  // REQUIRES: Begin was called.
  CpuAccount End(Ticks now) const;

 private:
  struct HostTime {
    std::uint64_t used = 0;   // by processes and kernel threads, without interrupts, in ticks
    std::uint64_t total = 0;  // of all cores
  };
  HostTime ReadHostTime() const;
  std::set<int> KernelThreads(const ProcessTable& table) const;
  std::set<int> SystemProcesses(const ProcessTable& after, CpuAccount* account) const;
  // All threads: nobody knows by then which processes are the system.
  void NoteThreads();
  void FindBusiestThread(const ProcessTable& after, const std::set<int>& system,
                         CpuAccount* account) const;

  const std::string root_;
  const int self_;
  std::set<int> neighbours_;
  SystemFinder finder_;
  ProcessTable before_;
  std::map<int, ThreadTicks> threads_before_;  // by process
  HostTime host_before_;
  Ticks begin_ = 0;
};

}  // namespace mbench
