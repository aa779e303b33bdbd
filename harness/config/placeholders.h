// SPDX-License-Identifier: Apache-2.0
//
// The {placeholders} in what a statement says: each has to stand for something, and becomes one of
// its arguments. Wrong ones, too, so that a driver does not find them again.
#pragma once

#include "harness/config/sections.h"

namespace mbench {

// All texts below `node`, names in maps too.
void CollectArguments(const ValueNode& node, const ReadState& state, StatementSpec* statement);

// Of a statement that reads keys back: {key} is the text of one, and nothing else is known.
void CheckOnlyKey(const ValueNode& node, const ReadState& state, StatementSpec* statement);

}  // namespace mbench
