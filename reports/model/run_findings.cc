// SPDX-License-Identifier: Apache-2.0
#include "reports/model/run_findings.h"

namespace mbench {
namespace {

RunFindings FindIn(const RunResult& result, const Timeline& timeline, const SecondSeries& seconds) {
  return {FindDrifts(result, timeline), FindStallModels(result, seconds),
          UsesOfLevels(result, timeline)};
}

}  // namespace

RunFindings FindIn(const PageRun& run) { return FindIn(run.result, run.timeline, run.seconds); }

void FindingsReader::OnHead(const RunResult& head) {
  wanted_ = IsSoak(head) || Climbs(head);
  if (!wanted_) return;
  timeline_.OnHead(head);
  seconds_.OnHead(head);
}

void FindingsReader::OnSecond(const SeriesPoint& second) {
  if (!wanted_) return;
  timeline_.OnSecond(second);
  seconds_.OnSecond(second);
}

void FindingsReader::OnInterval(const Interval& interval) {
  if (!wanted_) return;
  timeline_.OnInterval(interval);
  seconds_.OnInterval(interval);
}

void FindingsReader::OnLogged(const LoggedInterval& interval) {
  if (!wanted_) return;
  timeline_.OnLogged(interval);
  seconds_.OnLogged(interval);
}

RunFindings FindingsReader::Finish(const RunResult& result) {
  if (!wanted_) return {};
  timeline_.Close();
  return FindIn(result, timeline_.Get(), seconds_.Get());
}

}  // namespace mbench
