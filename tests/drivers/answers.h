// SPDX-License-Identifier: Apache-2.0
//
// How an op of a test ended.
#pragma once

#include <gmock/gmock.h>

#include "tests/drivers/testing.h"

namespace mbench::testing {

MATCHER_P(IsValue, value, "") { return arg.outcome == Outcome::kOk && arg.copy == value; }
MATCHER(IsOk, "") { return arg.outcome == Outcome::kOk && arg.error == 0; }
MATCHER(IsNotFound, "") { return arg.outcome == Outcome::kNotFound && arg.error == 0; }

// "ok", "failed: message too large".
inline std::string Told(const Session& session, const Completion& answer) {
  if (answer.outcome != Outcome::kFailed) return std::string(Name(answer.outcome));
  return "failed: " + session.DescribeError(answer.error);
}

}  // namespace mbench::testing
