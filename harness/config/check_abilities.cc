// SPDX-License-Identifier: Apache-2.0
//
// What can be known to fail before the system is asked: statements that are not right in the
// driver's own language, verbs that it has not, a verification that it cannot do, what its options
// rule out.
#include <algorithm>

#include "harness/base/text.h"
#include "harness/config/sections.h"

namespace mbench {
namespace {

// The value of keys one below the other; nullptr: it is not there.
const ValueNode* FindBelow(const ValueNode& root, std::initializer_list<std::string_view> keys) {
  const ValueNode* node = &root;
  for (const std::string_view key : keys) {
    if (node != nullptr) node = node->Child(key);
  }
  return node;
}

void CheckVerbs(const ValueNode& root, const ReadState& state) {
  const ValueNode* const mix = root.Child("mix");
  const DriverLanguage* const language = state.FirstLanguage();
  if (language == nullptr || language->verbs || mix == nullptr) return;
  state.mistakes->Add(
      mix->Head(), fmt::format("driver {} has no verbs such as read and update; write statements",
                               state.plan->driver.use));
}

void CheckStatements(const std::vector<StatementSpec>& statements, const ReadState& state) {
  const std::vector<const DriverPlan*> systems = SystemsOf(*state.plan);
  for (const StatementSpec& statement : statements) {
    const DriverLanguage* const language = state.systems[statement.system].language;
    if (language == nullptr) continue;
    CheckStatement(systems[statement.system]->use, *language, statement, state.mistakes);
  }
}

// The system that a check compares its own with; its own when there is none, which was told.
std::size_t ComparedSystem(const StatementSpec& check, const RunPlan& plan) {
  const ValueNode* const said = check.Find("equal_to");
  const std::vector<const DriverPlan*> systems = SystemsOf(plan);
  for (std::size_t i = 0; said != nullptr && i < systems.size(); ++i)
    if (systems[i]->name == said->text) return i;
  return check.system;
}

void CheckAllStatements(const ReadState& state) {
  const RunPlan& plan = *state.plan;
  CheckStatements(plan.mix.statements, state);
  if (plan.data.load_statement) CheckStatements({*plan.data.load_statement}, state);
  for (const auto* list : {&plan.data.before_load, &plan.data.after_load, &plan.verify.checks})
    CheckStatements(*list, state);
  // What is compared has to be understood by both.
  for (StatementSpec check : plan.verify.checks) {
    const std::size_t other = ComparedSystem(check, plan);
    if (plan.driver.name.empty() || other == check.system) continue;
    const std::string& use = SystemsOf(plan)[other]->use;
    if (use == SystemsOf(plan)[check.system]->use) continue;
    check.system = static_cast<std::uint16_t>(other);
    CheckStatements({check}, state);
  }
}

void CheckVerification(const ValueNode& root, const ReadState& state) {
  const ValueNode* const verify = root.Child("verify");
  if (verify == nullptr) return;
  const RunPlan& plan = *state.plan;
  const DriverLanguage* const language = state.FirstLanguage();
  if (plan.verify.reads && language != nullptr && !language->verifies_reads) {
    const ValueNode* const reads = FindBelow(root, {"verify", "reads"});
    state.mistakes->Add(
        (reads == nullptr ? verify : reads)->place,
        fmt::format("reads of driver {} cannot be verified: it keeps no records", plan.driver.use));
  }
}

// With options that are all right, or read as if they were. Verbs go to the first system.
void CheckRun(const ValueNode& root, const ReadState& state) {
  const RunPlan& plan = *state.plan;
  const std::vector<const DriverPlan*> systems = SystemsOf(plan);
  for (std::size_t i = 0; i < systems.size(); ++i) {
    const DriverLanguage* const language = state.systems[i].language;
    if (language == nullptr || language->check_run == nullptr || systems[i]->options.Empty())
      continue;
    RunWants wants;
    for (const StatementSpec& statement : plan.mix.statements)
      if (statement.system == i) wants.statements.push_back(&statement);
    if (i == 0 && plan.mix.weights[static_cast<std::size_t>(Verb::kScan)] > 0)
      wants.scan = FindBelow(root, {"mix", "scan"});
    if (plan.verify.writes && language->verifies_writes)
      wants.verify_writes = FindBelow(root, {"verify", "writes"});
    language->check_run(systems[i]->options, wants, state.mistakes);
  }
}

// Records are in one place.
void CheckRecords(const ValueNode& root, const ReadState& state) {
  const RunPlan& plan = *state.plan;
  if (!plan.data.load_statement || plan.data.load_statement->system == 0) return;
  if (!HasVerbs(plan.mix)) return;
  const std::vector<const DriverPlan*> systems = SystemsOf(plan);
  state.mistakes->Add(
      FindBelow(root, {"data", "load_statement"})->Head(),
      fmt::format("the verbs of mix go to the records of '{}', the first system, "
                  "and these are loaded into '{}'",
                  systems.front()->name, systems[plan.data.load_statement->system]->name));
}

// Of several. What is neither driven nor asked nor observed is most likely a forgotten `on`.
void CheckAllUsed(const ReadState& state) {
  const std::vector<const DriverPlan*> systems = SystemsOf(*state.plan);
  if (systems.front()->name.empty()) return;
  std::vector<bool> used = DrivenSystems(*state.plan);
  for (const StatementSpec& check : state.plan->verify.checks)
    used[check.system] = used[ComparedSystem(check, *state.plan)] = true;
  if (const auto& look = state.plan->verify.look) used[look->system] = true;
  for (std::size_t i = 0; i < systems.size(); ++i) {
    const DriverLanguage* const language = state.systems[i].language;
    if (used[i] || language == nullptr || language->observes) continue;
    const std::string_view hint = language->words.empty()
                                      ? std::string_view("take it out")
                                      : "write 'on' in a statement, or take it out";
    state.mistakes->Add(
        state.systems[i].place,
        fmt::format("nothing is sent to system '{}', and driver {} says nothing of itself; {}",
                    systems[i]->name, systems[i]->use, hint));
  }
}

bool IsRetry(std::string_view part) {
  const std::size_t digits = part.find_first_not_of("0123456789");
  if (digits == 0 || digits == std::string_view::npos) return false;
  const std::string_view rest = part.substr(digits);
  return rest == " retry" || rest == " retries";
}

// Whether anything of a statement can be called `part`: a step, a label, a second try, or what is
// seen behind its reply (watch, consume).
bool MayHavePart(const StatementSpec& statement, std::string_view part) {
  if (!statement.Label().empty()) return true;
  if (!statement.steps.empty() && IsRetry(part)) return true;
  const auto watched = [](const StatementSpec& one) {
    return one.Find("watch") != nullptr || one.Find("consume") != nullptr;
  };
  if (watched(statement) || std::ranges::any_of(statement.steps, watched)) return true;
  return std::ranges::find(statement.steps, part, &StatementSpec::name) != statement.steps.end();
}

std::string WhyNoPart(const StatementSpec& statement, std::string_view part) {
  if (statement.steps.empty()) {
    return fmt::format("{} has no part {}: it has neither steps nor a label", statement.name,
                       Quote(part));
  }
  std::vector<std::string_view> steps;
  for (const StatementSpec& step : statement.steps) steps.push_back(step.name);
  return fmt::format("{} has no step {}{}", statement.name, Quote(part), Suggest(part, steps));
}

}  // namespace

std::string WhyNeverCounted(std::string_view name, const MixPlan& mix) {
  const std::vector<std::string_view> ops = OpNamesOf(mix);
  const std::size_t colon = name.find(':');
  const std::string_view op = name.substr(0, colon);
  if (name.empty() || ops.empty()) return "";
  if (std::ranges::find(ops, op) == ops.end() || colon + 1 == name.size())
    return fmt::format("no op {} in the mix{}", Quote(name), Suggest(op, ops));
  const auto statement = std::ranges::find(mix.statements, op, &StatementSpec::name);
  if (statement != mix.statements.end() && statement->weight == 0)
    return fmt::format("{} has weight 0, so that it never comes", op);
  if (colon == std::string_view::npos) return "";
  const std::string_view part = name.substr(colon + 1);
  if (statement == mix.statements.end())
    return fmt::format("{} has no part {}: it is a verb", op, Quote(part));
  return MayHavePart(*statement, part) ? "" : WhyNoPart(*statement, part);
}

bool AnyVerifiesWrites(const ReadState& state) {
  const std::vector<bool> driven = DrivenSystems(*state.plan);
  for (std::size_t i = 0; i < state.systems.size(); ++i) {
    const DriverLanguage* const language = state.systems[i].language;
    if (driven[i] && (language == nullptr || language->verifies_writes)) return true;
  }
  return false;
}

void CheckAbilities(const ValueNode& root, const ReadState& state) {
  if (state.systems.empty()) return;
  CheckVerbs(root, state);
  CheckAllStatements(state);
  CheckVerification(root, state);
  CheckLedger(root, state);
  CheckRun(root, state);
  CheckRecords(root, state);
  CheckAllUsed(state);
}

}  // namespace mbench
