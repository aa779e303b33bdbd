// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/run_ledger.h"

#include <algorithm>
#include <cstdlib>

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
// What an event brings about may take so long behind its command: a server that is told to stop
// answers a little more.
constexpr Ticks kComesAbout = 500 * kMillisecond;

void AddLosses(std::vector<LostWrite> lost, const std::vector<EventRecord>& events, Ticks zero,
               LedgerSummary* summary) {
  const bool any = std::ranges::any_of(
      events, [](const EventRecord& event) { return event.end != EventEnd::kSkipped; });
  std::ranges::sort(lost, {}, &LostWrite::ended);
  for (std::size_t begin = 0; begin < lost.size();) {
    std::size_t end = begin + 1;
    while (end < lost.size() && lost[end].ended - lost[end - 1].ended <= kOneLoss) ++end;
    const std::size_t cause = !any ? 0 : CauseOfLoss(lost[end - 1].ended - zero, events);
    for (; begin < end; ++begin) {
      const LostWrite& write = lost[begin];
      summary->loss.Add(write.started - zero, write.ended - zero);
      if (any) summary->by_event[cause].Add(write.started - zero, write.ended - zero);
    }
  }
}

// The events whose outages were declared, in order of time: what began behind one of them, and
// before the next one, is told of it. Of a plan without any: all that took place.
std::vector<std::size_t> Causes(const RunPlan& plan, const std::vector<EventRecord>& events) {
  std::vector<std::size_t> causes;
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (events[i].end == EventEnd::kSkipped) continue;
    const auto planned = std::ranges::find(plan.events, events[i].name, &EventPlan::name);
    const bool declares = planned != plan.events.end() && planned->outage.has_value();
    if (declares || !DeclaresOutages(plan)) causes.push_back(i);
  }
  std::ranges::stable_sort(causes, {}, [&](std::size_t i) { return events[i].at; });
  return causes;
}

}  // namespace

std::size_t CauseOfLoss(Ticks until, const std::vector<EventRecord>& events) {
  std::size_t nearest = events.size(), last = 0;
  const auto distance = [&](std::size_t i) { return std::abs(events[i].at - until); };
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (events[i].end == EventEnd::kSkipped) continue;
    if (events[i].at >= events[last].at) last = i;
    if (events[i].at + events[i].took + kComesAbout < until) continue;
    if (nearest == events.size() || distance(i) < distance(nearest)) nearest = i;
  }
  return nearest == events.size() ? last : nearest;
}

RunLedger::RunLedger(const RunPlan& plan, const DriverFacts& facts, Driver* driver)
    : plan_(plan), facts_(facts), driver_(driver) {
  DataVerifier* const verifier = driver->Verifier();
  looks_ = plan.verify.writes && (verifier == nullptr || !verifier->FollowsWrites());
  followed_.reads = plan.verify.reads;
  followed_.verbs = plan.verify.writes && facts.verbs && HasVerbs(plan.mix) &&
                    WhyNotFollowed(plan).empty() && (looks_ || plan.verify.reads);
  if (AnyWrites(plan.mix) && (AnyReads(plan.mix) || plan.verify.look)) {
    followed_ = {.statements = FollowedStatements(plan.mix)};
    looks_ = plan.verify.look.has_value();
  }
  if (followed_) ledger_.emplace();
}

void RunLedger::Attach(Crew* crew) {
  if (ledger_) crew->SetLedger(&*ledger_, &followed_);
}

Result<JudgedLedger> RunLedger::Judge(const Crew& crew, const std::vector<EventRecord>& events,
                                      Ticks zero, const std::atomic<bool>* stop) {
  JudgedLedger judged;
  if (!ledger_) return judged;
  LookTask task = {.plan = plan_,
                   .facts = facts_,
                   .driver = driver_,
                   .connections = crew.size().connections,
                   .zero = zero,
                   .stop = stop,
                   .look = looks_};
  if (!followed_.statements.empty()) task.keys = &crew.WrittenKeys();
  for (const std::size_t cause : Causes(plan_, events))
    task.windows.push_back(zero + events[cause].at);
  Result<LookedAt> looked = JudgeLedger(task, &*ledger_);
  if (!looked) return Failed(looked);
  if (!looked->look) looked->findings.lost.clear();
  judged.look = looked->look;
  judged.summary.writes_known = looks_ && looked->look.has_value();
  Summarize(looked->findings, crew, events, zero, &judged.summary);
  return judged;
}

void RunLedger::Summarize(const LedgerFindings& found, const Crew& crew,
                          const std::vector<EventRecord>& events, Ticks zero,
                          LedgerSummary* summary) const {
  summary->known = true;
  summary->reads_known = followed_.reads || AnyReads(plan_.mix);
  summary->ops.resize(OpNames(plan_.mix).size());
  for (std::size_t op = 0; op < std::min(found.ops.size(), summary->ops.size()); ++op)
    summary->ops[op] = SummaryOf(found.ops[op], op, crew.part_names());
  summary->by_event.resize(events.size());
  const std::vector<std::size_t> causes = Causes(plan_, events);
  for (std::size_t i = 0; i < causes.size(); ++i) {
    const LedgerWindow& window = found.windows[i];
    LedgerSummary::AtEvent& at = summary->by_event[causes[i]];
    at.in_doubt = window.in_doubt;
    at.reads = {window.reads, window.stale};
  }
  AddLosses(found.lost, events, zero, summary);
  summary->keys = found.keys;
  summary->repeated_versions = found.repeated_versions;
  summary->not_kept = ledger_->NotKept();
  summary->why_not_kept = ledger_->WhyNotKept();
  if (!summary->writes_known || found.not_looked_for == 0) return;
  summary->not_kept += found.not_looked_for;
  if (summary->why_not_kept.empty())
    summary->why_not_kept = "there were too many keys for all to be looked at";
}

}  // namespace mbench
