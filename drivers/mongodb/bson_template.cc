// SPDX-License-Identifier: Apache-2.0
#include "drivers/mongodb/bson_template.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "harness/base/date.h"
#include "harness/base/text.h"

namespace mbench::mongodb {
namespace {

// {$oid: "{id}"}: how extended JSON says the type of a value.
struct TypeWord {
  std::string_view word;
  BsonType type;
};
constexpr auto kTypeWords = std::to_array<TypeWord>({
    {"$oid", BsonType::kObjectId},
    {"$date", BsonType::kDate},
    {"$numberInt", BsonType::kInt32},
    {"$numberLong", BsonType::kInt64},
    {"$numberDouble", BsonType::kDouble},
    {"$numberDecimal", BsonType::kDecimal},
});

// The word when `json` is {$word: "text"}.
const TypeWord* FindTypeWord(const Json& json) {
  if (!json.is_object() || json.size() != 1 || !json.begin().value().is_string()) return nullptr;
  const auto found = std::ranges::find(kTypeWords, json.begin().key(), &TypeWord::word);
  return found == kTypeWords.end() ? nullptr : &*found;
}

// Texts without placeholders, with {{name}} turned into {name}.
std::string Unescaped(const std::string& text) {
  return TextTemplate::Parse(text, {})->Pieces()[0].text;
}

Json Unescaped(const Json& json) {
  if (json.is_string()) return Unescaped(json.get<std::string>());
  if (!json.is_structured()) return json;
  Json copy = json.is_array() ? Json::array() : Json::object();
  for (const auto& [name, value] : json.items()) {
    if (json.is_array()) {
      copy.push_back(Unescaped(value));
    } else {
      copy[Unescaped(name)] = Unescaped(value);
    }
  }
  return copy;
}

template <class T>
bool ParseWhole(std::string_view text, T* value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *value);
  return error == std::errc() && end == text.data() + text.size();
}

// Milliseconds since 1970, or a time such as 2026-01-31T12:00:00Z.
bool PutDate(std::string_view text, std::string* out) {
  std::int64_t ms = 0;
  if (!ParseWhole(text, &ms)) {
    const std::optional<std::int64_t> parsed = ParseDate(text);
    if (!parsed) return false;
    ms = *parsed;
  }
  PutRaw(ms, out);
  return true;
}

// "[13.4,52.5]": longitude and latitude.
bool PutPoint(std::string_view text, std::string* out) {
  const std::size_t comma = text.find(',');
  if (comma == std::string_view::npos || !text.starts_with('[') || !text.ends_with(']'))
    return false;
  double longitude = 0, latitude = 0;
  if (!ParseWhole(text.substr(1, comma - 1), &longitude) ||
      !ParseWhole(text.substr(comma + 1, text.size() - comma - 2), &latitude)) {
    return false;
  }
  const std::size_t begin = BeginDocument(out);
  PutName(BsonType::kDouble, "0", out);
  PutRaw(longitude, out);
  PutName(BsonType::kDouble, "1", out);
  PutRaw(latitude, out);
  EndDocument(begin, out);
  return true;
}

bool PutObjectId(std::string_view text, std::string* out) {
  if (!bson_oid_is_valid(text.data(), text.size()) || text.size() != 24) return false;
  bson_oid_t id;
  bson_oid_init_from_string(&id, std::string(text).c_str());
  out->append(reinterpret_cast<const char*>(id.bytes), sizeof id.bytes);
  return true;
}

bool PutDecimal(std::string_view text, std::string* out) {
  bson_decimal128_t decimal;
  const std::string copy(text);
  if (!bson_decimal128_from_string(copy.c_str(), &decimal)) return false;
  PutRaw(decimal.low, out);
  PutRaw(decimal.high, out);
  return true;
}

template <class T>
bool PutNumber(std::string_view text, std::string* out) {
  T value{};
  if (!ParseWhole(text, &value)) return false;
  PutRaw(value, out);
  return true;
}

// "": it was appended; else what the text is not.
std::string_view PutValue(BsonType type, std::string_view text, std::string* out) {
  switch (type) {
    case BsonType::kInt32:
      return PutNumber<std::int32_t>(text, out) ? "" : "a value is not a whole number of 32 bits";
    case BsonType::kInt64:
      return PutNumber<std::int64_t>(text, out) ? "" : "a value is not a whole number";
    case BsonType::kDouble:
      return PutNumber<double>(text, out) ? "" : "a value is not a number";
    case BsonType::kDecimal:
      return PutDecimal(text, out) ? "" : "a value is not a decimal number";
    case BsonType::kObjectId:
      return PutObjectId(text, out) ? "" : "a value is not an ObjectId";
    case BsonType::kDate:
      return PutDate(text, out) ? "" : "a value is not a date";
    case BsonType::kArray:
      return PutPoint(text, out) ? "" : "a value is not a point";
    case BsonType::kFlag:
      out->push_back(text == "true" ? 1 : 0);
      return text == "true" || text == "false" ? "" : "a value is not true or false";
    default:
      PutTextValue(text, out);
      return "";
  }
}

// What the values of a generator or a column become.
BsonType TypeOf(ValueType type) {
  switch (type) {
    case ValueType::kInteger:
      return BsonType::kInt64;
    case ValueType::kDouble:
      return BsonType::kDouble;
    case ValueType::kDecimal:
      return BsonType::kDecimal;
    case ValueType::kFlag:
      return BsonType::kFlag;
    case ValueType::kDate:
      return BsonType::kDate;
    case ValueType::kPoint:
      return BsonType::kArray;
    case ValueType::kText:
      break;
  }
  return BsonType::kText;
}

}  // namespace

bool HasPlaceholders(const Json& json) {
  if (json.is_string()) return !TextTemplate::Names(json.get<std::string>()).empty();
  if (!json.is_structured()) return false;
  return std::ranges::any_of(json.items(), [&json](const auto& item) {
    return HasPlaceholders(item.value()) ||
           (json.is_object() && !TextTemplate::Names(item.key()).empty());
  });
}

Result<BsonTemplate> BsonTemplate::Compile(const Json& json, const Placeholders& placeholders) {
  BsonTemplate made;
  if (Status added = made.AddMembers(json, placeholders); !added) return Failed(added);
  return made;
}

Status BsonTemplate::AddMembers(const Json& json, const Placeholders& placeholders) {
  std::size_t index = 0;
  for (const auto& [name, value] : json.items()) {
    const std::string number = std::to_string(index++);
    const Status added = AddElement(json.is_array() ? number : name, value, placeholders);
    if (!added) return added;
  }
  return {};
}

Status BsonTemplate::AddElement(const std::string& name, const Json& value,
                                const Placeholders& placeholders) {
  if (name.find('\0') != std::string::npos) return BadConfig("a name has a NUL in it");
  if (!HasPlaceholders(value) && TextTemplate::Names(name).empty()) return AddConstant(name, value);
  if (value.is_string()) {
    const std::string text = value.get<std::string>();
    const auto names = TextTemplate::Names(text);
    const bool alone = names.size() == 1 && text == "{" + names[0] + "}";
    const auto found =
        alone ? std::ranges::find(placeholders.names, names[0]) : placeholders.names.end();
    const auto index = static_cast<std::size_t>(found - placeholders.names.begin());
    const BsonType type =
        index < placeholders.types.size() ? TypeOf(placeholders.types[index]) : BsonType::kText;
    return AddValue(name, type, text, placeholders);
  }
  if (const TypeWord* const word = FindTypeWord(value)) {
    may_fail_ = true;
    return AddValue(name, word->type, value.begin().value().get<std::string>(), placeholders);
  }
  return AddNested(name, value, placeholders);
}

Status BsonTemplate::AddNested(const std::string& name, const Json& value,
                               const Placeholders& placeholders) {
  Result<TextTemplate> parsed = TextTemplate::Parse(name, placeholders.names);
  if (!parsed) return Failed(parsed);
  if (!value.is_structured()) {
    // {"stock.{city}": -1}: the element without a name has its type, an empty name and the value.
    BsonTemplate constant;
    if (Status added = constant.AddConstant("", value); !added) return added;
    const std::string& bytes = constant.pieces_[0].bytes;
    pieces_.push_back({.kind = Piece::Kind::kNamed,
                       .bytes = bytes.substr(2),
                       .type = static_cast<BsonType>(bytes[0]),
                       .name = *std::move(parsed)});
    return {};
  }
  pieces_.push_back({.kind = Piece::Kind::kBegin,
                     .type = value.is_array() ? BsonType::kArray : BsonType::kDocument,
                     .name = *std::move(parsed)});
  if (Status added = AddMembers(value, placeholders); !added) return added;
  pieces_.push_back({.kind = Piece::Kind::kEnd});
  return {};
}

// By libbson, which knows all of extended JSON: the element is what stands between the length and
// the closing NUL of a document with nothing else in it.
Status BsonTemplate::AddConstant(const std::string& name, const Json& value) {
  Json only = Json::object();
  only[Unescaped(name)] = Unescaped(value);
  const std::string text = only.dump(-1, ' ', false, Json::error_handler_t::replace);
  bson_t parsed;
  bson_error_t error;
  if (!bson_init_from_json(&parsed, text.data(), static_cast<ssize_t>(text.size()), &error)) {
    return BadConfig("{} is not right: {}", Quote(name), error.message);
  }
  const auto* const bytes = reinterpret_cast<const char*>(bson_get_data(&parsed));
  AddBytes(std::string_view(bytes, parsed.len).substr(4, parsed.len - 5));
  bson_destroy(&parsed);
  return {};
}

Status BsonTemplate::AddValue(const std::string& name, BsonType type, const std::string& text,
                              const Placeholders& placeholders) {
  Result<TextTemplate> parsed_name = TextTemplate::Parse(name, placeholders.names);
  if (!parsed_name) return Failed(parsed_name);
  Result<TextTemplate> parsed_text = TextTemplate::Parse(text, placeholders.names);
  if (!parsed_text) return Failed(parsed_text);
  pieces_.push_back({.kind = Piece::Kind::kValue,
                     .type = type,
                     .name = *std::move(parsed_name),
                     .value = *std::move(parsed_text)});
  return {};
}

void BsonTemplate::AddBytes(std::string_view bytes) {
  if (pieces_.empty() || pieces_.back().kind != Piece::Kind::kBytes) pieces_.emplace_back();
  pieces_.back().bytes.append(bytes);
}

// ---- an op ----

namespace {

// The text with its values: the value itself where it is all of it, else made in `scratch`.
std::string_view Filled(const TextTemplate& text, std::span<const std::string_view> values,
                        std::string* scratch) {
  const auto& pieces = text.Pieces();
  if (text.IsConstant()) return pieces[0].text;
  const bool alone = pieces.size() == 2 && pieces[0].text.empty() && pieces[1].text.empty() &&
                     pieces[1].argument == TextTemplate::kNoArgument;
  if (alone) return values[pieces[0].argument];
  scratch->clear();
  text.AppendTo(values, scratch);
  return *scratch;
}

// A value that is missing is null, whatever it should have been.
std::string_view PutElement(BsonType type, std::string_view name, std::string_view value,
                            std::string* out) {
  PutName(value.data() == nullptr ? BsonType::kNull : type, name, out);
  return value.data() == nullptr ? "" : PutValue(type, value, out);
}

}  // namespace

bool BsonTemplate::AppendTo(std::span<const std::string_view> values, std::string* out,
                            std::string_view* wrong) const {
  const std::size_t begin = BeginDocument(out);
  const bool right = AppendElements(values, out, wrong);
  EndDocument(begin, out);
  return right;
}

bool BsonTemplate::AppendElements(std::span<const std::string_view> values, std::string* out,
                                  std::string_view* wrong) const {
  constexpr std::size_t kDeepest = 64;  // a workload file has 32 levels
  std::array<std::size_t, kDeepest> begins;
  std::size_t depth = 0;
  std::string scratch, value_scratch;
  for (const Piece& piece : pieces_) {
    switch (piece.kind) {
      case Piece::Kind::kBytes:
        out->append(piece.bytes);
        break;
      case Piece::Kind::kBegin:
        begins[depth++] = Begin(piece.type, Filled(piece.name, values, &scratch), out);
        break;
      case Piece::Kind::kEnd:
        EndDocument(begins[--depth], out);
        break;
      case Piece::Kind::kNamed:
        PutName(piece.type, Filled(piece.name, values, &scratch), out);
        out->append(piece.bytes);
        break;
      case Piece::Kind::kValue:
        *wrong = PutElement(piece.type, Filled(piece.name, values, &scratch),
                            Filled(piece.value, values, &value_scratch), out);
        if (!wrong->empty()) return false;
        break;
    }
  }
  return true;
}

}  // namespace mbench::mongodb
