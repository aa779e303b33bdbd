// SPDX-License-Identifier: Apache-2.0
//
// What a report says about a row of runs over time: where the level of a metric changed.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "reports/compare/accepted_store.h"
#include "reports/compare/change_point.h"
#include "reports/compare/run_sample.h"
#include "reports/compare/verdict.h"
#include "reports/model/number.h"

namespace mbench {

struct HistoryRun {
  std::string run;         // its folder, else its name
  std::string started_at;  // UTC
  std::string commit;      // "": not known
};

struct HistoryChange {
  HistoryRun since;        // the first run of the new level
  HistoryRun last_before;  // the last one of the old level
  Number before;
  Number after;
  Number change;  // after/before, or after-before
  double p = 1;
  bool worse = false;
  bool alarm = false;    // worse by as much as matters, and not accepted
  std::string accepted;  // why it is, when it is
};

struct HistoryMetric {
  std::string name;
  std::size_t runs = 0;  // that have measured it
  Number first, last, lowest, highest;
  std::vector<Number> values;  // in order; not known where a run has none
  std::vector<HistoryChange> changes;
};

struct HistoryModel {
  std::string title;
  std::vector<HistoryRun> runs;  // that were looked at, in order
  std::vector<HistoryMetric> metrics;
  std::vector<LeftOutRun> left_out;  // `side` means nothing here
  std::vector<std::string> notes;
  bool enough = true;  // false: too few runs for any change to be found
};

struct HistoryOptions {
  double alpha = 0.05;          // false changes in one history, all metrics together
  CompareOptions compare = {};  // margins: what matters
  std::vector<AcceptedChange> accepted = {};
  ChangePointOptions search = {};
};

// `runs`: in order of time; those that are not valid are left out.
HistoryModel MakeHistoryModel(std::span<const RunSample> runs, std::span<const MetricName> metrics,
                              const HistoryOptions& options = {});

bool HasAlarm(const HistoryModel& model);

}  // namespace mbench
