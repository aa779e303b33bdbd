// SPDX-License-Identifier: Apache-2.0
//
// `ledger` and `messages` of run.json.
#pragma once

#include "harness/result/json_text.h"
#include "harness/result/run_result.h"

namespace mbench {

// REQUIRES: result.ledger is known.
OrderedJson LedgerJson(const RunResult& result);
// `op_names`: of the result.
LedgerSummary ReadLedger(JsonFields fields, const std::vector<std::string>& op_names);

OrderedJson MessagesJson(const std::vector<OpMessages>& messages);
OpMessages ReadMessages(JsonFields fields);  // of one op

}  // namespace mbench
