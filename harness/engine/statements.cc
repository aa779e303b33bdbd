// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/statements.h"

namespace mbench {

StatementSet StatementsOf(const RunPlan& plan) {
  StatementSet set;
  set[SessionPhase::kBeforeLoad] = plan.data.before_load;
  if (plan.data.load_statement) set[SessionPhase::kLoad] = {*plan.data.load_statement};
  set[SessionPhase::kAfterLoad] = plan.data.after_load;
  set[SessionPhase::kRun] = plan.mix.statements;
  if (plan.verify.look) set[SessionPhase::kLook] = {*plan.verify.look};
  set.checks = plan.verify.checks;
  return set;
}

bool HasLoadStatements(const DataPlan& data) {
  return data.load_statement || !data.before_load.empty() || !data.after_load.empty();
}

}  // namespace mbench
