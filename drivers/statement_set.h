// SPDX-License-Identifier: Apache-2.0
//
// All statements of one run, by the phase they belong to, and what a driver that knows statements
// does with them.
#pragma once

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "drivers/statement.h"
#include "harness/base/result.h"

namespace mbench {

// What a session is for.
enum class SessionPhase : std::uint8_t {
  kBeforeLoad,  // statements that are done once each, before the records are loaded
  kLoad,        // inserts only, or the one statement that loads; nobody times them one by one. A
                // record that is there already is left out and counted (Session::AlreadyThere)
  kAfterLoad,   // once each, behind the load
  kRun,         // what is measured
  kLook,        // the one statement that reads written keys back when all is over
};
inline constexpr std::array kSessionPhases = {SessionPhase::kBeforeLoad, SessionPhase::kLoad,
                                              SessionPhase::kAfterLoad, SessionPhase::kRun,
                                              SessionPhase::kLook};

constexpr StatementUse UseOf(SessionPhase phase) {
  if (phase == SessionPhase::kRun || phase == SessionPhase::kLook) return StatementUse::kRun;
  return phase == SessionPhase::kLoad ? StatementUse::kLoad : StatementUse::kSetUp;
}

// One thing for each phase.
template <class Thing>
class ByPhase {
 public:
  Thing& operator[](SessionPhase phase) { return things_[static_cast<std::size_t>(phase)]; }
  const Thing& operator[](SessionPhase phase) const {
    return things_[static_cast<std::size_t>(phase)];
  }

 private:
  std::array<Thing, kSessionPhases.size()> things_;
};

// Op::statement counts in the list of its session's phase (SessionPlan::phase).
struct StatementSet : ByPhase<std::vector<StatementSpec>> {
  std::vector<StatementSpec> checks = {};  // asked once each, when all is over (verifier.h)

  bool Empty() const {
    for (const SessionPhase phase : kSessionPhases)
      if (!(*this)[phase].empty()) return false;
    return checks.empty();
  }
};

// What make(spec, phase) makes of the statements of every phase, in the same places. Ends with its
// first error.
template <class Made, class Make>
Result<ByPhase<std::vector<Made>>> MakeEach(const StatementSet& set, Make make) {
  ByPhase<std::vector<Made>> all;
  for (const SessionPhase phase : kSessionPhases) {
    for (StatementSpec spec : set[phase]) {
      spec.use = UseOf(phase);
      Result<Made> made = make(spec, phase);
      if (!made) return Failed(made);
      all[phase].push_back(*std::move(made));
    }
  }
  return all;
}

// The facet of a driver that can do OpKind::kStatement.
class StatementPreparer {
 public:
  virtual ~StatementPreparer() = default;

  // Takes the statements of the run: once, after Open and before the first session. Checks what can
  // be checked without running them; what an earlier phase may make, such as a table, need not be
  // there yet. Fails with kUsage, naming the statement and what would be right.
  virtual Status Prepare(StatementSet statements) = 0;
};

}  // namespace mbench
