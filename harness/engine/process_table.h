// SPDX-License-Identifier: Apache-2.0
//
// The processes of this host and the CPU time they have had, from /proc (proc(5)).
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

namespace mbench {

struct ProcessEntry {
  int parent = 0;
  std::string name;
  // Own time and that of children that have ended, in clock ticks.
  std::uint64_t ticks = 0;
  std::uint64_t own_ticks = 0;
  int threads = 1;
};

using ProcessTable = std::map<int, ProcessEntry>;  // by process id

// `root`: "" but in tests. Takes some ten microseconds a process.
ProcessTable ReadProcesses(const std::string& root);

// Clock ticks by the id of a thread; of a process with one thread without a look at it.
using ThreadTicks = std::map<int, std::uint64_t>;
ThreadTicks ReadThreads(const std::string& root, int pid, const ProcessEntry& process);

// Those in `roots`, and all that descend from them.
std::set<int> WithDescendants(const ProcessTable& table, const std::set<int>& roots);

// What each process has used between the two tables. A child that was there before and has ended in
// between is in the time of its parent, or of the parent of that, from its birth on: what it had
// used before is taken off.
ProcessTable Growth(const ProcessTable& before, const ProcessTable& after);

}  // namespace mbench
