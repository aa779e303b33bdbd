// SPDX-License-Identifier: Apache-2.0
//
// What has to be said for the writes and reads of a run to be followed, and for objectives on what
// became of them: verify: {writes: true, reads: true}, slo: [lost < 0.1%, rpo = 0s, stale < 1%].
// The same of messages: consume: {group: billing}, slo: [lost(order) = 0, lag(billing) < 10k].
#include <algorithm>

#include "harness/base/text.h"
#include "harness/config/sections.h"

namespace mbench {
namespace {

// Verbs go to the first system.
bool FollowsVerbs(const ReadState& state) {
  const DriverLanguage& first = *state.FirstLanguage();
  return first.verbs && first.verifies_reads && HasVerbs(state.plan->mix);
}

void CheckWrites(const ValueNode& writes, const ReadState& state) {
  const RunPlan& plan = *state.plan;
  if (!plan.verify.writes) return;
  if (AnyVerifiesWrites(state)) {
    if (HasVerbs(plan.mix) && !state.FirstLanguage()->verifies_writes)
      state.mistakes->Add(
          writes.place,
          fmt::format(
              "writes of verbs to '{}' are followed by the run and those to another system by "
              "its driver, and not both in one run; take writes out, or the verbs",
              plan.driver.name));
    return;
  }
  if (!FollowsVerbs(state)) {
    state.mistakes->Add(
        writes.place,
        (plan.driver.name.empty()
             ? fmt::format("driver {} cannot look for its writes after the run", plan.driver.use)
             : std::string("none of the systems can look for its writes after the run")) +
            (state.FirstLanguage()->verbs && !HasVerbs(plan.mix)
                 ? ": those of statements are not followed, only verbs are"
                 : ""));
  } else if (const std::string why = WhyNotFollowed(plan); !why.empty()) {
    state.mistakes->Add(writes.place, why);
  }
}

// ---- messages ----

bool IsReceived(const StatementSpec& statement) {
  return statement.Find("produce") != nullptr && statement.Find("consume") != nullptr;
}

// Whether somebody receives the messages of the op, or of any when `op` is "".
bool AnyIsReceived(std::string_view op, const MixPlan& mix) {
  return std::ranges::any_of(mix.statements, [op](const StatementSpec& statement) {
    return (op.empty() || statement.name == op) && IsReceived(statement);
  });
}

bool SendsMessages(std::string_view op, const MixPlan& mix) {
  return std::ranges::any_of(mix.statements, [op](const StatementSpec& statement) {
    return (op.empty() || statement.name == op) && statement.Find("produce") != nullptr;
  });
}

std::string WhyNoLag(std::string_view group, const MixPlan& mix) {
  std::vector<std::string_view> groups;
  for (const StatementSpec& statement : mix.statements) {
    const ValueNode* const consume = statement.Find("consume");
    const ValueNode* const name = consume == nullptr ? nullptr : consume->Child("group");
    if (name != nullptr && std::ranges::count(groups, name->text) == 0)
      groups.push_back(name->text);
  }
  if (std::ranges::count(groups, group) > 0) return "";
  if (groups.empty())
    return "lag is known of a group of consumers of the run, and no statement has one; say consume: "
           "{group: ...} in one";
  return fmt::format("no group {}{}", Quote(group), Suggest(group, groups));
}

std::string WhyNotReceived(const MetricName& metric) {
  return fmt::format(
      "{} needs somebody who receives the messages; say consume: {{group: ...}} in {}",
      Name(metric), metric.op.empty() ? "a statement that has produce" : metric.op);
}

// Why an objective can never be judged; "": it can.
std::string WhyNeverKnown(const MetricName& metric, const ReadState& state) {
  const RunPlan& plan = *state.plan;
  const std::string family = Family(metric);
  if (metric.kind == MetricKind::kLag) return WhyNoLag(metric.op, plan.mix);
  if (metric.kind == MetricKind::kLost || metric.kind == MetricKind::kDoubled) {
    const bool is_told = !WhyNeverCounted(metric.op, plan.mix).empty();
    if (is_told || AnyIsReceived(metric.op, plan.mix)) return "";
    if (metric.kind == MetricKind::kDoubled || SendsMessages(metric.op, plan.mix))
      return WhyNotReceived(metric);
  }
  if (metric.kind == MetricKind::kStale) {
    if (!plan.verify.writes || !plan.verify.reads)
      return fmt::format("{} needs verify: {{writes: true, reads: true}}", family);
    return FollowsVerbs(state) && WhyNotFollowed(plan).empty()
               ? ""
               : fmt::format("{} is known of the verbs of mix, when they write whole records",
                             family);
  }
  if (!plan.verify.writes) return fmt::format("{} needs verify: {{writes: true}}", family);
  if (state.FirstLanguage()->verifies_writes)
    return fmt::format(
        "driver {} tells lost writes as a check and not as {}; take the objective out",
        plan.driver.use, family);
  if (metric.kind == MetricKind::kLost || metric.op.empty()) return "";
  std::vector<std::string_view> events;
  for (const EventPlan& event : plan.events) events.push_back(event.name);
  if (std::ranges::find(events, metric.op) != events.end()) return "";
  return fmt::format("no event {}{}", Quote(metric.op), Suggest(metric.op, events));
}

}  // namespace

void CheckLedger(const ValueNode& root, const ReadState& state) {
  if (state.FirstLanguage() == nullptr) return;  // an unknown driver, which was told
  const ValueNode* const verify = root.Child("verify");
  const ValueNode* const writes = verify == nullptr ? nullptr : verify->Child("writes");
  if (writes != nullptr) CheckWrites(*writes, state);
  const ValueNode* const slo = root.Child("slo");
  if (slo == nullptr) return;
  for (const ValueNode& item : slo->children) {
    if (item.kind != ValueNode::Kind::kScalar) continue;
    const Result<SloPlan> objective = ParseSlo(item.text);
    if (!objective) continue;
    const MetricKind kind = objective->metric.kind;
    if (!IsOfLedger(kind) && kind != MetricKind::kLag) continue;
    const std::string why = WhyNeverKnown(objective->metric, state);
    if (!why.empty()) state.mistakes->Add(item.place, why);
  }
}

}  // namespace mbench
