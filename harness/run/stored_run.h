// SPDX-License-Identifier: Apache-2.0
//
// From a plan to a stored result and what is to be thought of it.
#pragma once

#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/live/run_watcher.h"
#include "harness/plan/run_plan.h"
#include "harness/result/run_result.h"
#include "reports/model/run_findings.h"

namespace mbench {

struct StoredRun {
  RunResult result;
  bool measured = true;  // false: ended in or after the load phase, and nothing is stored
  bool interrupted = false;
  bool unreachable = false;  // a system was, when its data were to be verified
  Status stored;  // what the disk said to the end of the result; the result itself is whole
  Status page;    // and to its page
  RunFindings found;

  // Whether an objective or a check of the data broke, or an outage did not end as declared.
  bool Broken() const;
  // Whether there is an objective that nothing was measured for: it neither held nor broke.
  bool Unjudged() const;
};

class RankGroup;

// Where to, and who looks on.
struct RunPlace {
  std::string root = "results";    // gets a folder per run
  RunWatcher* watchers = nullptr;  // must be there
  RunLabel label = {};             // what they call the run
  // Of a run that several processes share, all of which call RunAndStore with the same plan: rank 0
  // has the whole in the end, the others nothing that is `measured`.
  const RankGroup* ranks = nullptr;
};

// One run: load, warm up, measure, store, judge. Signals end it early (interrupt.h). Fails
// when it could not take place; secrets are out of the message.
//
// Thread: one run at a time in a process.
Result<StoredRun> RunAndStore(const RunPlan& plan, const RunPlace& place);

}  // namespace mbench
