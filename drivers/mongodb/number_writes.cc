// SPDX-License-Identifier: Apache-2.0
#include "drivers/mongodb/number_writes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "drivers/mongodb/sending.h"
#include "harness/base/text.h"

namespace mbench::mongodb {
namespace {

Status NumberDocument(Json* document) {
  if (!document->is_object()) return {};  // said elsewhere
  if (document->contains(kNumberField))
    return BadConfig(
        "the field {} of what is written is taken: it carries the number of the write, for watch "
        "and verify",
        Quote(kNumberField));
  (*document)[std::string(kNumberField)] = fmt::format("{{{}}}", kNumberName);
  return {};
}

// `said`: the keys of a statement, or of an operation of bulkWrite.
template <class Map>
Status NumberOne(Map* said) {
  if (said->contains("document")) return NumberDocument(&said->at("document"));
  if (said->contains("set")) {
    Json& set = said->at("set");
    if (!set.is_object()) return {};
    return NumberDocument(&set.emplace("$set", Json::object()).first.value());
  }
  if (said->contains("pipeline") && said->at("pipeline").is_array()) {
    Json stage = {{"$set", Json::object()}};
    if (Status done = NumberDocument(&stage["$set"]); !done) return done;
    said->at("pipeline").push_back(std::move(stage));
  }
  if (!said->contains("documents")) return {};
  for (Json& document : said->at("documents"))
    if (Status done = NumberDocument(&document); !done) return done;
  return {};
}

template <class Map>
bool Says(const Map& said, const char* flag) {
  return said.contains(flag) && said.at(flag) != Json(false);
}

// {_id: 7}, {_id: "{key}"}, {_id: {$oid: "{id}"}}; not {_id: {$in: [...]}}.
bool NamesDocument(const Json& filter) {
  if (!filter.is_object() || !filter.contains("_id")) return false;
  const Json& id = filter["_id"];
  if (!id.is_object() || id.empty()) return !id.is_array();
  constexpr auto kTypes = std::to_array<std::string_view>(
      {"$oid", "$date", "$numberInt", "$numberLong", "$numberDouble", "$numberDecimal", "$binary"});
  const std::string& first = id.begin().key();
  return !first.starts_with('$') || std::ranges::find(kTypes, first) != kTypes.end();
}

template <class Map>
std::optional<Untraced> FindUntracedOne(std::string_view word, const Map& said) {
  if (word == "insert") return std::nullopt;
  const bool replaces = said.contains("pipeline") &&
                        said.at("pipeline").dump().find("\"$replace") != std::string::npos;
  const bool hides = word == "delete" || word == "replace" || Says(said, "remove") || replaces;
  if (Says(said, "many")) return Untraced{"it writes many documents at once", hides};
  if (!said.contains("filter") || !NamesDocument(said.at("filter")))
    return Untraced{"its filter names no _id", hides};
  return std::nullopt;
}

// Calls `visit` with word and keys of each operation of bulkWrite that has the right shape; an
// insert with those that the statement has.
template <class List, class Visit>
void ForEachOperation(List& operations, Visit visit) {
  for (auto& operation : operations) {
    if (!operation.is_object() || operation.size() != 1) continue;
    visit(operation.begin().key(), operation.begin().value());
  }
}

}  // namespace

bool IsWrite(std::string_view word) {
  constexpr auto kWriting = std::to_array<std::string_view>(
      {"insert", "update", "replace", "delete", "findAndModify", "bulkWrite"});
  return std::ranges::find(kWriting, word) != kWriting.end();
}

Status NumberWrites(std::string_view word, Members* members) {
  if (word == "delete" || Says(*members, "remove")) return {};
  if (word != "bulkWrite") return NumberOne(members);
  Status status;
  ForEachOperation(members->at("operations"), [&status](const std::string& kind, Json& said) {
    if (!status || kind == "delete") return;
    status = kind == "insert" ? NumberDocument(&said) : NumberOne(&said);
  });
  return status;
}

Status CheckWatchable(std::string_view word, const Members& members) {
  bool fits = !Says(members, "many") && !Says(members, "remove");
  if (word == "bulkWrite" && members.contains("operations")) {
    ForEachOperation(members.at("operations"), [&fits](const std::string& kind, const Json& said) {
      fits = fits && kind != "delete" && !Says(said, "many");
    });
  }
  if (fits) return {};
  return BadConfig("watch goes with writes of single documents that are there afterwards");
}

std::optional<Untraced> FindUntraced(std::string_view word, const Members& members) {
  const auto pipeline = members.find("pipeline");
  if (word == "aggregate" && pipeline != members.end() && EndsWithWrite(pipeline->second))
    return Untraced{"it ends with $out or $merge", true};
  if (!IsWrite(word)) return std::nullopt;
  if (word != "bulkWrite") return FindUntracedOne(word, members);
  std::optional<Untraced> found;
  ForEachOperation(members.at("operations"), [&found](const std::string& kind, const Json& said) {
    const auto one = FindUntracedOne(kind, said);
    if (!one) return;
    const bool hides = one->hides || (found && found->hides);
    found = {"one of its operations: " + one->why, hides};
  });
  return found;
}

// One that inserts hides nothing: what it adds has no number.
std::optional<Untraced> FindUntracedCommand(const Json& command) {
  const std::string& name = command.begin().key();
  const bool adds = name == "insert";
  const bool changes = name == "update" || name == "delete" || name == "bulkWrite" ||
                       name == "findAndModify" || name == "findandmodify" ||
                       (name == "aggregate" && EndsWithWrite(command.value("pipeline", Json())));
  if (!adds && !changes) return std::nullopt;
  return Untraced{"it is a command, which is sent as it stands", changes};
}

}  // namespace mbench::mongodb
