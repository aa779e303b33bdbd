// SPDX-License-Identifier: Apache-2.0
//
// The words of a statement: those that it can begin with, and those that go with each.
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>

#include "drivers/mongodb/bson_template.h"
#include "drivers/statement_reader.h"

namespace mbench::mongodb {

// Of `watch`.
inline constexpr auto kWatchWords = std::to_array<WordSpec>({
    {.name = "pipeline", .type = WordType::kList, .help = "stages that choose events"},
    {.name = "fullDocument", .type = WordType::kText, .help = "such as updateLookup"},
    {.name = "batchSize", .type = WordType::kCount, .help = "events in one reply"},
});

// Of `readPreference`, when it is a map.
inline constexpr auto kReadPreferenceWords = std::to_array<WordSpec>({
    {.name = "mode",
     .type = WordType::kText,
     .help = "of whom is read",
     .example = "secondary",
     .required = true},
    {.name = "tags",
     .type = WordType::kList,
     .help = "sets of tags, of which the first that fits counts"},
    {.name = "maxStalenessSeconds",
     .type = WordType::kCount,
     .help = "how far behind a secondary may be",
     .fallback = "0",
     .min = 90,
     .max = INT32_MAX,
     .range = "90 or more"},
});

inline constexpr auto kWriteConcernWords = std::to_array<WordSpec>({
    {.name = "w", .type = WordType::kText, .help = "how many servers, majority, or a tag"},
    {.name = "j", .type = WordType::kFlag, .help = "whether it is in the journal"},
    {.name = "wtimeout",
     .type = WordType::kCount,
     .help = "milliseconds that it may take",
     .fallback = "0",
     .min = 1,
     .max = INT32_MAX,
     .range = "1 or more"},
});

inline constexpr auto kRetryWords = std::to_array<WordSpec>({RetryTimesWord()});

// One that a statement begins with.
constexpr WordSpec Collection(std::string_view name, std::string_view help) {
  return {
      .name = name, .type = WordType::kText, .help = help, .example = "orders", .is_head = true};
}
constexpr WordSpec Part(std::string_view name, WordType type, std::string_view of,
                        std::string_view help, std::string_view example) {
  return {.name = name, .type = type, .help = help, .example = example, .of = of};
}
constexpr WordSpec Needed(WordSpec word) {
  word.required = true;
  return word;
}
constexpr WordSpec Drawn(WordSpec word) {
  word.generated = true;
  return word;
}
constexpr WordSpec OfCheck(WordSpec word) {
  word.where = kInCheck;
  return word;
}

inline constexpr auto kWords = std::to_array<WordSpec>({
    Collection("find", "a collection to read"),
    Collection("aggregate", "a collection to run a pipeline on; 1: of the database"),
    Collection("count", "a collection to count in"),
    Collection("distinct", "a collection to take the values of a field from"),
    Collection("findAndModify", "a collection to change one document of, and to return that"),
    Collection("insert", "a collection to add to"),
    Collection("update", "a collection to change documents of"),
    Collection("replace", "a collection to replace a document of"),
    Collection("delete", "a collection to remove documents from"),
    Collection("bulkWrite", "a collection to write to, many times in one request"),
    Collection("index", "a collection that gets an index, in before_load or after_load"),
    {.name = "command",
     .type = WordType::kMap,
     .help = "any command, as the server has it",
     .example = "{ping: 1}",
     .is_head = true},
    Needed(Part("key", WordType::kText, "distinct", "the field", "city")),
    Part("filter", WordType::kMap, "find|count|distinct|findAndModify", "which documents",
         "{state: new}"),
    Needed(Part("filter", WordType::kMap, "update|replace|delete", "which documents",
                "{_id: \"{key}\"}")),
    Part("document", WordType::kMap, "insert", "what is written", "{_id: \"{key}\"}"),
    Needed(Part("document", WordType::kMap, "replace", "what is written", "{total: 7}")),
    Part("documents", WordType::kList, "insert", "what is written", "[{a: 1}, {a: 2}]"),
    Part("set", WordType::kMap, "update|findAndModify", "an update document",
         "{$set: {state: paid}}"),
    Needed(Part("pipeline", WordType::kList, "aggregate", "stages", "[{$match: {state: new}}]")),
    Part("pipeline", WordType::kList, "update|findAndModify",
         "stages that change the document, in the place of set", "[{$set: {a: 1}}]"),
    Needed(Part("operations", WordType::kList, "bulkWrite",
                "insert, update, replace and delete, as statements have them",
                "[{insert: {a: 1}}]")),
    Part("sort", WordType::kMap, "find|findAndModify", "in which order", "{placed: -1}"),
    Part("projection", WordType::kMap, "find|findAndModify", "which fields", "{name: 1}"),
    Drawn(Part("limit", WordType::kInteger, "find|count", "how many at most", "20")),
    Drawn(Part("skip", WordType::kInteger, "find|count", "how many are passed over", "20")),
    Part("min", WordType::kMap, "find", "where in the index it begins", "{age: 18}"),
    Part("max", WordType::kMap, "find", "where in the index it ends", "{age: 65}"),
    Drawn(Part("remove", WordType::kFlag, "findAndModify", "whether the document is removed",
               "true")),
    Drawn(Part("new", WordType::kFlag, "findAndModify", "whether the changed document is returned",
               "true")),
    Drawn(Part("upsert", WordType::kFlag, "findAndModify|update|replace",
               "whether the document is made when there is none", "true")),
    Part("many", WordType::kFlag, "update|delete", "whether all documents that match are meant",
         "true"),
    Part("arrayFilters", WordType::kList, "findAndModify|update", "which elements of arrays",
         "[{e.a: 1}]"),
    Part("ordered", WordType::kFlag, "insert|bulkWrite",
         "whether a failure ends it; not said: true, and false in a load", "false"),
    {.name = "batch",
     .type = WordType::kCount,
     .help = "how often the values are drawn for one request",
     .example = "500",
     .fallback = "1",
     .min = 1,
     .max = 100'000,
     .range = "1 to 100k",
     .of = "insert|bulkWrite",
     .where = kInStatement | kInLoad},
    Part("hint", WordType::kTextOrMap, "find|aggregate|count|findAndModify|update|replace|delete",
         "the index to take", "city_1"),
    Part("collation", WordType::kMap,
         "find|aggregate|count|distinct|findAndModify|update|replace|delete|index",
         "how texts compare", "{locale: de}"),
    Part("let", WordType::kMap, "find|aggregate|findAndModify", "variables", "{limit: 7}"),
    Drawn(Part("allowDiskUse", WordType::kFlag, "find|aggregate",
               "whether the server may sort on disk", "true")),
    Part("batchSize", WordType::kCount, "find|aggregate", "documents in one reply", "100"),
    Drawn(Part("maxTimeMS", WordType::kInteger, "find|aggregate|count|distinct|findAndModify",
               "how long the server may take", "500")),
    Part("comment", WordType::kText, "find|aggregate|count|distinct|findAndModify",
         "for the log of the server", "nightly"),
    {.name = "watch",
     .type = WordType::kFlagOrMap,
     .help = "whether the event of the write is waited for, or the options of its change stream",
     .example = "true",
     .of = "findAndModify|insert|update|replace|bulkWrite",
     .where = kInStatement | kInStep,
     .words = kWatchWords},
    Needed(Part("key", WordType::kMap, "index", "fields and directions", "{city: 1}")),
    Part("name", WordType::kText, "index", "of the index", "by_city"),
    Drawn(Part("unique", WordType::kFlag, "index", "whether no two documents may have the same key",
               "true")),
    Drawn(Part("sparse", WordType::kFlag, "index",
               "whether documents without the field are left out", "true")),
    Part("partialFilterExpression", WordType::kMap, "index", "which documents are in it",
         "{age: {$gt: 18}}"),
    Drawn(Part("expireAfterSeconds", WordType::kInteger, "index", "when documents are removed",
               "3600")),
    Part("weights", WordType::kMap, "index", "of fields in a text index", "{title: 10}"),
    Part("wildcardProjection", WordType::kMap, "index", "fields of a wildcard index", "{a: 1}"),
    Part("database", WordType::kText, "command|aggregate",
         "where it goes; not said: the option database", "admin"),
    {.name = "readPreference",
     .type = WordType::kTextOrMap,
     .help = "of whom is read; not said: as the uri says",
     .example = "secondaryPreferred",
     .of = "find|aggregate|count|distinct|command",
     .where = kInOne,
     .words = kReadPreferenceWords},
    {.name = "writeConcern",
     .type = WordType::kMap,
     .help = "who has to have written it; not said: as the uri says",
     .example = "{w: majority}",
     .of = "insert|update|replace|delete|findAndModify|bulkWrite|aggregate",
     .where = kInOne | kInTransaction,
     .words = kWriteConcernWords},
    OfCheck(Collection("count", "a collection to count in")),
    OfCheck(Collection("aggregate", "a collection; the first number of the first document counts")),
    OfCheck(Collection("fields", "a collection whose fields have to have types")),
    OfCheck(Part("filter", WordType::kMap, "count|fields", "which documents", "{state: new}")),
    OfCheck(Needed(
        Part("pipeline", WordType::kList, "aggregate", "stages", "[{$match: {state: new}}]"))),
    OfCheck(
        Needed(Part("types", WordType::kMap, "fields", "fields, and the types that each may have",
                    "{name: string, stay.to: [date, missing]}"))),
    OfCheck(Needed(Part("expect", WordType::kText, "count|aggregate", "what the number has to be",
                        "\">= 1000\""))),
    RetryWord("{times: 3}", kRetryWords),
});
inline constexpr DriverWords kTable{"mongodb", kWords};

// Word -> value, of a statement or of an operation of bulkWrite.
using Members = std::map<std::string, Json>;

// The one place where what was written becomes JSON, and then BSON.
Json JsonOf(const ValueNode& node);

// The value of one word. A number or a flag that comes from a generator is text.
Json ValueOf(const WordSpec& word, const ValueNode& node);

// All words of a statement but its head.
Members ReadMembers(const StatementReader& reader);

}  // namespace mbench::mongodb
