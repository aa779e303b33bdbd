// SPDX-License-Identifier: Apache-2.0
//
// Several processes that run one plan together, and what they can say to each other: a module
// implements it over MPI (harness/mpi), a test with threads. Nothing else of the program knows MPI.
//
//   rank 0        reads, loads, stores, shows
//   every rank    runs its share of the load (engine/together.h)
//
// A rank that dies takes all with it, as MPI does it, so nothing here fails. None speaks while a
// run is measured. Who waits for others sleeps, unless it says otherwise: a rank that has ended
// before the others must not take their CPU.
//
// Thread: the one that made it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/clock.h"

namespace mbench {

class Ranks {
 public:
  enum class Wait { kSleep, kSpin };  // kSpin: for round trips that are timed

  // Of a rank that has not left: ends all of them.
  virtual ~Ranks() = default;

  virtual std::uint32_t Rank() const = 0;
  virtual std::uint32_t Size() const = 0;

  // To be called by all, in the same order. What rank 0 says becomes what all have.
  virtual void Broadcast(std::string* bytes) = 0;
  // What each says, by rank, at rank 0; nothing elsewhere.
  virtual std::vector<std::string> Gather(const std::string& bytes) = 0;

  // From one rank to one other, in order.
  virtual void Send(std::uint32_t to, Ticks value) = 0;
  virtual Ticks Receive(std::uint32_t from, Wait wait) = 0;

  // The last call, of all: they go apart in peace.
  virtual void Leave() = 0;
};

// What the module shows to the program that loads it (run/load_ranks.h). Goes up with every change
// of the class above.
inline constexpr std::uint32_t kRanksContract = 1;
inline constexpr char kRanksSymbol[] = "mbench_ranks_module";

struct RanksModule {
  std::uint32_t contract;  // first for ever
  const char* version;     // of mbench
  Ranks* (*start)();       // once in a process; the caller owns it
};

}  // namespace mbench
