// SPDX-License-Identifier: Apache-2.0
#include "drivers/mongodb/requests.h"

#include <algorithm>
#include <array>
#include <utility>

#include "drivers/mongodb/change_stream.h"
#include "drivers/mongodb/check_documents.h"
#include "drivers/mongodb/sending.h"
#include "drivers/mongodb/statement_words.h"
#include "harness/base/text.h"
#include "harness/base/text_hash.h"

namespace mbench::mongodb {
namespace {

Json Take(const Members& members, const std::string& name, Json fallback) {
  const auto found = members.find(name);
  return found == members.end() ? std::move(fallback) : found->second;
}

// What the server calls a word of a command.
std::string ServerName(std::string_view head, const std::string& word) {
  const bool modifies = head == "findAndModify";
  if (word == "filter" && head != "find") return "query";
  if (modifies && (word == "set" || word == "pipeline")) return "update";
  return modifies && word == "projection" ? "fields" : word;
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

// The command of one write: {update: c, updates: [{q: ..., u: ..., multi: ...}]}
Json WriteCommandOf(std::string_view head, const std::string& collection, const Members& members,
                    const Json& content) {
  const bool many = Take(members, "many", false) == Json(true);
  if (head == "insert") return {{"insert", collection}, {"documents", Json::array({content})}};
  Json item = {{"q", Take(members, "filter", Json::object())}};
  if (head == "delete") {
    item["limit"] = many ? 0 : 1;
  } else {
    item["u"] = content;
    item["multi"] = many;
  }
  for (const char* name : {"upsert", "collation", "hint", "arrayFilters"}) {
    if (members.contains(name)) item[name] = members.at(name);
  }
  if (head == "delete") return {{"delete", collection}, {"deletes", Json::array({item})}};
  return {{"update", collection}, {"updates", Json::array({item})}};
}

// The placeholders of a statement, and that of the number.
struct NumberedPlaceholders {
  NumberedPlaceholders(const StatementSpec& spec, bool numbered)
      : names(spec.arguments), types(spec.types) {
    if (!numbered) return;
    types.resize(names.size(), ValueType::kText);
    names.emplace_back(kNumberName);
    types.push_back(ValueType::kInteger);
  }
  std::vector<std::string> names;
  std::vector<ValueType> types;
};

// Makes the action of one statement or step. What is wrong is told at the word where it is.
class ActionReader {
 public:
  ActionReader(StatementReader* reader, const StatementSpec& whole, const std::string& database,
               bool verify)
      : reader_(*reader), spec_(whole), verify_(verify), members_(ReadMembers(*reader)) {
    const StatementSpec& said = reader->Statement();
    action_.name = said.name;
    action_.database = database;
    action_.batch = whole.batch;
    action_.skips_duplicates = loads_ = said.use == StatementUse::kLoad;
  }

  Action Read() {
    if (reader_.Head() == nullptr || !reader_.Says(reader_.Head()->name)) return std::move(action_);
    head_ = reader_.Head()->name;
    words_right_ = reader_.Right();
    action_.collection = TextOf(*reader_.Find(head_));
    CheckCollection();
    if (Says("database")) action_.database = reader_.Text("database");
    ReadSending(&reader_, &action_);
    ReadOrder();
    ReadWatchWord();
    documents_right_ = CheckDocuments(&reader_, {spec_.arguments, spec_.types});
    if (words_right_) NumberWritesOf();
    const NumberedPlaceholders placeholders(spec_, action_.numbered);
    placeholders_ = {placeholders.names, placeholders.types};
    (this->*FillOf(head_))();
    return std::move(action_);
  }

 private:
  using Fill = void (ActionReader::*)();
  // What each head makes of the words.
  static Fill FillOf(std::string_view head) {
    constexpr auto kFills = std::to_array<std::pair<std::string_view, Fill>>({
        {"find", &ActionReader::FillFind},
        {"aggregate", &ActionReader::FillAggregate},
        {"count", &ActionReader::FillCommand},
        {"distinct", &ActionReader::FillCommand},
        {"findAndModify", &ActionReader::FillFindAndModify},
        {"insert", &ActionReader::FillInsert},
        {"update", &ActionReader::FillWrite},
        {"replace", &ActionReader::FillWrite},
        {"delete", &ActionReader::FillWrite},
        {"bulkWrite", &ActionReader::FillBulk},
        {"index", &ActionReader::FillIndex},
        {"command", &ActionReader::FillAnyCommand},
    });
    return std::ranges::find(kFills, head, &std::pair<std::string_view, Fill>::first)->second;
  }

  void Complain(std::string_view word, std::string message) {
    reader_.Complain(word, std::move(message));
  }
  void Complain(const ValueNode& node, std::string message) {
    reader_.Complain(node, std::move(message));
  }
  bool Says(const char* word) const { return members_.contains(word); }

  template <class Where>
  BsonTemplate Compile(const Where& where, const Json& json) {
    Result<BsonTemplate> compiled = BsonTemplate::Compile(json, placeholders_);
    if (compiled) return *std::move(compiled);
    if (documents_right_) Complain(where, compiled.error().message);
    return {};
  }

  // ---- what all have ----

  void CheckCollection() {
    const std::string& name = action_.collection;
    if (head_ == "command" || (!name.empty() && TextTemplate::Names(name).empty())) return;
    Complain(head_, fmt::format("{} has to name a collection, not {}", head_, Quote(name)));
  }

  void ReadOrder() {
    action_.ordered = Take(members_, "ordered", !loads_) == Json(true);
    if (loads_ && action_.ordered)
      Complain("ordered", "a load is not ordered: a duplicate would end its batch; leave it out");
  }

  void ReadWatchWord() {
    const auto said = members_.find("watch");
    if (said == members_.end()) return;
    const Json options = said->second;
    members_.erase(said);
    if (!words_right_) return;
    Result<std::string> watch = ReadWatch(options);
    if (!watch) return Complain("watch", watch.error().message);
    action_.watch = *std::move(watch);
    if (action_.watch.empty()) return;
    if (const Status able = CheckWatchable(head_, members_); !able)
      Complain("watch", able.error().message);
  }

  // `verify`: of the run, not of a load.
  void NumberWritesOf() {
    if (verify_ && spec_.use == StatementUse::kRun) {
      action_.untraced = FindUntraced(head_, members_);
      action_.tracing.logged = !action_.untraced && IsWrite(head_);
    }
    action_.removes = Take(members_, "remove", false) == Json(true);
    action_.tracing.collection = HashText(action_.collection, HashText(action_.database));
    action_.numbered = action_.tracing.logged || !action_.watch.empty();
    if (!action_.numbered) return;
    if (const Status numbered = NumberWrites(head_, &members_); !numbered)
      Complain(head_, numbered.error().message);
  }

  // ---- commands ----

  // {find: "orders", filter: ...}: as the server has it. What is about its way is no part of it.
  Json CommandJson() const {
    constexpr auto kOfTheWay =
        std::to_array<std::string_view>({"database", "readPreference", "writeConcern"});
    Json command = {{std::string(head_), action_.collection}};
    for (const WordSpec& word : kWords) {
      const auto found = members_.find(std::string(word.name));
      if (found == members_.end() || reader_.FindSpec(word.name) != &word) continue;
      if (head_ == "aggregate" && word.name == "batchSize") continue;
      if (std::ranges::find(kOfTheWay, word.name) != kOfTheWay.end()) continue;
      command[ServerName(head_, found->first)] = found->second;
    }
    return command;
  }

  void FillCommand() { FillCommand(CommandJson()); }
  void FillCommand(const Json& command) {
    action_.has_max_time = Says("maxTimeMS");
    action_.command = Compile(head_, command);
  }

  void FillFind() {
    ReadCursor();
    action_.finds = true;
    FillCommand();
  }

  void ReadCursor() {
    action_.cursor = true;
    action_.batch_size = static_cast<std::int32_t>(reader_.Count("batchSize"));
  }

  void FillAggregate() {
    ReadCursor();
    Json command = CommandJson();
    if (OfNoCollection()) {
      command["aggregate"] = 1;
      action_.collection = "$cmd.aggregate";
    }
    command["cursor"] = Json::object();
    if (action_.batch_size > 0) command["cursor"]["batchSize"] = action_.batch_size;
    const bool writes = EndsWithWrite(Take(members_, "pipeline", Json::array()));
    if (writes) action_.kind = Action::Kind::kReadWrite;
    if (writes && Says("readPreference"))
      Complain("readPreference", "a pipeline that ends with $out or $merge goes to the primary");
    if (!writes && Says("writeConcern"))
      Complain("writeConcern", "it goes with a pipeline that ends with $out or $merge");
    FillCommand(command);
  }

  // `aggregate: 1`: of the database, whose pipeline begins with $currentOp, $documents ...
  bool OfNoCollection() const {
    const ValueNode& said = *reader_.Find(head_);
    return said.plain && said.text == "1";
  }

  void FillFindAndModify() {
    action_.kind = Action::Kind::kFindAndModify;
    if (words_right_ && Says("set") + Says("pipeline") + Says("remove") != 1)
      return Complain(head_, "it needs one of set, pipeline and remove");
    FillCommand();
  }

  // {command: {ping: 1}, database: admin}
  void FillAnyCommand() {
    action_.as_written = action_.cursor = true;
    action_.has_max_time = true;  // it may be one that knows no such thing
    const Json command = JsonOf(*reader_.Find("command"));
    action_.kind = Action::Kind::kCommand;
    if (command.empty())
      return Complain("command", "command is empty; expected a map such as {ping: 1}");
    action_.kind = KindOfCommand(command);
    action_.batch_size = BatchSizeOf(command);
    if (command.contains("$readPreference"))
      Complain("command", "a read preference stands beside the command: readPreference: secondary");
    SendWhereSaid();
    const Json& first = command.begin().value();
    action_.collection = first.is_string() ? first.get<std::string>() : "";
    if (verify_ && spec_.use == StatementUse::kRun) action_.untraced = FindUntracedCommand(command);
    action_.command = Compile("command", command);
  }

  // Of {find: ..., batchSize: 7} and {aggregate: ..., cursor: {batchSize: 7}}.
  static std::int32_t BatchSizeOf(const Json& command) {
    const Json cursor = command.value("cursor", Json());
    const Json& said = cursor.is_object() ? cursor : command;
    const Json size = said.value("batchSize", Json(0));
    return size.is_number_integer() ? size.get<std::int32_t>() : 0;
  }

  void SendWhereSaid() {
    if (action_.reads_from == nullptr || Reads(action_.kind)) return;
    if (action_.kind != Action::Kind::kCommand)
      return Complain("readPreference", "a command that writes goes to the primary");
    action_.kind = Action::Kind::kReadAsIs;
  }

  // {index: "orders", key: {city: 1}, unique: true}
  void FillIndex() {
    action_.kind = Action::Kind::kCommand;
    action_.has_max_time = true;  // it takes as long as it takes
    const Json key = Take(members_, "key", Json::object());
    if (!Says("key")) return;
    if (key.empty()) return Complain("key", "key names no field; write key: {city: 1}");
    Json index = {{"key", key}, {"name", IndexName(key)}};
    for (const auto& [name, value] : members_) index[name] = value;
    action_.command =
        Compile("key", {{"createIndexes", action_.collection}, {"indexes", Json::array({index})}});
  }

  // ---- writes ----

  // The update of {set: ...} or {pipeline: ...}; `set` is a whole update document.
  Json ReadUpdate(const ValueNode& at, const Members& members) {
    if (members.contains("set") == members.contains("pipeline")) {
      if (words_right_) Complain(at, "it needs set: {$set: ...} or pipeline: [...], one of them");
      return Json::object();
    }
    if (members.contains("pipeline")) return members.at("pipeline");
    const Json& set = members.at("set");
    const bool operators = !set.empty() && std::ranges::all_of(set.items(), [](const auto& item) {
      return item.key().starts_with('$');
    });
    if (!operators) {
      const ValueNode* const inner = at.IsMap() ? at.Child("set") : reader_.Find("set");
      Complain(inner == nullptr ? at : *inner,
               "set has to be an update document, whose names are operators, such as {$set: {a: "
               "1}}; a whole document is written by replace");
    }
    return set;
  }

  // `kind`: insert, update, replace, delete; `at`: where it is told what is wrong.
  Write MakeWrite(std::string_view kind, const ValueNode& at, const Members& members,
                  const Json& content) {
    const bool many = Take(members, "many", false) == Json(true);
    Write write;
    if (kind == "replace") write.kind = Write::Kind::kReplace;
    if (kind == "update") write.kind = many ? Write::Kind::kUpdateMany : Write::Kind::kUpdateOne;
    if (kind == "delete") write.kind = many ? Write::Kind::kDeleteMany : Write::Kind::kDeleteOne;
    Json options = Json::object();
    for (const char* name : {"upsert", "collation", "hint", "arrayFilters"}) {
      if (members.contains(name)) options[name] = members.at(name);
    }
    write.filter = Compile(at, Take(members, "filter", Json::object()));
    write.content = Compile(at, content);
    write.options = Compile(at, options);
    return write;
  }

  Json ContentOf(std::string_view kind, const ValueNode& at, const Members& members) {
    if (kind == "update") return ReadUpdate(at, members);
    return Take(members, "document", Json::object());
  }

  // One write, alone: also as a command.
  void FillWrite() { FillWriteOf(members_); }
  void FillWriteOf(const Members& members) {
    action_.kind = Action::Kind::kWrite;
    const ValueNode& at = *reader_.Find(head_);
    const Json content = ContentOf(head_, at, members);
    action_.writes.push_back(MakeWrite(head_, at, members, content));
    action_.command = Compile(at, WriteCommandOf(head_, action_.collection, members, content));
  }

  // {insert: {...}} or {update: {filter: ..., set: ...}}: as the statements, without the
  // collection. `json` is the same with the number of the write.
  void AddBulkWrite(const ValueNode& node, const Json& json) {
    constexpr auto kKinds =
        std::to_array<std::string_view>({"insert", "update", "replace", "delete"});
    const bool one = node.IsMap() && node.children.size() == 1 && node.children[0].IsMap();
    const std::string kind = one ? node.children[0].key : "";
    if (std::ranges::find(kKinds, kind) == kKinds.end()) {
      return reader_.Complain(
          node, fmt::format("an operation of bulkWrite is something like {{insert: {{...}}}} or "
                            "{{update: {{filter: {{...}}, set: {{...}}}}}}, with one of {}",
                            fmt::join(kKinds, ", ")));
    }
    Members members;
    if (kind == "insert") {
      members = {{"document", json.begin().value()}};
    } else {
      if (!IsOperation(kind, node.children[0])) return;
      for (const auto& [name, value] : json.begin().value().items()) members.emplace(name, value);
    }
    const ValueNode& at = node.children[0];
    action_.writes.push_back(MakeWrite(kind, at, members, ContentOf(kind, at, members)));
  }

  // By the table, as a statement that begins with `kind`.
  bool IsOperation(const std::string& kind, const ValueNode& said) {
    const std::size_t count = reader_.complaints()->Count();
    StatementSpec operation{.name = kind, .body = said, .place = said.key_place};
    ValueNode head{.kind = ValueNode::Kind::kScalar, .text = action_.collection, .key = kind};
    operation.body.children.push_back(std::move(head));
    CheckWords(kTable.driver, kWords, operation, true, reader_.complaints());
    return reader_.complaints()->Count() == count;
  }

  void FillBulk() {
    action_.kind = Action::Kind::kBulk;
    const ValueNode* const said = reader_.Find("operations");
    if (said == nullptr) return;
    const Json& operations = members_.at("operations");
    for (std::size_t i = 0; i < said->children.size(); ++i)
      AddBulkWrite(said->children[i], operations[i]);
    if (said->children.empty()) Complain("operations", "bulkWrite has no operations");
  }

  void FillInsert() {
    if (Says("document") == Says("documents")) {
      if (words_right_)
        Complain(head_, "it needs document: {...} or documents: [{...}, ...], one of them");
      return;
    }
    const Json documents =
        Says("documents") ? members_.at("documents") : Json::array({members_.at("document")});
    const std::string_view word = Says("documents") ? "documents" : "document";
    if (documents.empty()) return Complain(word, "documents is empty");
    if (documents.size() == 1 && action_.batch == 1 && !action_.skips_duplicates)
      return FillWriteOf({{"document", documents[0]}});
    action_.kind = Action::Kind::kBulk;
    const ValueNode& said = *reader_.Find(word);
    for (std::size_t i = 0; i < documents.size(); ++i) {
      const Json& document = documents[i];
      const ValueNode& at = said.IsList() ? said.children[i] : said;
      if (!document.is_object()) return Complain(at, "a document is a map, such as {a: 1}");
      if (action_.skips_duplicates && !document.contains("_id")) {
        return Complain(at,
                        "a document of a load needs an _id, such as \"{key}\" or \"{row.ID}\", "
                        "or what is sent twice would be there twice");
      }
      action_.writes.push_back(MakeWrite("insert", at, {}, document));
    }
  }

  StatementReader& reader_;
  const StatementSpec& spec_;
  const bool verify_;
  bool loads_ = false;
  bool words_right_ = true;  // each by itself
  bool documents_right_ = true;
  Members members_;
  std::string_view head_;
  Placeholders placeholders_;
  Action action_;
};

}  // namespace

Request ReadRequest(const StatementSpec& spec, const std::string& database, bool verify,
                    Complaints* complaints) {
  Request request{
      .name = spec.name, .is_transaction = !spec.steps.empty(), .arguments = spec.arguments.size()};
  StatementReader reader(kTable, spec, complaints);
  if (!request.is_transaction) {
    request.steps.push_back(ActionReader(&reader, spec, database, verify).Read());
    return request;
  }
  request.retry_times =
      static_cast<std::uint32_t>(WordMap(kRetryWords, reader.Find("retry")).Count("times"));
  if (const WriteConcernPtr concern = ReadWriteConcern(&reader)) {
    const std::shared_ptr<mongoc_transaction_opt_t> options(mongoc_transaction_opts_new(),
                                                            mongoc_transaction_opts_destroy);
    mongoc_transaction_opts_set_write_concern(options.get(), concern.get());
    request.options = options;
    if (!mongoc_write_concern_is_acknowledged(concern.get()))
      reader.Complain("writeConcern", "the commit of a transaction has to be acknowledged");
  }
  for (const StatementSpec& step : spec.steps) {
    StatementReader step_reader(kTable, step, spec, complaints);
    request.steps.push_back(ActionReader(&step_reader, spec, database, verify).Read());
  }
  return request;
}

Result<Request> MakeRequest(StatementSpec spec, const std::string& database, SessionPhase phase,
                            bool verify) {
  spec.use = UseOf(phase);
  return ReadOne(spec, [&](const StatementSpec& one, Complaints* complaints) {
    return ReadRequest(one, database, verify, complaints);
  });
}

}  // namespace mbench::mongodb
