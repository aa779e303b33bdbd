// SPDX-License-Identifier: Apache-2.0
#include "drivers/mongodb/checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <optional>

#include "drivers/mongodb/statement_words.h"
#include "harness/base/text.h"
#include "harness/base/units.h"

namespace mbench::mongodb {
namespace {

// What `$type` says, and `number` for four of them.
constexpr auto kTypes = std::to_array<std::string_view>(
    {"string", "int", "long", "double", "decimal", "number", "bool", "date", "objectId", "array",
     "object", "binData", "null", "missing", "timestamp", "regex"});

bool IsNumeric(std::string_view type) {
  return type == "int" || type == "long" || type == "double" || type == "decimal";
}

void ReadTypes(StatementReader* reader, Check* check) {
  const ValueNode* const types = reader->Find("types");
  if (types == nullptr) return;
  if (types->children.empty())
    return reader->Complain(*types, "it names no field; write types: {name: string}");
  for (const ValueNode& field : types->children) {
    std::vector<std::string> names;
    const std::vector<ValueNode> one = {field};
    for (const ValueNode& name : field.IsList() ? field.children : one) {
      if (std::ranges::find(kTypes, name.text) == kTypes.end()) {
        reader->Complain(name,
                         fmt::format("{} is no type of a field; expected one of {}, or a list of "
                                     "them",
                                     Quote(TextOf(name)), fmt::join(kTypes, ", ")));
      }
      names.push_back(name.text);
    }
    check->fields.emplace_back(field.key, std::move(names));
  }
}

// One document for each combination of types: {_id: {t0: "string", t1: "missing"}, n: 17}.
Json PipelineOfTypes(const Json& filter, const Check& check) {
  Json types = Json::object();
  for (std::size_t i = 0; i < check.fields.size(); ++i)
    types[fmt::format("t{}", i)] = {{"$type", "$" + check.fields[i].first}};
  return {{{"$match", filter}}, {{"$group", {{"_id", std::move(types)}, {"n", {{"$sum", 1}}}}}}};
}

Json JsonOr(const StatementReader& reader, std::string_view word, Json fallback) {
  const ValueNode* const said = reader.Find(word);
  return said == nullptr ? std::move(fallback) : JsonOf(*said);
}

Json PipelineOf(StatementReader* reader, Check* check) {
  if (reader->Head()->name == "aggregate") return JsonOr(*reader, "pipeline", Json::array());
  const Json filter = JsonOr(*reader, "filter", Json::object());
  if (reader->Head()->name == "count")
    return Json{{{"$match", filter}}, {{"$group", {{"_id", nullptr}, {"n", {{"$sum", 1}}}}}}};
  ReadTypes(reader, check);
  return PipelineOfTypes(filter, *check);
}

void ReadExpect(StatementReader* reader, Check* check) {
  const ValueNode* const said = reader->Find("expect");
  if (said == nullptr) return;
  const Result<Expectation> expect = ParseExpectation(said->text);
  if (!expect) return reader->Complain(*said, expect.error().message);
  check->expect = *expect;
}

// The documents of the first batch, which are all.
std::vector<Json> DocumentsOf(const bson_t& reply) {
  char* const text = bson_as_relaxed_extended_json(&reply, nullptr);
  const Json json = text == nullptr ? Json() : Json::parse(text, nullptr, false);
  bson_free(text);
  if (!json.is_object() || !json.contains("cursor")) return {};
  return json.at("cursor").value("firstBatch", std::vector<Json>());
}

// As extended JSON has it: 7, {$numberDouble: "NaN"}, {$numberDecimal: "1E+400"}.
std::optional<double> NumberOf(const Json& value) {
  if (value.is_number()) return value.get<double>();
  for (const char* type : {"$numberDecimal", "$numberDouble", "$numberLong"})
    if (value.is_object() && value.contains(type) && value.at(type).is_string())
      return std::strtod(value.at(type).get_ref<const std::string&>().c_str(), nullptr);
  return std::nullopt;
}

// The first number, but _id; 0 when there is none.
double FirstNumber(const std::vector<Json>& documents) {
  if (documents.empty()) return 0;
  for (const auto& [key, value] : documents[0].items()) {
    const std::optional<double> number = NumberOf(value);
    if (key != "_id" && number) return *number;
  }
  return 0;
}

bool Allows(const std::vector<std::string>& types, std::string_view type) {
  return std::ranges::any_of(types, [type](const std::string& allowed) {
    return allowed == type || (allowed == "number" && IsNumeric(type));
  });
}

// "12 of 54,654: bill missing in 3, string in 9".
CheckResult JudgeTypes(const Check& check, const std::vector<Json>& groups) {
  std::uint64_t all = 0, off = 0;
  std::map<std::string, std::map<std::string, std::uint64_t>> wrong;
  for (const Json& group : groups) {
    const auto count = group.value("n", std::uint64_t{0});
    bool right = true;
    for (std::size_t i = 0; i < check.fields.size(); ++i) {
      const auto& [field, types] = check.fields[i];
      const std::string type = group.at("_id").value(fmt::format("t{}", i), "missing");
      if (Allows(types, type)) continue;
      wrong[field][type] += count;
      right = false;
    }
    all += count;
    off += right ? 0 : count;
  }
  std::string text = fmt::format("{} of {}", off == 0 ? "none" : WithCommas(off), WithCommas(all));
  for (std::string_view separator = ": "; const auto& [field, types] : wrong) {
    for (const auto& [type, count] : types) {
      text += fmt::format("{}{} {} in {}", separator, field, type, WithCommas(count));
      separator = ", ";
    }
  }
  if (all == 0) text = "there are no documents";
  return {.what = check.name, .target = "none off", .measured = text, .ok = off == 0 && all > 0};
}

}  // namespace

Check ReadCheck(const StatementSpec& spec, Complaints* complaints) {
  Check check{.name = spec.name};
  StatementReader reader(kTable, spec, complaints);
  if (reader.Head() == nullptr || !reader.Right()) return check;
  const std::string_view head = reader.Head()->name;
  const Json pipeline = PipelineOf(&reader, &check);
  ReadExpect(&reader, &check);
  const std::string text = Json{{"aggregate", reader.Text(head)},
                                {"pipeline", pipeline},
                                {"cursor", {{"batchSize", 1'000'000}}}}
                               .dump();
  bson_error_t error;
  check.command.reset(bson_new_from_json(reinterpret_cast<const std::uint8_t*>(text.data()),
                                         static_cast<ssize_t>(text.size()), &error));
  if (!check.command) reader.Complain(head, fmt::format("it cannot be sent: {}", error.message));
  return check;
}

Result<CheckResult> RunCheck(const Check& check, const std::string& database, Admin* admin) {
  const Result<BsonPtr> reply = admin->Ask(database, check.command.get());
  if (!reply) return Failed(reply);
  const std::vector<Json> documents = DocumentsOf(**reply);
  if (!check.fields.empty()) return JudgeTypes(check, documents);
  const double number = FirstNumber(documents);
  return CheckResult{.what = check.name,
                     .target = check.expect.Text(),
                     .measured = NumberText(number),
                     .ok = check.expect.Holds(number)};
}

}  // namespace mbench::mongodb
