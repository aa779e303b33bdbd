// SPDX-License-Identifier: Apache-2.0
//
// mbench run over several processes: as one of them (--mpi), or as who starts them (--hosts).
#pragma once

#include <string>
#include <vector>

#include "harness/cmd/ci_outputs.h"
#include "harness/cmd/exit_code.h"
#include "harness/cmd/run_flags.h"
#include "harness/cmd/workload_input.h"

namespace CLI {
class App;
}

namespace mbench {

struct RankedFlags {
  bool mpi = false;
  std::string hosts;  // "a,b:4"

  void AddTo(CLI::App* app);
  bool Any() const { return mpi || !hosts.empty(); }
};

// Fails when both are there, or flags that only a run in one process can have.
Status CheckRankedFlags(const RankedFlags& ranked, const RunFlags& run);

// This process is a rank. Rank 0 reads the file, all have its text; what rank 0 says is what the
// command says, and the others say nothing.
ExitCode RunAsRank(const WorkloadInput& input, const RunFlags& run, CiOutputs* outputs);

// What starts a rank for each host, or so many as stand behind its colon: `words` is the command
// line of this process, `variables` are those of the environment that the workload asks for.
// Fails on what is no list of hosts.
Result<std::vector<std::string>> MpirunWords(const std::string& hosts,
                                             const std::vector<std::string>& words,
                                             const std::vector<std::string>& variables,
                                             bool is_root);

// Reads the workload, so that mistakes are heard at once; says the command and becomes it.
ExitCode RunOverHosts(const std::string& hosts, const WorkloadInput& input);

}  // namespace mbench
