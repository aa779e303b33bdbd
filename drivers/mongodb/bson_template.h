// SPDX-License-Identifier: Apache-2.0
//
// A document with placeholders, as it stands in a workload file, compiled once into pieces of BSON:
// an op appends constant bytes and its own values, and parses nothing.
//
//   {customer_id: "{customer}", placed: {$gte: {$date: "{day}"}}, note: "for {name}"}
//
// A text that is nothing but a placeholder becomes a value of the type of its generator or column:
// a whole number (int64), a point (an array of two doubles), a text ... One that is missing is
// null. Within a longer text the value is text. Extended JSON
// (https://www.mongodb.com/docs/manual/reference/mongodb-extended-json) says other types:
// {$oid: "{id}"}, {$date: ...}, {$numberInt: ...}, {$numberLong: ...}, {$numberDouble: ...},
// {$numberDecimal: ...}. Values never become names of operators or structure.
#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/mongodb/bson_writer.h"
#include "drivers/statement.h"
#include "harness/base/result.h"
#include "harness/base/text_template.h"

namespace mbench::mongodb {

using Json = nlohmann::ordered_json;  // the order of keys matters in BSON

// The placeholders that may stand in a text, and what they are.
struct Placeholders {
  std::span<const std::string> names;
  std::span<const ValueType> types;  // as names; empty: all texts
};

// Thread: any; immutable.
class BsonTemplate {
 public:
  BsonTemplate() = default;  // {}

  // Of a JSON object, or of an array (BSON has them as documents with the names 0, 1, ...).
  static Result<BsonTemplate> Compile(const Json& json, const Placeholders& placeholders);

  // The whole document. False: a value is not what it has to be, such as no ObjectId (`*wrong` says
  // so, without the value); what was appended is then of no use.
  bool AppendTo(std::span<const std::string_view> values, std::string* out,
                std::string_view* wrong) const;
  // The elements alone, for a document that has others too.
  bool AppendElements(std::span<const std::string_view> values, std::string* out,
                      std::string_view* wrong) const;

  bool IsEmpty() const { return pieces_.empty(); }
  // Whether a value may turn out not to be what it has to be.
  bool MayFail() const { return may_fail_; }

 private:
  struct Piece {
    enum class Kind { kBytes, kBegin, kEnd, kNamed, kValue };
    Kind kind = Kind::kBytes;
    std::string bytes = {};           // kBytes: elements; kNamed: a value
    BsonType type = BsonType::kText;  // of what has a name
    TextTemplate name = {};           // kBegin, kNamed, kValue
    TextTemplate value = {};          // kValue
  };

  Status AddElement(const std::string& name, const Json& value, const Placeholders& placeholders);
  Status AddNested(const std::string& name, const Json& value, const Placeholders& placeholders);
  Status AddConstant(const std::string& name, const Json& value);
  Status AddValue(const std::string& name, BsonType type, const std::string& text,
                  const Placeholders& placeholders);
  Status AddMembers(const Json& json, const Placeholders& placeholders);
  void AddBytes(std::string_view bytes);

  std::vector<Piece> pieces_;
  bool may_fail_ = false;
};

// Whether a placeholder stands anywhere in it.
bool HasPlaceholders(const Json& json);

}  // namespace mbench::mongodb
