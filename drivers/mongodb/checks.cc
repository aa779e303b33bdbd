// SPDX-License-Identifier: Apache-2.0
#include "drivers/mongodb/checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "drivers/mongodb/bson_template.h"
#include "harness/base/text.h"

namespace mbench::mongodb {
namespace {

constexpr auto kWords = std::to_array<std::string_view>({"count", "aggregate", "fields"});

// What `$type` says, and `number` for four of them.
constexpr auto kTypes = std::to_array<std::string_view>(
    {"string", "int", "long", "double", "decimal", "number", "bool", "date", "objectId", "array",
     "object", "binData", "null", "missing", "timestamp", "regex"});

bool IsNumeric(std::string_view type) {
  return type == "int" || type == "long" || type == "double" || type == "decimal";
}

// A key of the check as JSON; `fallback` when it is not said.
Result<Json> Member(const StatementSpec& spec, const std::string& key, Json fallback) {
  const auto said = spec.body.find(key);
  if (said == spec.body.end()) return fallback;
  Json json = Json::parse(said->second, nullptr, false);
  if (json.type() == fallback.type()) return json;
  return BadConfig("{} is not right: {}; expected a {}", key, Quote(said->second),
                   fallback.is_array() ? "list" : "map");
}

Status CheckKeys(const StatementSpec& spec, std::string_view word) {
  std::vector<std::string_view> known = {word};
  if (word == "aggregate") known.insert(known.end(), {"pipeline", "expect"});
  if (word == "count") known.insert(known.end(), {"filter", "expect"});
  if (word == "fields") known.insert(known.end(), {"types", "filter"});
  for (const auto& [key, text] : spec.body) {
    if (std::ranges::find(known, key) == known.end())
      return BadConfig("{} does not go with {}; expected {}", Quote(key), word,
                       fmt::join(known, ", "));
  }
  return {};
}

Status ReadTypes(const Json& types, Check* check) {
  if (types.empty()) return BadConfig("it names no field; write types: {{name: string}}");
  for (const auto& [field, said] : types.items()) {
    std::vector<std::string> names;
    for (const Json& name : said.is_array() ? said : Json::array({said})) {
      const std::string text = name.is_string() ? name.get<std::string>() : name.dump();
      if (std::ranges::find(kTypes, text) == kTypes.end())
        return BadConfig("{} is no type of a field; expected one of {}, or a list of them",
                         Quote(text), fmt::join(kTypes, ", "));
      names.push_back(text);
    }
    check->fields.emplace_back(field, std::move(names));
  }
  return {};
}

// One document for each combination of types: {_id: {t0: "string", t1: "missing"}, n: 17}.
Json PipelineOfTypes(const Json& filter, const Check& check) {
  Json types = Json::object();
  for (std::size_t i = 0; i < check.fields.size(); ++i)
    types[fmt::format("t{}", i)] = {{"$type", "$" + check.fields[i].first}};
  return {{{"$match", filter}}, {{"$group", {{"_id", std::move(types)}, {"n", {{"$sum", 1}}}}}}};
}

Result<Json> PipelineOf(const StatementSpec& spec, std::string_view word, Check* check) {
  if (word == "aggregate") {
    Result<Json> pipeline = Member(spec, "pipeline", Json::array());
    if (pipeline && pipeline->empty()) return BadConfig("it needs {}", Quote("pipeline"));
    return pipeline;
  }
  const Result<Json> filter = Member(spec, "filter", Json::object());
  if (!filter) return Failed(filter);
  if (word == "count")
    return Json{{{"$match", *filter}}, {{"$group", {{"_id", nullptr}, {"n", {{"$sum", 1}}}}}}};
  const Result<Json> types = Member(spec, "types", Json::object());
  if (!types) return Failed(types);
  if (Status read = ReadTypes(*types, check); !read) return Failed(read);
  return PipelineOfTypes(*filter, *check);
}

Status Fill(const StatementSpec& spec, std::string_view word, Check* check) {
  if (Status known = CheckKeys(spec, word); !known) return known;
  const Result<Json> pipeline = PipelineOf(spec, word, check);
  if (!pipeline) return Failed(pipeline);
  if (word != "fields") {
    if (!spec.body.contains("expect"))
      return BadConfig("it needs {}, such as expect: 54654", Quote("expect"));
    const Result<Expectation> expect = ParseExpectation(spec.body.at("expect"));
    if (!expect) return Failed(expect);
    check->expect = *expect;
  }
  const std::string text = Json{{"aggregate", spec.body.at(std::string(word))},
                                {"pipeline", *pipeline},
                                {"cursor", {{"batchSize", 1'000'000}}}}
                               .dump();
  bson_error_t error;
  check->command.reset(bson_new_from_json(reinterpret_cast<const std::uint8_t*>(text.data()),
                                          static_cast<ssize_t>(text.size()), &error));
  if (!check->command) return BadConfig("it cannot be sent: {}", error.message);
  return {};
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
  std::string text = fmt::format("{} of {}", off == 0 ? "none" : CountText(off), CountText(all));
  for (std::string_view separator = ": "; const auto& [field, types] : wrong) {
    for (const auto& [type, count] : types) {
      text += fmt::format("{}{} {} in {}", separator, field, type, CountText(count));
      separator = ", ";
    }
  }
  if (all == 0) text = "there are no documents";
  return {.what = check.name, .target = "none off", .measured = text, .ok = off == 0 && all > 0};
}

}  // namespace

Result<Check> MakeCheck(const StatementSpec& spec) {
  const auto word = std::ranges::find_if(
      kWords, [&spec](std::string_view known) { return spec.body.contains(std::string(known)); });
  Check check{.name = spec.name};
  Status filled = word == kWords.end()
                      ? Status(BadConfig("expected one of {}", fmt::join(kWords, ", ")))
                      : Fill(spec, *word, &check);
  if (!filled) return BadConfig("{}: {}", spec.name, filled.error().message);
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
