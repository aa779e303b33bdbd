// SPDX-License-Identifier: Apache-2.0
//
// What the whole host of the load generator does, from /proc (proc(5)): a few small files a second.
//
//   cpu_fraction                                    of the time of all cores, 0..1; and of that
//   cpu_user_fraction, cpu_system_fraction,         with interrupts;
//   cpu_steal_fraction                              had by other guests of the machine
//   cpu_pressure_fraction, io_..., memory_...       of the time: some task waited for it (PSI)
//   running_threads                                 that had a core or waited for one, now
//   memory_used_bytes                               what could not be had by a new process
//   disk_busy_fraction, disk_queue                  of the time, the busiest disk; requests that
//                                                   wait or are served there, mean over time
//   disk_read_bytes_per_s, disk_write_bytes_per_s   of whole disks: partitions and what lies on
//                                                   them would count twice
//   net_in_bytes_per_s, net_out_bytes_per_s         of all interfaces but the loopback
//   loopback_bytes_per_s                            where a system on the same host is reached
//   net_errors_per_s                                broken or dropped packets of any interface
//   tcp_retransmits_per_s                           segments that were sent again
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "harness/base/clock.h"

namespace mbench {

// Thread: one.
class HostFigures {
 public:
  // `root`: "" but in tests.
  explicit HostFigures(std::string root = "");

  // What was used since the call before, or since it was made. What the host does not tell is left
  // out.
  std::map<std::string, double> Sample(Ticks now);

 private:
  using Counters = std::map<std::string, double>;
  Counters Read() const;
  void ReadCpu(Counters* counters) const;
  void ReadDisks(Counters* counters) const;
  void ReadNetwork(Counters* counters) const;
  void ReadTcp(Counters* counters) const;
  void ReadPressure(const std::string& resource, Counters* counters) const;
  void AddRunning(std::map<std::string, double>* figures) const;
  void AddMemory(std::map<std::string, double>* figures) const;

  const std::string root_;
  std::set<std::string> disks_;
  Counters last_;
  Ticks last_at_;
};

}  // namespace mbench
