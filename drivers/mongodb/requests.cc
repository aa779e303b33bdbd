// SPDX-License-Identifier: Apache-2.0
#include "drivers/mongodb/requests.h"

#include <algorithm>
#include <array>
#include <utility>

#include "drivers/mongodb/change_stream.h"
#include "drivers/mongodb/statement_words.h"
#include "harness/base/text.h"
#include "harness/base/text_hash.h"

namespace mbench::mongodb {
namespace {

Status Need(const Members& members, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    if (!members.contains(std::string(name))) return BadConfig("it needs {}", Quote(name));
  }
  return {};
}

Json Take(const Members& members, const std::string& name, Json fallback) {
  const auto found = members.find(name);
  return found == members.end() ? std::move(fallback) : found->second;
}

// ---- commands ----

bool EndsWithWrite(const Json& pipeline) {
  if (!pipeline.is_array() || pipeline.empty() || !pipeline.back().is_object()) return false;
  return pipeline.back().contains("$out") || pipeline.back().contains("$merge");
}

// {find: "orders", filter: ...}: the command as the server has it.
Json CommandOf(const Word& word, const std::string& collection, const Members& members) {
  Json command = {{std::string(word.name), collection}};
  for (const Key& key : word.keys) {
    const auto found = members.find(std::string(key.name));
    if (found == members.end() || (word.name == "aggregate" && key.name == "batchSize")) continue;
    command[std::string(key.server_name.empty() ? key.name : key.server_name)] = found->second;
  }
  return command;
}

Status FillCommand(const Word& word, const Members& members, const Placeholders& placeholders,
                   Action* action) {
  Json command = CommandOf(word, action->collection, members);
  action->cursor = word.name == "find" || word.name == "aggregate";
  action->finds = word.name == "find";
  action->has_max_time = members.contains("maxTimeMS");
  if (action->cursor) {
    const Json size = Take(members, "batchSize", 0);
    if (!size.is_number()) return BadConfig("batchSize cannot come from a generator");
    action->batch_size = size.get<std::int32_t>();
  }
  if (word.name == "aggregate") {
    if (Status need = Need(members, {"pipeline"}); !need) return need;
    command["cursor"] = Json::object();
    if (action->batch_size > 0) command["cursor"]["batchSize"] = action->batch_size;
    if (EndsWithWrite(members.at("pipeline"))) action->kind = Action::Kind::kReadWrite;
  }
  if (word.name == "distinct") {
    if (Status need = Need(members, {"key"}); !need) return need;
  }
  if (word.name == "findAndModify") {
    action->kind = Action::Kind::kFindAndModify;
    const auto count = command.count("update") + command.count("remove");
    if (count != 1) return BadConfig("it needs one of set, pipeline and remove");
  }
  Result<BsonTemplate> compiled = BsonTemplate::Compile(command, placeholders);
  if (!compiled) return Failed(compiled);
  action->command = *std::move(compiled);
  return {};
}

// {command: {ping: 1}, database: admin}
Status FillAnyCommand(const StatementSpec& spec, const Members& members,
                      const Placeholders& placeholders, Action* action) {
  action->kind = Action::Kind::kCommand;
  action->has_max_time = true;  // it may be one that knows no such thing
  const Json command = Json::parse(spec.body.at("command"), nullptr, false);
  if (!command.is_object() || command.empty()) {
    return BadConfig("command is not right: {}; expected a map such as {{ping: 1}}",
                     Quote(spec.body.at("command")));
  }
  action->database = Take(members, "database", action->database).get<std::string>();
  Result<BsonTemplate> compiled = BsonTemplate::Compile(command, placeholders);
  if (!compiled) return Failed(compiled);
  action->command = *std::move(compiled);
  return {};
}

// "city_1_born_-1": as the server's own clients call it.
std::string IndexName(const Json& key) {
  std::string name;
  for (const auto& [field, kind] : key.items()) {
    const std::string text = kind.is_string() ? kind.get<std::string>() : kind.dump();
    name += fmt::format("{}{}_{}", name.empty() ? "" : "_", field, text);
  }
  return name;
}

// {index: "orders", key: {city: 1}, unique: true}
Status FillIndex(const Members& members, const Placeholders& placeholders, Action* action) {
  action->kind = Action::Kind::kCommand;
  action->has_max_time = true;  // it takes as long as it takes
  if (Status need = Need(members, {"key"}); !need) return need;
  const Json& key = members.at("key");
  if (key.empty()) return BadConfig("key names no field; write key: {{city: 1}}");
  Json index = {{"key", key}, {"name", IndexName(key)}};
  for (const auto& [name, value] : members) index[name] = value;
  Result<BsonTemplate> compiled = BsonTemplate::Compile(
      {{"createIndexes", action->collection}, {"indexes", Json::array({index})}}, placeholders);
  if (!compiled) return Failed(compiled);
  action->command = *std::move(compiled);
  return {};
}

// ---- writes ----

Result<bool> ReadFlag(const Members& members, const std::string& name, bool fallback) {
  const Json flag = Take(members, name, fallback);
  if (!flag.is_boolean()) return BadConfig("{} is true or false", name);
  return flag.get<bool>();
}

Status CompileInto(const Json& json, const Placeholders& placeholders, BsonTemplate* out) {
  Result<BsonTemplate> compiled = BsonTemplate::Compile(json, placeholders);
  if (!compiled) return Failed(compiled);
  *out = *std::move(compiled);
  return {};
}

// The update of {set: ...} or {pipeline: ...}; `set` is a whole update document.
Result<Json> ReadUpdate(const Members& members) {
  if (members.contains("set") == members.contains("pipeline")) {
    return BadConfig("it needs set: {{$set: ...}} or pipeline: [...], one of them");
  }
  if (members.contains("pipeline")) return members.at("pipeline");
  const Json& set = members.at("set");
  const bool operators = !set.empty() && std::ranges::all_of(set.items(), [](const auto& item) {
    return item.key().starts_with('$');
  });
  if (operators) return set;
  return BadConfig(
      "set has to be an update document, whose names are operators, such as {{$set: {{a: 1}}}}; a "
      "whole document is written by replace");
}

// `word`: insert, update, replace, delete.
Result<Write> MakeWrite(std::string_view word, const Members& members,
                        const Placeholders& placeholders) {
  Write write;
  const Result<bool> many = ReadFlag(members, "many", false);
  if (!many) return Failed(many);
  Json content = Json::object();
  if (word == "insert") {
    content = Take(members, "document", {});
  } else if (word == "replace") {
    write.kind = Write::Kind::kReplace;
    content = Take(members, "document", {});
  } else if (word == "update") {
    write.kind = *many ? Write::Kind::kUpdateMany : Write::Kind::kUpdateOne;
    Result<Json> update = ReadUpdate(members);
    if (!update) return Failed(update);
    content = *std::move(update);
  } else {
    write.kind = *many ? Write::Kind::kDeleteMany : Write::Kind::kDeleteOne;
  }
  if (!content.is_structured()) return BadConfig("it needs {}", Quote("document"));
  if (word != "insert") {
    if (Status need = Need(members, {"filter"}); !need) return Failed(need);
  }
  Json options = Json::object();
  for (const char* name : {"upsert", "collation", "hint", "arrayFilters"}) {
    if (members.contains(name)) options[name] = members.at(name);
  }
  Status compiled =
      CompileInto(Take(members, "filter", Json::object()), placeholders, &write.filter);
  if (compiled) compiled = CompileInto(content, placeholders, &write.content);
  if (compiled) compiled = CompileInto(options, placeholders, &write.options);
  if (!compiled) return Failed(compiled);
  return write;
}

// {insert: {...}} or {update: {filter: ..., set: ...}}: as the statements, without the collection.
Result<Write> MakeBulkWrite(const Json& json, const Placeholders& placeholders) {
  constexpr auto kWords =
      std::to_array<std::string_view>({"insert", "update", "replace", "delete"});
  const bool one = json.is_object() && json.size() == 1 && json.begin().value().is_object();
  const std::string word = one ? json.begin().key() : "";
  if (std::ranges::find(kWords, word) == kWords.end()) {
    return BadConfig(
        "an operation of bulkWrite is something like {{insert: {{...}}}} or {{update: {{filter: "
        "{{...}}, set: {{...}}}}}}, with one of {}; not {}",
        fmt::join(kWords, ", "), json.dump());
  }
  const Json& said = json.begin().value();
  if (word == "insert") return MakeWrite(word, {{"document", said}}, placeholders);
  const Word& known = *std::ranges::find(Words(), word, &Word::name);
  Members members;
  for (const auto& [name, value] : said.items()) {
    if (Status fits = CheckKey(name, known); !fits) return Failed(fits);
    members.emplace(name, value);
  }
  return MakeWrite(word, members, placeholders);
}

// The command of one write: {update: c, updates: [{q: ..., u: ..., multi: ...}]}
Json WriteCommandOf(std::string_view word, const std::string& collection, const Members& members,
                    const Json& content) {
  const bool many = Take(members, "many", false) == Json(true);
  if (word == "insert") return {{"insert", collection}, {"documents", Json::array({content})}};
  Json item = {{"q", members.at("filter")}};
  if (word == "delete") {
    item["limit"] = many ? 0 : 1;
  } else {
    item["u"] = content;
    item["multi"] = many;
  }
  for (const char* name : {"upsert", "collation", "hint", "arrayFilters"}) {
    if (members.contains(name)) item[name] = members.at(name);
  }
  if (word == "delete") return {{"delete", collection}, {"deletes", Json::array({item})}};
  return {{"update", collection}, {"updates", Json::array({item})}};
}

// One write, alone: also as a command.
Status FillWrite(std::string_view word, const Members& members, const Placeholders& placeholders,
                 Action* action) {
  action->kind = Action::Kind::kWrite;
  Result<Write> write = MakeWrite(word, members, placeholders);
  if (!write) return Failed(write);
  action->writes.push_back(*std::move(write));
  const Json content =
      word == "update" ? *ReadUpdate(members) : Take(members, "document", Json::object());
  return CompileInto(WriteCommandOf(word, action->collection, members, content), placeholders,
                     &action->command);
}

Status FillBulk(const Members& members, const Placeholders& placeholders, Action* action) {
  action->kind = Action::Kind::kBulk;
  for (const Json& operation : members.at("operations")) {
    Result<Write> write = MakeBulkWrite(operation, placeholders);
    if (!write) return Failed(write);
    action->writes.push_back(*std::move(write));
  }
  if (action->writes.empty()) return BadConfig("bulkWrite has no operations");
  return {};
}

Status FillInsert(const Members& members, const Placeholders& placeholders, Action* action) {
  if (members.contains("document") == members.contains("documents")) {
    return BadConfig("it needs document: {{...}} or documents: [{{...}}, ...], one of them");
  }
  const Json documents = members.contains("documents") ? members.at("documents")
                                                       : Json::array({members.at("document")});
  if (documents.size() == 1 && action->batch == 1 && !action->skips_duplicates) {
    return FillWrite("insert", {{"document", documents[0]}}, placeholders, action);
  }
  for (const Json& document : documents) {
    if (action->skips_duplicates && !document.contains("_id")) {
      return BadConfig(
          "a document of a load needs an _id, such as \"{{key}}\" or \"{{row.ID}}\", or what is "
          "sent twice would be there twice");
    }
    Result<Write> write = MakeWrite("insert", {{"document", document}}, placeholders);
    if (!write) return Failed(write);
    action->writes.push_back(*std::move(write));
  }
  if (action->writes.empty()) return BadConfig("documents is empty");
  action->kind = Action::Kind::kBulk;
  return {};
}

// ---- writes that are known again ----

// The placeholders of a statement, and that of the number.
struct NumberedPlaceholders {
  NumberedPlaceholders(const StatementSpec& spec, bool numbered)
      : names(spec.arguments), types(spec.types) {
    if (!numbered) return;
    types.resize(names.size(), ArgumentType::kText);
    names.emplace_back(kNumberName);
    types.push_back(ArgumentType::kInteger);
  }
  std::vector<std::string> names;
  std::vector<ArgumentType> types;
};

Status ReadWatchOf(std::string_view word, Members* members, Action* action) {
  const auto said = members->find("watch");
  if (said == members->end()) return {};
  Result<std::string> watch = ReadWatch(said->second);
  if (!watch) return Failed(watch);
  action->watch = *std::move(watch);
  members->erase(said);
  return action->watch.empty() ? Status() : CheckWatchable(word, *members);
}

// `verify`: of the run, not of a load.
Status NumberWritesOf(std::string_view word, bool verify, Members* members, Action* action) {
  if (verify) {
    action->untraced = FindUntraced(word, *members);
    action->tracing.logged = !action->untraced && IsWrite(word);
  }
  action->removes = Take(*members, "remove", false) == Json(true);
  action->tracing.collection = HashText(action->collection, HashText(action->database));
  action->numbered = action->tracing.logged || !action->watch.empty();
  return action->numbered ? NumberWrites(word, members) : Status();
}

// ---- the whole ----

Result<Action> MakeAction(const StatementSpec& spec, const std::string& database,
                          SessionPhase phase, bool verify) {
  const Word* const word = FindWord(spec);
  if (word == nullptr) return NoWord();
  Result<Members> members = ReadMembers(spec, *word);
  if (!members) return Failed(members);
  const bool loads = phase == SessionPhase::kLoad;
  const Result<bool> ordered = ReadFlag(*members, "ordered", !loads);
  if (!ordered) return Failed(ordered);
  if (loads && *ordered)
    return BadConfig("a load is not ordered: a duplicate would end its batch; leave it out");
  Action action{.name = spec.name,
                .database = database,
                .collection = spec.body.at(std::string(word->name)),
                .batch = spec.batch,
                .ordered = *ordered,
                .skips_duplicates = loads};
  if (Status fits = ReadWatchOf(word->name, &*members, &action); !fits) return Failed(fits);
  if (phase != SessionPhase::kRun && !action.watch.empty())
    return BadConfig("a load is not measured, so nobody watches it; take watch out");
  if (word->name == "bulkWrite") {
    if (Status need = Need(*members, {"operations"}); !need) return Failed(need);
  }
  verify = verify && phase == SessionPhase::kRun;
  Status numbered = NumberWritesOf(word->name, verify, &*members, &action);
  if (!numbered) return Failed(numbered);
  const NumberedPlaceholders own(spec, action.numbered);
  const Placeholders placeholders{own.names, own.types};
  Status filled;
  if (word->name == "command") {
    filled = FillAnyCommand(spec, *members, placeholders, &action);
  } else if (action.collection.empty() || !TextTemplate::Names(action.collection).empty()) {
    filled = BadConfig("{} has to name a collection, not {}", word->name, Quote(action.collection));
  } else if (word->name == "index") {
    filled = FillIndex(*members, placeholders, &action);
  } else if (word->name == "bulkWrite") {
    filled = FillBulk(*members, placeholders, &action);
  } else if (word->name == "insert") {
    filled = FillInsert(*members, placeholders, &action);
  } else if (word->name == "update" || word->name == "replace" || word->name == "delete") {
    filled = FillWrite(word->name, *members, placeholders, &action);
  } else {
    filled = FillCommand(*word, *members, placeholders, &action);
  }
  if (!filled) return Failed(filled);
  return action;
}

// retry: {times: 3}
Status ReadTransactionKeys(const StatementSpec& spec, Request* request) {
  for (const auto& [name, text] : spec.body) {
    if (name == "isolation") {
      return BadConfig(
          "transactions of MongoDB have one isolation, that of a snapshot; leave it out");
    }
    if (name == "watch") return BadConfig("watch stands in the steps of a transaction that write");
    if (name != "retry")
      return BadConfig("{} does not go with a transaction; retry does", Quote(name));
    const Json json = Json::parse(text, nullptr, false);
    const bool right = json.is_object() && json.size() == 1 && json.contains("times") &&
                       json["times"].is_number_unsigned() &&
                       json["times"].get<std::uint64_t>() < 1000;
    if (!right) {
      return BadConfig("retry is not right: {}; write {{times: 3}}, at most 999", Quote(text));
    }
    request->retry_times = json["times"].get<std::uint32_t>();
  }
  return {};
}

Status FillRequest(const StatementSpec& spec, const std::string& database, SessionPhase phase,
                   bool verify, Request* request) {
  if (!spec.label.empty()) return BadConfig("replies of MongoDB say nothing to split by: no label");
  if (!spec.steps.empty()) {
    request->is_transaction = true;
    if (Status read = ReadTransactionKeys(spec, request); !read) return read;
  }
  for (const StatementSpec& step : spec.steps.empty() ? std::vector{spec} : spec.steps) {
    Result<Action> action = MakeAction(step, database, phase, verify);
    if (!action && spec.steps.empty()) return Failed(action);
    if (!action) return BadConfig("step {}: {}", Quote(step.name), action.error().message);
    request->steps.push_back(*std::move(action));
  }
  return {};
}

}  // namespace

Result<Request> MakeRequest(const StatementSpec& spec, const std::string& database,
                            SessionPhase phase, bool verify) {
  Request request{.name = spec.name, .arguments = spec.arguments.size()};
  const Status filled = FillRequest(spec, database, phase, verify, &request);
  if (!filled) return BadConfig("statement {}: {}", Quote(spec.name), filled.error().message);
  return request;
}

}  // namespace mbench::mongodb
