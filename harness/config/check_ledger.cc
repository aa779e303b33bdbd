// SPDX-License-Identifier: Apache-2.0
//
// What has to be said for the writes and reads of a run to be followed, and for objectives on what
// became of them: verify: {writes: true, reads: true} of verbs, `writes` and `reads` of statements,
// slo: [lost < 0.1%, rpo = 0s, stale < 1%].
// The same of messages: consume: {group: billing}, slo: [lost(order) = 0, lag(billing) < 10k].
#include <algorithm>

#include "harness/base/text.h"
#include "harness/base/text_template.h"
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
            (plan.mix.statements.empty()
                 ? ""
                 : "; those of statements are looked for by one that reads a key, such as writes: "
                   "{sql: \"SELECT version FROM products WHERE id = {key}\"}"));
  } else if (const std::string why = WhyNotFollowed(plan); !why.empty()) {
    state.mistakes->Add(writes.place, why);
  } else if (AnyWrites(plan.mix)) {
    state.mistakes->Add(writes.place,
                        "writes of verbs and of statements are not followed both in one run; take "
                        "this out, or 'writes' out of the statements");
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
    if (consume == nullptr) continue;
    const ValueNode* name = consume->Child("group");
    if (name == nullptr) name = consume->Child("queue");  // whose consumers are a group
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

// ---- statements ----

// Placeholders that stand below `node`, but for the words of the ledger.
void CollectSent(const ValueNode& node, std::vector<std::string>* names) {
  for (const std::string& name : TextTemplate::Names(node.text)) names->push_back(name);
  for (const ValueNode& child : node.children) {
    for (const std::string& name : TextTemplate::Names(child.key)) names->push_back(name);
    if (child.key != "writes" && child.key != "reads") CollectSent(child, names);
  }
}

std::vector<std::string> SentBy(const StatementSpec& statement) {
  std::vector<std::string> names;
  CollectSent(statement.body, &names);
  for (const StatementSpec& step : statement.steps) CollectSent(step.body, &names);
  return names;
}

bool Has(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

// What is wrong with a version that a statement writes; "": nothing that can be known.
std::string WrongWithVersion(const StatementSpec& statement, const ValueNode& writes) {
  const ValueNode& version = *writes.Child("version");
  const std::vector<std::string> names = TextTemplate::Names(version.text);
  if (names.empty())
    return fmt::format(
        "the version {} is the same for every write; expected a placeholder that "
        "is not, such as {{version}}",
        Quote(version.text));
  const std::vector<std::string> of_key = TextTemplate::Names(writes.Child("key")->text);
  const auto follows_key = [&](const std::string& name) {
    return Has(of_key, name) || name == "key" || name == "record";
  };
  if (std::ranges::all_of(names, follows_key))
    return fmt::format(
        "the version {} is the same for every write of a key; expected something "
        "like {{version}}",
        Quote(version.text));
  const std::vector<std::string> sent = SentBy(statement);
  for (const std::string& name : names)
    if (!Has(sent, name))
      return fmt::format("{{{}}} is not sent: it stands nowhere else in statement {}", name,
                         Quote(statement.name));
  return "";
}

// Their maps are right by themselves, or nullptr.
const ValueNode* FindMap(const StatementSpec& statement, std::string_view word,
                         std::initializer_list<std::string_view> parts) {
  const ValueNode* const said = statement.Find(word);
  const auto is_text = [&](std::string_view part) {
    const ValueNode* const node = said->Child(part);
    return node != nullptr && node->IsScalar();
  };
  return said != nullptr && said->IsMap() && std::ranges::all_of(parts, is_text) ? said : nullptr;
}

void CheckFollowed(const StatementSpec& statement, const ReadState& state) {
  const RunPlan& plan = *state.plan;
  const ValueNode* const writes = FindMap(statement, "writes", {"key", "version"});
  const ValueNode* const reads = FindMap(statement, "reads", {"key"});
  for (const ValueNode* const said : {writes, reads}) {
    if (said != nullptr && statement.batch > 1)
      state.mistakes->Add(said->Head(),
                          fmt::format("'{}' does not go with a batch: an op has one key and one "
                                      "version",
                                      said->key));
  }
  if (writes != nullptr) {
    if (const std::string wrong = WrongWithVersion(statement, *writes); !wrong.empty())
      state.mistakes->Add(writes->Child("version")->place, wrong);
    if (statement.weight > 0 && !AnyReads(plan.mix) && !plan.verify.look)
      state.mistakes->Add(writes->Head(),
                          "nobody looks at what is written; expected 'reads' in a statement, or "
                          "verify: {writes: {...}}, by which keys are read back");
  }
  if (reads != nullptr && statement.weight > 0 && !AnyWrites(plan.mix))
    state.mistakes->Add(reads->Head(),
                        "reads are compared with writes, and no statement says what it writes; "
                        "expected something like writes: {key: \"{key}\", version: "
                        "\"{version}\"} in one");
}

void CheckLook(const ReadState& state) {
  const RunPlan& plan = *state.plan;
  if (!plan.verify.look) return;
  if (!AnyWrites(plan.mix))
    state.mistakes->Add(plan.verify.look->place,
                        "no statement says what it writes; expected something like writes: {key: "
                        "\"{key}\", version: \"{version}\"} in one");
  const DriverLanguage* const language = state.systems[plan.verify.look->system].language;
  if (language == nullptr) return;
  CheckStatement(SystemsOf(plan)[plan.verify.look->system]->use, *language, *plan.verify.look,
                 state.mistakes);
}

// ---- objectives ----

bool SaysReads(const RunPlan& plan, std::string_view op) {
  const auto statement =
      std::ranges::find(plan.mix.statements, op.substr(0, op.find(':')), &StatementSpec::name);
  return op.empty() ? AnyReads(plan.mix)
                    : statement != plan.mix.statements.end() && statement->Find("reads") != nullptr;
}

// Of statements, of which some say what they write.
std::string WhyNeverKnownOf(const MetricName& metric, const RunPlan& plan) {
  const std::string family = Family(metric);
  if (metric.kind == MetricKind::kStale) {
    if (SaysReads(plan, metric.op)) return "";
    return metric.op.empty()
               ? fmt::format("{} needs a statement that says what it reads", family)
               : fmt::format("{} is not known: {} does not say what it reads", family, metric.op);
  }
  if (!plan.verify.look)
    return fmt::format("{} needs verify: {{writes: {{...}}}}, by which keys are read back", family);
  if (metric.kind != MetricKind::kLost || metric.op.empty()) return "";
  const auto statement = std::ranges::find(plan.mix.statements, metric.op, &StatementSpec::name);
  if (statement == plan.mix.statements.end() || statement->Find("writes") != nullptr) return "";
  return fmt::format("{} is not known: {} does not say what it writes", family, metric.op);
}

// Of verbs.
std::string WhyNeverKnownOfVerbs(const MetricName& metric, const ReadState& state) {
  const RunPlan& plan = *state.plan;
  const std::string family = Family(metric);
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
  return "";
}

// Why an objective can never be judged; "": it can.
std::string WhyNeverKnown(const MetricName& metric, const ReadState& state) {
  const RunPlan& plan = *state.plan;
  if (metric.kind == MetricKind::kLag) return WhyNoLag(metric.op, plan.mix);
  if (metric.kind == MetricKind::kLost || metric.kind == MetricKind::kDoubled) {
    const bool is_told = !WhyNeverCounted(metric.op, plan.mix).empty();
    if (is_told || AnyIsReceived(metric.op, plan.mix)) return "";
    if (metric.kind == MetricKind::kDoubled || SendsMessages(metric.op, plan.mix))
      return WhyNotReceived(metric);
  }
  const std::string why =
      AnyWrites(plan.mix) ? WhyNeverKnownOf(metric, plan) : WhyNeverKnownOfVerbs(metric, state);
  if (!why.empty() || metric.kind != MetricKind::kRpo || metric.op.empty()) return why;
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
  for (const StatementSpec& statement : state.plan->mix.statements) CheckFollowed(statement, state);
  CheckLook(state);
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
