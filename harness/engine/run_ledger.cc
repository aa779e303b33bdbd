// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/run_ledger.h"

#include <algorithm>

#include "drivers/common/ledger_judge.h"
#include "drivers/verifier.h"
#include "harness/engine/crew.h"
#include "harness/engine/final_look.h"
#include "workloads/workload.h"

namespace mbench {
namespace {

LedgerSummary::OfOp SummaryOf(const LedgerFindings::OfOp& found, std::size_t op,
                              const PartNames& names) {
  LedgerSummary::OfOp sum = {.acknowledged = found.acknowledged,
                             .lost = found.lost,
                             .failed = found.failed,
                             .failed_there = found.failed_there,
                             .in_doubt = found.in_doubt,
                             .in_doubt_there = found.in_doubt_there,
                             .reads = {found.reads.judged, found.reads.stale},
                             .never_written = found.never_written,
                             .backwards = found.backwards,
                             .not_own = found.not_own,
                             .oldest = found.oldest};
  for (const auto& [label, reads] : found.by_label) {
    const std::string name = names.Name(op, label - 1U);
    sum.labels.push_back({{reads.judged, reads.stale}, std::string(LabelOfPart(name))});
  }
  return sum;
}

// Lost writes whose replies came no further apart are one loss.
constexpr Ticks kOneLoss = kSecond;
// What an event brings about may take so long: a server that is told to stop answers a little more.
constexpr Ticks kComesAbout = 500 * kMillisecond;

// The event that took what was acknowledged at `until` last: the first one behind it, or the last
// of all. REQUIRES: there is one.
std::size_t CauseOf(Ticks until, const std::vector<EventRecord>& events) {
  std::size_t cause = events.size(), last = 0;
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (events[i].end == EventEnd::kSkipped) continue;
    if (events[i].at >= events[last].at) last = i;
    if (events[i].at + kComesAbout < until) continue;
    if (cause == events.size() || events[i].at < events[cause].at) cause = i;
  }
  return cause == events.size() ? last : cause;
}

void AddLosses(std::vector<LostWrite> lost, const std::vector<EventRecord>& events, Ticks zero,
               LedgerSummary* summary) {
  summary->by_event.resize(events.size());
  const bool any = std::ranges::any_of(
      events, [](const EventRecord& event) { return event.end != EventEnd::kSkipped; });
  std::ranges::sort(lost, {}, &LostWrite::ended);
  for (std::size_t begin = 0; begin < lost.size();) {
    std::size_t end = begin + 1;
    while (end < lost.size() && lost[end].ended - lost[end - 1].ended <= kOneLoss) ++end;
    const std::size_t cause = !any ? 0 : CauseOf(lost[end - 1].ended - zero, events);
    for (; begin < end; ++begin) {
      const LostWrite& write = lost[begin];
      summary->loss.Add(write.started - zero, write.ended - zero);
      if (any) summary->by_event[cause].Add(write.started - zero, write.ended - zero);
    }
  }
}

}  // namespace

RunLedger::RunLedger(const RunPlan& plan, const DriverFacts& facts, Driver* driver)
    : plan_(plan), facts_(facts), driver_(driver) {
  DataVerifier* const verifier = driver->Verifier();
  looks_ = verifier == nullptr || !verifier->FollowsWrites();
  const bool follows = facts.verbs && HasVerbs(plan.mix) && WhyNotFollowed(plan).empty();
  if (plan.verify.writes && follows && (looks_ || plan.verify.reads)) ledger_.emplace();
}

void RunLedger::Attach(Crew* crew) {
  if (ledger_) crew->SetLedger(&*ledger_, plan_.verify.reads);
}

Result<LedgerSummary> RunLedger::Judge(const Crew& crew, const std::vector<EventRecord>& events,
                                       Ticks zero, const std::atomic<bool>* stop) {
  LedgerSummary summary;
  if (!ledger_) return summary;
  const Result<LedgerFindings> found = JudgeLedger({.plan = plan_,
                                                    .facts = facts_,
                                                    .driver = driver_,
                                                    .connections = crew.size().connections,
                                                    .zero = zero,
                                                    .stop = stop,
                                                    .look = looks_},
                                                   &*ledger_);
  if (!found) return Failed(found);
  summary.known = true;
  summary.writes_known = looks_;
  summary.reads_known = plan_.verify.reads;
  summary.ops.resize(OpNames(plan_.mix).size());
  for (std::size_t op = 0; op < std::min(found->ops.size(), summary.ops.size()); ++op)
    summary.ops[op] = SummaryOf(found->ops[op], op, crew.part_names());
  AddLosses(found->lost, events, zero, &summary);
  summary.keys = found->keys;
  summary.repeated_versions = found->repeated_versions;
  summary.not_kept = ledger_->NotKept();
  summary.why_not_kept = ledger_->WhyNotKept();
  return summary;
}

}  // namespace mbench
