// SPDX-License-Identifier: Apache-2.0
#include "drivers/mongodb/sending.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <initializer_list>

#include "harness/base/text.h"

namespace mbench::mongodb {
namespace {

using Kind = Action::Kind;
using PrefsPtr = std::shared_ptr<mongoc_read_prefs_t>;

struct Mode {
  std::string_view name;
  mongoc_read_mode_t mode;
};
constexpr auto kModes = std::to_array<Mode>({
    {"primary", MONGOC_READ_PRIMARY},
    {"primaryPreferred", MONGOC_READ_PRIMARY_PREFERRED},
    {"secondary", MONGOC_READ_SECONDARY},
    {"secondaryPreferred", MONGOC_READ_SECONDARY_PREFERRED},
    {"nearest", MONGOC_READ_NEAREST},
});

// The elements of a whole document.
std::string ElementsOf(const bson_t& document) {
  const auto* const bytes = reinterpret_cast<const char*>(bson_get_data(&document));
  return std::string(std::string_view(bytes, document.len).substr(4, document.len - 5));
}

std::string WriteElement(const mongoc_write_concern_t* concern) {
  if (mongoc_write_concern_is_default(concern)) return "";
  bson_t document = BSON_INITIALIZER;
  mongoc_write_concern_append(const_cast<mongoc_write_concern_t*>(concern), &document);
  std::string element = ElementsOf(document);
  bson_destroy(&document);
  return element;
}

std::string ReadElement(const mongoc_read_concern_t* concern) {
  if (mongoc_read_concern_is_default(concern)) return "";
  bson_t document = BSON_INITIALIZER;
  mongoc_read_concern_append(const_cast<mongoc_read_concern_t*>(concern), &document);
  std::string element = ElementsOf(document);
  bson_destroy(&document);
  return element;
}

std::string PreferenceElement(const mongoc_read_prefs_t* prefs) {
  const mongoc_read_mode_t mode = mongoc_read_prefs_get_mode(prefs);
  std::string element;
  if (mode == MONGOC_READ_PRIMARY) return element;
  const std::size_t begin = Begin(BsonType::kDocument, "$readPreference", &element);
  PutText("mode", std::ranges::find(kModes, mode, &Mode::mode)->name, &element);
  if (const bson_t* const tags = mongoc_read_prefs_get_tags(prefs); !bson_empty0(tags)) {
    PutName(BsonType::kArray, "tags", &element);
    element.append(reinterpret_cast<const char*>(bson_get_data(tags)), tags->len);
  }
  const std::int64_t staleness = mongoc_read_prefs_get_max_staleness_seconds(prefs);
  if (staleness > 0) PutInt64("maxStalenessSeconds", staleness, &element);
  EndDocument(begin, &element);
  return element;
}

// ---- what a statement says ----

void SetTags(StatementReader* reader, const ValueNode& said, mongoc_read_prefs_t* prefs) {
  const std::string json = JsonText(said);
  bson_error_t error;
  const BsonPtr tags(bson_new_from_json(reinterpret_cast<const std::uint8_t*>(json.data()),
                                        static_cast<ssize_t>(json.size()), &error));
  const bool maps = std::ranges::all_of(said.children, &ValueNode::IsMap);
  if (!tags || !maps)
    return reader->Complain(said, "tags are a list of maps, such as [{dc: east}]");
  mongoc_read_prefs_set_tags(prefs, tags.get());
}

void ReadPreference(StatementReader* reader, Action* action) {
  const ValueNode* const said = reader->Find("readPreference");
  if (said == nullptr) return;
  const WordMap map(kReadPreferenceWords, said->IsMap() ? said : nullptr);
  const ValueNode* const mode = said->IsMap() ? map.Find("mode") : said;
  if (mode == nullptr) return;  // that was told
  const auto found = std::ranges::find(kModes, mode->text, &Mode::name);
  if (found == kModes.end()) {
    std::vector<std::string_view> names;
    for (const Mode& known : kModes) names.push_back(known.name);
    return reader->Complain(*mode, fmt::format("unknown value {} of readPreference{}",
                                               Quote(mode->text), Suggest(mode->text, names)));
  }
  const PrefsPtr prefs(mongoc_read_prefs_new(found->mode), mongoc_read_prefs_destroy);
  if (const ValueNode* const tags = map.Find("tags")) SetTags(reader, *tags, prefs.get());
  if (const std::int64_t seconds = map.Count("maxStalenessSeconds"); seconds > 0)
    mongoc_read_prefs_set_max_staleness_seconds(prefs.get(), seconds);
  if (!mongoc_read_prefs_is_valid(prefs.get()))
    return reader->Complain(*said, "tags and maxStalenessSeconds do not go with mode: primary");
  action->reads_from = prefs;
}

// A number of servers, or a name: majority, or one that the replica set has.
void SetW(std::string_view text, mongoc_write_concern_t* concern) {
  std::int32_t servers = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), servers);
  if (error == std::errc() && end == text.data() + text.size()) {
    mongoc_write_concern_set_w(concern, servers);
  } else if (text == "majority") {
    mongoc_write_concern_set_w(concern, MONGOC_WRITE_CONCERN_W_MAJORITY);
  } else {
    mongoc_write_concern_set_wtag(concern, std::string(text).c_str());
  }
}

bool IsOneOf(std::initializer_list<std::string_view> names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

}  // namespace

UriConcerns UriConcerns::Of(const mongoc_uri_t* uri) {
  const mongoc_write_concern_t* const write = mongoc_uri_get_write_concern(uri);
  return {.preference = PreferenceElement(mongoc_uri_get_read_prefs_t(uri)),
          .read = ReadElement(mongoc_uri_get_read_concern(uri)),
          .write = WriteElement(write),
          .acknowledged = mongoc_write_concern_is_acknowledged(write)};
}

WriteConcernPtr ReadWriteConcern(StatementReader* reader) {
  const ValueNode* const said = reader->Find("writeConcern");
  if (said == nullptr) return nullptr;
  const WordMap map(kWriteConcernWords, said);
  WriteConcernPtr concern(mongoc_write_concern_new());
  if (const ValueNode* const w = map.Find("w")) SetW(w->text, concern.get());
  if (const ValueNode* const j = map.Find("j"))
    mongoc_write_concern_set_journal(concern.get(), j->text == "true");
  if (const std::int64_t ms = map.Count("wtimeout"); ms > 0)
    mongoc_write_concern_set_wtimeout_int64(concern.get(), ms);
  if (!mongoc_write_concern_is_valid(concern.get()))
    reader->Complain(*said,
                     "w is a number of servers from 0 on, majority or a tag; w: 0 asks for "
                     "no answer, and j: true for one");
  return concern;
}

void ReadSending(StatementReader* reader, Action* action) {
  ReadPreference(reader, action);
  if (const WriteConcernPtr concern = ReadWriteConcern(reader)) {
    action->with = WriteElement(concern.get());
    action->own_acknowledged = mongoc_write_concern_is_acknowledged(concern.get());
  }
}

bool EndsWithWrite(const Json& pipeline) {
  if (!pipeline.is_array() || pipeline.empty() || !pipeline.back().is_object()) return false;
  return pipeline.back().contains("$out") || pipeline.back().contains("$merge");
}

Kind KindOfCommand(const Json& command) {
  const std::string& name = command.begin().key();
  const bool own_read = command.contains("readConcern");
  const bool own_write = command.contains("writeConcern");
  if (name == "aggregate" && EndsWithWrite(command.value("pipeline", Json())))
    return own_read || own_write ? Kind::kCommand : Kind::kReadWrite;
  if (IsOneOf({"find", "aggregate", "count", "distinct"}, name))
    return own_read ? Kind::kReadAsIs : Kind::kRead;
  if (IsOneOf({"collStats", "dbStats"}, name)) return Kind::kReadAsIs;
  const bool writes =
      IsOneOf({"insert", "update", "delete", "findAndModify", "findandmodify", "bulkWrite"}, name);
  return writes && !own_write ? Kind::kWriteAsIs : Kind::kCommand;
}

void AddConcerns(const UriConcerns& uri, bool direct, bool transacts, Action* action) {
  action->acknowledged = action->own_acknowledged.value_or(uri.acknowledged);
  if (transacts) return;
  const std::string preference =
      action->reads_from ? PreferenceElement(action->reads_from.get()) : uri.preference;
  const std::string write = action->with.empty() ? uri.write : action->with;
  switch (action->kind) {
    case Kind::kRead:
      action->with = direct ? preference + uri.read : "";
      break;
    case Kind::kReadAsIs:
      action->with = direct ? preference : "";
      break;
    case Kind::kReadWrite:
      if (direct) action->with = uri.read + write;
      break;
    case Kind::kWriteAsIs:
      action->with = write;
      break;
    case Kind::kFindAndModify:
    case Kind::kWrite:
    case Kind::kBulk:
      if (direct) action->with = write;
      break;
    case Kind::kCommand:
      break;
  }
}

}  // namespace mbench::mongodb
