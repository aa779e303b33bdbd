// SPDX-License-Identifier: Apache-2.0
//
// Which kind of operation comes next, by weight.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/base/rng.h"
#include "harness/plan/run_plan.h"
#include "workloads/alias_table.h"

namespace mbench {

// One kind of operation: a verb or a statement.
struct OpChoice {
  std::uint16_t op_index = 0;
  Verb verb = Verb::kRead;
  bool is_statement = false;
  std::uint16_t statement = 0;  // index into MixPlan::statements
  double weight = 0;
};

// In the order of Request::op_index: the verbs with weight, then all statements.
std::vector<OpChoice> OpChoices(const MixPlan& plan);

// Thread: any; immutable.
class OpMix {
 public:
  explicit OpMix(const MixPlan& plan);

  // REQUIRES: something in the plan has weight.
  const OpChoice& Draw(Rng& rng) const {
    return choices_.size() == 1 ? choices_[0] : choices_[table_.Pick(rng.Next())];
  }

 private:
  std::vector<OpChoice> choices_;
  AliasTable table_;
};

}  // namespace mbench
