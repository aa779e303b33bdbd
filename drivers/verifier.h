// SPDX-License-Identifier: Apache-2.0
//
// The facet of a driver that can look, when a run is over, whether the data are as they should be
// and whether every write that was acknowledged is there.
#pragma once

#include <vector>

#include "drivers/check_result.h"
#include "harness/base/result.h"

namespace mbench {

class DataVerifier {
 public:
  virtual ~DataVerifier() = default;

  // Whether it follows the writes of a run by itself: the engine asks for LogWrites then. Else it
  // follows them, as far as they are verbs, by what they have written.
  virtual bool FollowsWrites() const { return false; }
  // Every write of the run is to be looked for afterwards. Called after Open and before Prepare, or
  // not at all. Fails with kUsage.
  virtual Status LogWrites() { return {}; }

  // What became of the writes, and of StatementSet::checks, when all sessions and watchers are
  // gone. Fails with kUnreachable when nobody can say.
  virtual Result<std::vector<CheckResult>> Verify() = 0;
};

}  // namespace mbench
