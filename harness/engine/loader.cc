// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/loader.h"

#include <optional>
#include <utility>

#include "harness/engine/data_marks.h"
#include "harness/engine/load_threads.h"
#include "harness/engine/set_up.h"

namespace mbench {

Result<LoadPhase> PrepareData(const RunPlan& plan, const DriverFacts& facts, Driver* driver,
                              RunObserver* observer, const std::atomic<bool>* stop) {
  const DataMarks marks(plan, driver->Store());
  const bool speaks = marks.SpeaksOfRecords();
  if (plan.data.load == LoadData::kSkip) return LoadPhase{.reused = speaks};
  const Result<std::optional<std::uint64_t>> first = marks.MakeRoom();
  if (!first) return Failed(first);
  if (!*first) return LoadPhase{.reused = true};

  std::vector<SetUpRecord> done;
  const auto set_up = [&](SessionPhase when) { return RunSetUp(when, plan, driver, stop, &done); };
  if (**first == 0) {
    if (Status before = set_up(SessionPhase::kBeforeLoad); !before) return Failed(before);
  }
  LoadPhase phase;
  if (speaks) {
    const Result<LoadPhase> loaded = LoadRecords({.plan = plan,
                                                  .facts = facts,
                                                  .driver = driver,
                                                  .observer = observer,
                                                  .stop = stop,
                                                  .marks = marks,
                                                  .first = **first});
    if (!loaded) return loaded;
    phase = *loaded;
  }
  if (!*stop) {
    if (Status after = set_up(SessionPhase::kAfterLoad); !after) return Failed(after);
  }
  phase.set_up = std::move(done);
  if (*stop) return phase;
  if (Status whole = marks.LeaveWhole(); !whole) return Failed(whole);
  return phase;
}

}  // namespace mbench
