// SPDX-License-Identifier: Apache-2.0
#include "harness/run/load_ranks.h"

#include <dlfcn.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <string_view>

#include "drivers/module_folders.h"

namespace mbench {
namespace {

constexpr const char* kModule = "libmbench_mpi.so";

// Of Open MPI's mpirun, of launchers that speak PMIx (srun, prun), of older ones.
constexpr std::array kRankVariables = {"OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK"};

const char* RankVariable() {
  for (const char* const name : kRankVariables)
    if (const char* const value = std::getenv(name)) return value;
  return nullptr;
}

}  // namespace

bool SpeaksForAll() {
  const char* const rank = RankVariable();
  return rank == nullptr || std::string_view(rank) == "0";
}

// For all to see (RTLD_GLOBAL): Open MPI loads components that look for its symbols there.
Result<std::unique_ptr<Ranks>> LoadRanks() {
  if (RankVariable() == nullptr) {
    return BadConfig(
        "--mpi is for processes that mpirun starts: mpirun -n 4 mbench run FILE --mpi, or mbench "
        "run FILE --hosts a,b");
  }
  const std::string file = FindBesideModules(kModule);
  if (!std::filesystem::exists(file)) {
    return BadConfig(
        "--mpi: this build has no MPI; install libopenmpi-dev and openmpi-bin (scripts/setup mpi), "
        "configure and build again");
  }
  void* const library = dlopen(file.c_str(), RTLD_NOW | RTLD_GLOBAL);
  if (library == nullptr) return BadConfig("--mpi: {} cannot be loaded: {}", file, dlerror());
  const auto* const module = static_cast<const RanksModule*>(dlsym(library, kRanksSymbol));
  if (module == nullptr || module->contract != kRanksContract ||
      std::string_view(module->version) != MBENCH_VERSION) {
    return BadConfig("--mpi: {} is not of this program (mbench {}); build both together", file,
                     MBENCH_VERSION);
  }
  return std::unique_ptr<Ranks>(module->start());
}

}  // namespace mbench
