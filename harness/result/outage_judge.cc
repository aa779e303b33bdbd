// SPDX-License-Identifier: Apache-2.0
#include "harness/result/outage_judge.h"

#include <algorithm>
#include <utility>

namespace mbench {
namespace {

// As many as a table can hold; the longest ones.
constexpr std::size_t kMostFound = 20;
// A gap that begins this long behind an event at most is said to be behind it.
constexpr Ticks kBehind = 10 * kSecond;

bool Touches(const OutageResult& outage, const Gap& gap) {
  return outage.Seen() && gap.from <= outage.to && gap.to >= outage.from;
}

// Length of the union.
Ticks LengthOf(std::vector<std::pair<Ticks, Ticks>> spans) {
  std::ranges::sort(spans);
  Ticks length = 0, until = -kNever;
  for (const auto& [from, to] : spans) {
    length += std::max<Ticks>(0, to - std::max(from, until));
    until = std::max(until, to);
  }
  return length;
}

}  // namespace

OutageJudge::OutageJudge(std::vector<EventPlan> events, const RecoveredPlan& recovered,
                         std::vector<std::string> op_names)
    : events_(std::move(events)),
      recovered_(recovered),
      op_names_(std::move(op_names)),
      down_(op_names_.size()) {
  for (std::size_t op = 0; op < op_names_.size(); ++op) {
    finders_.emplace_back(op);
    const bool declared = std::ranges::any_of(events_, [&](const EventPlan& event) {
      return event.outage &&
             (event.outage->of.empty() ||
              std::ranges::find(event.outage->of, op_names_[op]) != event.outage->of.end());
    });
    if (declared) watches_.emplace_back(recovered_, op);
  }
  outside_.lengths.resize(op_names_.size());
  outside_.during.ops.resize(op_names_.size());
}

void OutageJudge::OnEvent(std::size_t event, std::uint32_t round, Ticks at) {
  const EventPlan& plan = events_[event];
  begun_.push_back({plan.name, at});
  if (!plan.outage) return;
  for (OutageWatch& watch : watches_) {
    const std::string& op = op_names_[watch.op()];
    const std::vector<std::string>& of = plan.outage->of;
    if (!of.empty() && std::ranges::find(of, op) == of.end()) continue;
    watch.Expect({.event = plan.name,
                  .round = round,
                  .op = op,
                  .event_at = at,
                  .at_most = plan.outage->at_most});
  }
}

void OutageJudge::Add(const Interval& slice) {
  for (GapFinder& finder : finders_) finder.Add(slice);
  bool any = false;
  for (OutageWatch& watch : watches_) {
    watch.Add(slice);
    if (!watch.Down()) continue;
    down_[watch.op()] = any = true;
  }
  if (!any) return;
  outside_.during.delay.Add(slice.delay);
  outside_.offered += slice.offered;
}

std::vector<bool> OutageJudge::TakeDown() {
  return std::exchange(down_, std::vector<bool>(op_names_.size()));
}

void OutageJudge::Finish(Ticks load_end, RunResult* result) {
  for (OutageWatch& watch : watches_) watch.Finish(load_end);
  TakeDeclared(result);
  SetLengths(result);
  TakeFound(load_end, result);
}

void OutageJudge::TakeDeclared(RunResult* result) const {
  result->outside = outside_;
  for (const OutageWatch& watch : watches_) {
    result->outages.insert(result->outages.end(), watch.results().begin(), watch.results().end());
    result->outside.during.ops[watch.op()].Add(watch.during());
  }
  std::ranges::stable_sort(result->outages, std::less<>(), &OutageResult::event_at);
}

void OutageJudge::SetLengths(RunResult* result) const {
  std::vector<std::pair<Ticks, Ticks>> all;
  for (std::size_t op = 0; op < op_names_.size(); ++op) {
    std::vector<std::pair<Ticks, Ticks>> spans;
    for (const OutageResult& outage : result->outages)
      if (outage.op == op_names_[op] && outage.Seen()) spans.emplace_back(outage.from, outage.to);
    all.insert(all.end(), spans.begin(), spans.end());
    result->outside.lengths[op] = LengthOf(std::move(spans));
  }
  result->outside.length = LengthOf(std::move(all));
}

OutageResult OutageJudge::ResultOf(const Gap& gap, std::size_t op) const {
  OutageResult found;
  found.op = op_names_[op];
  found.state = gap.ended ? OutageState::kRecovered : OutageState::kNeverEnded;
  found.event_at = -1;
  for (const Begun& event : begun_) {
    if (event.at > gap.to || gap.from - event.at > kBehind || event.at < found.event_at) continue;
    found.event_at = event.at;
    found.note = event.name;
  }
  found.from = gap.from;
  found.to = gap.to;
  found.silence = gap.to - gap.from;
  found.first_error = gap.first_error;
  found.last_error = gap.last_error;
  found.during.errors = found.during.ended = gap.errors;
  return found;
}

void OutageJudge::TakeFound(Ticks load_end, RunResult* result) {
  std::vector<OutageResult> found;
  for (std::size_t op = 0; op < finders_.size(); ++op)
    for (const Gap& gap : finders_[op].Finish(load_end)) {
      const bool declared = std::ranges::any_of(result->outages, [&](const OutageResult& outage) {
        return outage.op == op_names_[op] && Touches(outage, gap);
      });
      if (!declared) found.push_back(ResultOf(gap, op));
    }
  if (found.size() > kMostFound) {
    std::ranges::stable_sort(found, std::greater<>(), &OutageResult::Rto);
    result->warnings.push_back(
        fmt::format("{} times without an answer were found; the {} longest are kept", found.size(),
                    kMostFound));
    found.resize(kMostFound);
  }
  std::ranges::stable_sort(found, std::less<>(), &OutageResult::from);
  std::ranges::move(found, std::back_inserter(result->outages));
}

}  // namespace mbench
