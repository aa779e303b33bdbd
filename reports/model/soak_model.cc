// SPDX-License-Identifier: Apache-2.0
#include "reports/model/soak_model.h"

namespace mbench {

SoakModel FindSoak(const PageRun& run) {
  return {FindDrifts(run.result, run.timeline), FindStallModels(run.result, run.seconds)};
}

void SoakReader::OnHead(const RunResult& head) {
  is_soak_ = IsSoak(head);
  if (!is_soak_) return;
  timeline_.OnHead(head);
  seconds_.OnHead(head);
}

void SoakReader::OnSecond(const SeriesPoint& second) {
  if (!is_soak_) return;
  timeline_.OnSecond(second);
  seconds_.OnSecond(second);
}

void SoakReader::OnInterval(const Interval& interval) {
  if (!is_soak_) return;
  timeline_.OnInterval(interval);
  seconds_.OnInterval(interval);
}

void SoakReader::OnLogged(const LoggedInterval& interval) {
  if (!is_soak_) return;
  timeline_.OnLogged(interval);
  seconds_.OnLogged(interval);
}

SoakModel SoakReader::Finish(const RunResult& result) {
  if (!is_soak_) return {};
  timeline_.Close();
  return {FindDrifts(result, timeline_.Get()), FindStallModels(result, seconds_.Get())};
}

}  // namespace mbench
