// SPDX-License-Identifier: Apache-2.0
//
// The module for runs over several processes (harness/mpi), found beside the drivers' and loaded
// when --mpi asks for it.
#pragma once

#include <memory>

#include "harness/base/result.h"
#include "harness/ranks/ranks.h"

namespace mbench {

// Whether this process is the first of the ranks that something like mpirun has started, or none of
// them: until they have met, that one alone speaks for all.
bool SpeaksForAll();

// Meets MPI. Fails with kUsage when this process is nobody's rank, or the module is not there or
// not of this program. To be called once.
Result<std::unique_ptr<Ranks>> LoadRanks();

}  // namespace mbench
