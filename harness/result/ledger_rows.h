// SPDX-License-Identifier: Apache-2.0
//
// What a ledger comes to for people, and for the objectives that are held against it: lost, rpo and
// stale; and what became of messages that somebody had to receive: lost and doubled. Pure functions
// of a stored result.
#pragma once

#include <vector>

#include "harness/result/run_result.h"

namespace mbench {

// Judges those of the objectives that are about the ledger, or about messages. Not judged without
// one, or when a part of it was not kept.
void JudgeLedgerObjectives(RunResult* result);

// What became of the writes, and what reads have shown, as checks of the data. A loss, or a stale
// read, is wrong unless an objective says how much of it is right.
std::vector<CheckResult> LedgerRows(const RunResult& result);

// The same of messages: a row for each op whose messages are followed.
std::vector<CheckResult> MessageRows(const RunResult& result);

}  // namespace mbench
