// SPDX-License-Identifier: Apache-2.0
//
// JSON in and out, strictly: what is read may be damaged or hostile, and what is wrong is named
// with its place.
//
//   ParseJson    text -> value, or where and why not; bounded depth; items of one long array are
//                handed out one by one instead of being kept
//   JsonFields   members of an object by name and type; the first mistake is kept with its path
#pragma once

#include <cstdint>
#include <functional>
#include <istream>
#include <map>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "harness/base/clock.h"
#include "harness/base/result.h"

namespace mbench {

using Json = nlohmann::json;
using OrderedJson =
    nlohmann::ordered_json;  // for writing: members stay in the order of the documentation

// Deeper than anything we write, and shallow enough for code that walks a value by calling itself.
inline constexpr std::size_t kMaxJsonDepth = 32;

struct JsonStream {
  std::string member;  // of the outermost object: an array whose items go to `visit`
  // `before`: the members that were read so far. An error ends the reading.
  std::function<Status(const Json& before, const Json& item, std::size_t index)> visit;
};

// Names `file` and line:column in its errors (kInvalid). Refuses two members of one name.
Result<Json> ParseJson(std::istream& text, const std::string& file, const JsonStream& stream = {});
Result<Json> ParseJsonText(std::string_view text, const std::string& file);

// Bytes that are not UTF-8 become U+FFFD instead of an exception.
std::string DumpJson(const OrderedJson& value, int indent = -1);

// 30 s as 30 and not as 30.000000000000004, which is what a multiplication by 1e-9 makes of it.
inline double JsonSeconds(Ticks ticks) { return static_cast<double>(ticks) / 1e9; }

class JsonFields {
 public:
  // `error` collects the first mistake of this and all objects read through it; both arguments
  // outlive it.
  JsonFields(const Json& object, std::string path, std::string* error);

  bool Has(std::string_view key) const;
  bool Ok() const { return error_->empty(); }

  // The member, or a value of nothing after a mistake.
  std::uint64_t Count(std::string_view key);
  std::uint64_t CountOr0(std::string_view key) { return Has(key) ? Count(key) : 0; }
  double Number(std::string_view key);  // finite
  double NumberIn(std::string_view key, double low, double high);
  Ticks Nanoseconds(std::string_view key);  // 0 .. kNever
  Ticks Seconds(std::string_view key);      // written in seconds, 0 .. kNever
  std::string Text(std::string_view key);
  bool Flag(std::string_view key);
  JsonFields Object(std::string_view key);
  std::span<const Json> List(std::string_view key);
  JsonFields Item(std::string_view list, std::size_t index);
  const Json& Any(std::string_view key);

  // All members of an object: visit(name, value).
  void ForEach(const std::function<void(const std::string&, const Json&)>& visit) const;
  // Notes a mistake in the member, unless there was one before.
  void Wrong(std::string_view key, std::string_view what);

 private:
  const Json* Find(std::string_view key, bool (Json::*is)() const noexcept, std::string_view type);

  const Json* object_;
  std::string path_;
  std::string* error_;
};

// Figures: numbers by name, a member that is there when there are any.
void AddFigures(std::string_view key, const std::map<std::string, double>& figures,
                OrderedJson* json);
std::map<std::string, double> ReadFigures(std::string_view key, JsonFields& fields);

}  // namespace mbench
