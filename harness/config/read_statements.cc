// SPDX-License-Identifier: Apache-2.0
//
// statements:
//   get_product: {weight: 90, http: "GET /products/{key}", expect: {status: 200}}
//
//   transfer: {weight: 10, isolation: serializable, transaction: [{name: debit, sql: ...}, ...]}
//
// data:
//   load_statement: {insert: patients, document: {_id: "{key}", age: "{row.age}"}, batch: 5000}
//   after_load: [{index: patients, key: {city: 1}}]
//
// What a statement says is the driver's business: its keys are handed on as they are. Only the
// {placeholders} in their texts are looked up here.
#include <algorithm>
#include <array>

#include "harness/base/secrets.h"
#include "harness/base/text.h"
#include "harness/base/text_hash.h"
#include "harness/base/text_template.h"
#include "harness/config/limits.h"
#include "harness/config/placeholders.h"
#include "harness/config/sections.h"

namespace mbench {
namespace {

constexpr std::string_view kStatementExample = "{weight: 1, sql: \"SELECT 1\"}";
constexpr std::string_view kStepExample = "{name: debit, sql: \"UPDATE ...\"}";

bool IsStatementName(std::string_view name) {
  constexpr std::string_view kAllowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
  return !name.empty() && name.size() <= 64 &&
         name.find_first_not_of(kAllowed) == std::string_view::npos;
}

void CheckStatementName(const Place& place, std::string_view name, std::string_view what,
                        const ReadState& state) {
  if (IsStatementName(name)) return;
  state.mistakes->Add(
      place, fmt::format("{} is no name of a {}; expected at most 64 letters, digits, - and _",
                         Quote(name), what));
}

// Whether a value is written down as it is: neither from the environment nor drawn for each op.
bool IsLiteral(std::string_view written) {
  return !written.empty() && written.find('{') == std::string_view::npos;
}

void RefuseSecret(const ValueNode& node, std::string_view secret, const ReadState& state) {
  state.mistakes->Hide(std::string(secret));
  state.mistakes->Add(node.place,
                      "what is secret must come from the environment, or it would be stored with "
                      "every result; write ${NAME} in its place");
}

// Headers and queries that carry a password or a token.
void CheckSecrecy(const ValueNode& node, bool in_headers, const ReadState& state) {
  if (node.IsScalar()) {
    const std::string_view in_query = SecretInQuery(node.written);
    if (in_headers && LooksSecret(node.key) && IsLiteral(node.written))
      RefuseSecret(node, node.written, state);
    else if (node.key == "http" && IsLiteral(in_query))
      RefuseSecret(node, in_query, state);
  }
  for (const ValueNode& child : node.children)
    CheckSecrecy(child, in_headers || node.key == "headers", state);
}

// Of what is done once, and never measured: for people only.
void CheckTitle(const ValueNode& name, const ReadState& state) {
  constexpr std::size_t kLongest = 64;
  const bool fits = !name.text.empty() && name.text.size() <= kLongest &&
                    std::ranges::none_of(name.text, [](char c) { return c >= 0 && c < ' '; });
  if (fits) return;
  state.mistakes->Add(name.place, fmt::format("{} is no name of a statement; expected at most {} "
                                              "characters in one line",
                                              Quote(name.text), kLongest));
}

// Where there is a mix, results and objectives would not tell the two apart.
void CheckNotVerb(const ValueNode& node, const ReadState& state) {
  if (!HasVerbs(state.plan->mix)) return;
  for (std::size_t i = 0; i < kVerbs; ++i) {
    if (node.key != Name(static_cast<Verb>(i))) continue;
    state.mistakes->Add(node.key_place,
                        fmt::format("a statement cannot be called {}, which is a verb of the mix",
                                    Quote(node.key)));
  }
}

// on: cache
void ReadOn(MapReader* map, const ReadState& state, StatementSpec* statement) {
  std::string name;
  if (!map->Text("on", &name)) return;
  const std::vector<const DriverPlan*> systems = SystemsOf(*state.plan);
  if (systems.front()->name.empty()) {
    if (state.systems.empty()) return;  // what is driven is not known, which was told
    return map->Complain("on",
                         "'on' chooses one of several systems, and this file has one driver; write "
                         "systems: {NAME: {use: ...}, ...} in its place");
  }
  std::vector<std::string_view> names;
  for (const DriverPlan* system : systems) names.push_back(system->name);
  const auto found = std::ranges::find(names, name);
  if (found == names.end())
    return map->Complain("on", fmt::format("no system {}{}", Quote(name), Suggest(name, names)));
  statement->system = static_cast<std::uint16_t>(found - names.begin());
}

// equal_to: replica. Of a check; the word stays in the body, for the driver to know.
void CheckEqualTo(const ReadState& state, const StatementSpec& statement) {
  const ValueNode* const said = statement.Find("equal_to");
  if (said == nullptr || state.systems.empty()) return;
  std::vector<std::string_view> names;
  for (const DriverPlan* system : SystemsOf(*state.plan)) names.push_back(system->name);
  const auto found = std::ranges::find(names, said->text);
  const bool is_one = names.front().empty();
  if (is_one) {
    state.mistakes->Add(said->place,
                        "'equal_to' names another system, and this file has one driver; write "
                        "systems: {NAME: {use: ...}, ...} in its place");
  } else if (found == names.end()) {
    state.mistakes->Add(
        said->place, fmt::format("no system {}{}", Quote(said->text), Suggest(said->text, names)));
  } else if (found - names.begin() == statement.system) {
    state.mistakes->Add(said->place,
                        fmt::format("{} would be compared with itself", Quote(said->text)));
  }
}

// `whole`: the transaction of a step, else `statement` itself.
void ReadBody(MapReader* map, std::initializer_list<std::string_view> ours, const ReadState& state,
              StatementSpec* statement, StatementSpec* whole) {
  statement->place = map->Node().Head();
  statement->body.place = map->Node().place;
  for (const ValueNode& child : map->Node().children) {
    if (std::ranges::find(ours, child.key) != ours.end()) continue;
    map->Find(child.key);
    CollectArguments(child, state, whole);
    CheckSecrecy(child, false, state);
    statement->body.children.push_back(child);
  }
}

bool SaysSomething(const StatementSpec& statement) {
  return !statement.steps.empty() ||
         std::ranges::any_of(statement.body.children,
                             [](const ValueNode& word) { return word.key != "label"; });
}

void CheckSaysSomething(const ValueNode& node, const StatementSpec& statement,
                        const std::string& where, std::string_view example,
                        const ReadState& state) {
  if (!node.IsMap() || SaysSomething(statement)) return;
  state.mistakes->Add(
      node.Head(),
      fmt::format("{} says nothing to the system; expected something like {}", where, example));
}

void ReadStep(const ValueNode& node, const ReadState& state, StatementSpec* transaction) {
  StatementSpec step;
  const std::string number = std::to_string(transaction->steps.size() + 1);
  step.name = number;
  const std::string where =
      fmt::format("step {} of transaction {}", number, Quote(transaction->name));
  MapReader map(node, where, kStepExample, state.mistakes);
  if (map.Text("name", &step.name))
    CheckStatementName(node.Child("name")->place, step.name, "step", state);
  for (const std::string_view key : {"weight", "label", "transaction", "batch"})
    map.Refuse(key, fmt::format("'{}' does not go with a step of a transaction", key));
  map.Refuse("on", "a transaction stays on one system; write 'on' beside its steps");
  ReadBody(&map, {"name", "weight", "label", "transaction", "batch", "on"}, state, &step,
           transaction);
  map.Finish();
  CheckSaysSomething(node, step, where, kStepExample, state);
  if (std::ranges::find(transaction->steps, step.name, &StatementSpec::name) !=
      transaction->steps.end()) {
    map.Complain("name", fmt::format("a second step {} in transaction {}", Quote(step.name),
                                     Quote(transaction->name)));
  }
  transaction->steps.push_back(std::move(step));
}

void ReadTransaction(const ValueNode& node, const ReadState& state, StatementSpec* statement) {
  if (!IsList(node, "transaction", fmt::format("[{}]", kStepExample), state)) return;
  if (node.children.empty() || node.children.size() > limits::kTransactionSteps) {
    return state.mistakes->Add(node.Head(),
                               fmt::format("a transaction of {} steps; expected 1 to {}",
                                           node.children.size(), limits::kTransactionSteps));
  }
  for (const ValueNode& step : node.children) ReadStep(step, state, statement);
}

StatementSpec ReadStatement(const ValueNode& node, const ReadState& state) {
  StatementSpec statement;
  statement.name = node.key;
  CheckStatementName(node.key_place, node.key, "statement", state);
  CheckNotVerb(node, state);
  const std::string where = fmt::format("statement {}", Quote(node.key));
  MapReader map(node, where, kStatementExample, state.mistakes);
  map.Need("weight", "weight: 1");
  map.Number("weight", {0, limits::kWeight, "0 or more, such as 90"}, &statement.weight);
  std::string label;
  map.Text("label", &label);
  // Stays in the body: a driver that knows no batches refuses it.
  map.Count("batch", {1, limits::kBatch, "1 to 100k"}, &statement.batch);
  if (const ValueNode* const steps = map.Find("transaction"))
    ReadTransaction(*steps, state, &statement);
  ReadOn(&map, state, &statement);
  ReadBody(&map, {"weight", "transaction", "on"}, state, &statement, &statement);
  const std::size_t said = statement.body.children.size();
  AddFleetColumns(state, &statement);
  for (std::size_t i = said; i < statement.body.children.size(); ++i)
    CollectArguments(statement.body.children[i], state, &statement);
  for (StatementSpec& step : statement.steps) {
    step.system = statement.system;
    step.arguments = statement.arguments;
    step.types = statement.types;
  }
  map.Finish();
  if (!map.Has("transaction")) CheckSaysSomething(node, statement, where, kStatementExample, state);
  return statement;
}

// ---- statements of the load ----

constexpr std::string_view kStatementLoadExample =
    "{insert: patients, document: {_id: \"{key}\"}, batch: 5000}";

void ReadLoadStatement(const ValueNode& node, const ReadState& state) {
  StatementSpec statement{.name = "load_statement", .use = StatementUse::kLoad};
  MapReader map(node, "data.load_statement", kStatementLoadExample, state.mistakes);
  for (const std::string_view key : {"name", "weight", "label", "transaction"})
    map.Refuse(key, fmt::format("'{}' does not go with load_statement", key));
  map.Count("batch", {1, limits::kBatch, "1 to 100k"}, &statement.batch);
  const std::size_t mistakes_before = state.mistakes->Count();
  ReadOn(&map, state, &statement);
  ReadBody(&map, {"name", "weight", "label", "transaction", "on"}, state, &statement, &statement);
  map.Finish();
  CheckSaysSomething(node, statement, map.Where(), kStatementLoadExample, state);
  if (state.mistakes->Count() != mistakes_before) return;
  if (statement.arguments.empty()) {
    state.mistakes->Add(node.Head(),
                        "load_statement is the same for every record; expected a placeholder in "
                        "it, such as {key}, {record} or {row.COLUMN}");
  }
  state.plan->data.load_statement = std::move(statement);
}

// A list of statements that are done once each.
void ReadOnce(const ValueNode& node, StatementUse use, std::string_view where,
              std::string_view example, const ReadState& state,
              std::vector<StatementSpec>* statements) {
  if (!IsList(node, where, fmt::format("[{}]", example), state)) return;
  if (node.children.size() > limits::kSetUpStatements) {
    return state.mistakes->Add(
        node.Head(), fmt::format("{} statements in {}; expected at most {}", node.children.size(),
                                 where, limits::kSetUpStatements));
  }
  for (const ValueNode& child : node.children) {
    StatementSpec statement{.use = use};
    statement.name = fmt::format("{} {}", where, statements->size() + 1);
    MapReader map(child, statement.name, example, state.mistakes);
    if (map.Text("name", &statement.name)) CheckTitle(*child.Child("name"), state);
    for (const std::string_view key : {"weight", "label", "transaction", "batch"})
      map.Refuse(key, fmt::format("'{}' does not go with a statement that is done once", key));
    ReadOn(&map, state, &statement);
    ReadBody(&map, {"name", "weight", "label", "transaction", "batch", "on"}, state, &statement,
             &statement);
    map.Finish();
    if (use == StatementUse::kCheck) CheckEqualTo(state, statement);
    CheckSaysSomething(child, statement, map.Where(), example, state);
    statements->push_back(std::move(statement));
  }
}

// verify: {writes: {on: replica, sql: "SELECT price FROM products WHERE id = {key}"}}
void ReadLook(const ValueNode& node, const ReadState& state) {
  constexpr std::string_view kExample = "{sql: \"SELECT version FROM products WHERE id = {key}\"}";
  StatementSpec look{.name = "verify.writes"};
  MapReader map(node, look.name, kExample, state.mistakes);
  constexpr std::array<std::string_view, 7> kNotHere = {"name",  "weight", "label", "transaction",
                                                        "batch", "reads",  "writes"};
  for (const std::string_view key : kNotHere)
    map.Refuse(key, fmt::format("'{}' does not go with a statement that reads keys back", key));
  ReadOn(&map, state, &look);
  look.place = node.Head();
  look.body.place = node.place;
  ValueNode reads{.kind = ValueNode::Kind::kMap, .key = "reads"};
  reads.place = reads.key_place = node.Head();
  ValueNode key{.kind = ValueNode::Kind::kScalar, .text = "{key}", .key = "key"};
  key.place = key.key_place = node.Head();
  reads.children.push_back(std::move(key));
  map.Duration("limit", {0, limits::kLength, "0s to 366d"}, &state.plan->verify.look_limit);
  for (const ValueNode& child : node.children) {
    if (child.key == "on" || child.key == "limit" ||
        std::ranges::find(kNotHere, child.key) != kNotHere.end())
      continue;
    map.Find(child.key);
    CheckSecrecy(child, false, state);
    if (child.key == "version") {
      reads.children.push_back(child);
      continue;
    }
    CheckOnlyKey(child, state, &look);
    look.body.children.push_back(child);
  }
  map.Finish();
  CheckSaysSomething(node, look, look.name, kExample, state);
  if (std::ranges::find(look.arguments, "key") == look.arguments.end()) {
    if (SaysSomething(look) && node.IsMap())
      state.mistakes->Add(node.Head(),
                          "verify.writes asks the same for every key; expected {key} in it");
    look.arguments.emplace_back("key");
    look.types.push_back(ValueType::kText);
  }
  look.body.children.push_back(std::move(reads));
  state.plan->verify.look = std::move(look);
}

// Whatever changes what is loaded: also the generators, used or not.
std::uint64_t FingerprintOf(const ValueNode& data, const ValueNode* generators,
                            const ReadState& state) {
  std::uint64_t hash = HashText("");
  for (const char* key : {"load_statement", "before_load", "after_load"}) {
    const ValueNode* const node = data.Child(key);
    hash = HashText(node == nullptr ? "-" : TextOf(*node), hash);
  }
  if (generators != nullptr) hash = HashText(TextOf(*generators), hash);
  for (const GeneratorPlan& generator : state.plan->mix.generators)
    if (generator.rows != nullptr) hash = hash * 31 + generator.rows->Hash();
  const Rows* const rows = state.plan->data.rows.get();
  return rows == nullptr ? hash : hash * 31 + rows->Hash();
}

// Of the keys that statements write, as they are bound when they are read back.
ValueType WrittenKeyType(const ReadState& state) {
  for (const StatementSpec& statement : state.plan->mix.statements) {
    const ValueNode* const writes = statement.Find("writes");
    const ValueNode* const key = writes == nullptr ? nullptr : writes->Child("key");
    if (key == nullptr) continue;
    const std::vector<std::string> names = TextTemplate::Names(key->text);
    if (names.size() != 1 || key->text != fmt::format("{{{}}}", names[0])) return ValueType::kText;
    const auto at = std::ranges::find(statement.arguments, names[0]) - statement.arguments.begin();
    if (statement.types[static_cast<std::size_t>(at)] != ValueType::kInteger)
      return ValueType::kText;
  }
  return ValueType::kInteger;
}

}  // namespace

void ReadDataStatements(const ValueNode& data, const ValueNode* generators,
                        const ReadState& state) {
  const ValueNode* const load = data.Child("load_statement");
  const ValueNode* const before = data.Child("before_load");
  const ValueNode* const after = data.Child("after_load");
  if (load != nullptr) ReadLoadStatement(*load, state);
  constexpr std::string_view kSetUpExample = "{index: patients, key: {city: 1}}";
  DataPlan& plan = state.plan->data;
  constexpr StatementUse kSetUp = StatementUse::kSetUp;
  if (before != nullptr)
    ReadOnce(*before, kSetUp, "before_load", kSetUpExample, state, &plan.before_load);
  if (after != nullptr)
    ReadOnce(*after, kSetUp, "after_load", kSetUpExample, state, &plan.after_load);
  if (load != nullptr || before != nullptr || after != nullptr)
    state.plan->data.fingerprint = FingerprintOf(data, generators, state);
}

void ReadVerify(const ValueNode& node, const ReadState& state) {
  MapReader map(node, "verify", "{reads: true, writes: true}", state.mistakes);
  map.Flag("reads", &state.plan->verify.reads);
  const ValueNode* const writes = node.Child("writes");
  if (writes != nullptr && writes->IsMap()) {
    map.Find("writes");
    ReadLook(*writes, state);
  } else {
    map.Flag("writes", &state.plan->verify.writes);
  }
  if (const ValueNode* const checks = map.Find("checks")) {
    ReadOnce(*checks, StatementUse::kCheck, "checks", "{count: patients, expect: 54654}", state,
             &state.plan->verify.checks);
  }
  map.Finish();
}

void ReadStatements(const ValueNode& node, const ReadState& state) {
  MapReader map(node, "statements", fmt::format("{{get: {}}}", kStatementExample), state.mistakes);
  double sum = 0;
  const std::size_t mistakes_before = state.mistakes->Count();
  for (const ValueNode& child : node.children) {
    map.Find(child.key);
    state.plan->mix.statements.push_back(ReadStatement(child, state));
    sum += state.plan->mix.statements.back().weight;
  }
  map.Finish();
  if (auto& look = state.plan->verify.look)
    look->types.assign(look->arguments.size(), WrittenKeyType(state));
  if (node.kind != ValueNode::Kind::kMap || state.mistakes->Count() != mistakes_before) return;
  if (sum == 0) state.mistakes->Add(node.Head(), "no statement has a weight above 0");
}

}  // namespace mbench
