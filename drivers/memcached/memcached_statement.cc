// SPDX-License-Identifier: Apache-2.0
#include "drivers/memcached/memcached_statement.h"

#include <array>

#include "harness/base/text.h"
#include "harness/base/units.h"

namespace mbench::memcached {
namespace {

using Kind = Statement::Kind;

struct Form {
  std::string_view name;
  Kind kind;
  bool has_value = false;
  std::string_view number = {};  // the key of Statement::number; "": it has none
  bool needs_number = false;
};

constexpr std::array<Form, 6> kForms = {{
    {.name = "get", .kind = Kind::kGet},
    {.name = "set", .kind = Kind::kSet, .has_value = true, .number = "ttl"},
    {.name = "delete", .kind = Kind::kDelete},
    {.name = "cas", .kind = Kind::kCas, .has_value = true, .number = "ttl"},
    {.name = "incr", .kind = Kind::kIncr, .number = "by"},
    {.name = "touch", .kind = Kind::kTouch, .number = "ttl", .needs_number = true},
}};

// The one command that a statement has to have.
Result<const Form*> FormOf(const StatementSpec& spec) {
  const Form* found = nullptr;
  for (const Form& form : kForms) {
    if (!spec.body.contains(std::string(form.name))) continue;
    if (found != nullptr) {
      return BadConfig("statement {} has both {} and {}; expected one command", Quote(spec.name),
                       found->name, form.name);
    }
    found = &form;
  }
  if (found != nullptr) return found;
  return BadConfig(
      "statement {} has no command of memcached; expected one of get, set, delete, cas, incr, "
      "touch",
      Quote(spec.name));
}

Status CheckKeys(const StatementSpec& spec, const Form& form) {
  if (!spec.steps.empty()) {
    return BadConfig("statement {} is a transaction, which memcached does not have",
                     Quote(spec.name));
  }
  if (!spec.label.empty()) {
    return BadConfig("statement {} has a label; replies of memcached say nothing to split by",
                     Quote(spec.name));
  }
  for (const auto& [key, value] : spec.body) {
    if (key == form.name || key == form.number || (key == "value" && form.has_value)) continue;
    return BadConfig("statement {} has {}, which {} does not know", Quote(spec.name), Quote(key),
                     form.name);
  }
  if (form.has_value && !spec.body.contains("value")) {
    return BadConfig("statement {} has no value to {}", Quote(spec.name), form.name);
  }
  return {};
}

// The text of `number`: a placeholder is sent as it is drawn, a constant is checked here.
Result<std::string> NumberText(const StatementSpec& spec, const Form& form,
                               const std::string& ttl) {
  const auto found = spec.body.find(std::string(form.number));
  if (form.number.empty() || found == spec.body.end()) {
    if (form.needs_number)
      return BadConfig("statement {} has no {}", Quote(spec.name), form.number);
    return form.number == "by" ? "1" : form.number == "ttl" ? ttl : "";
  }
  if (!TextTemplate::Names(found->second).empty()) return found->second;
  if (form.number == "by") {
    const auto by = ParseCount(found->second);
    if (by) return std::to_string(*by);
    return BadConfig("statement {}, by: {}", Quote(spec.name), by.error().message);
  }
  const auto duration = ParseDuration(found->second);
  const Result<std::string> text = duration ? TtlText(*duration) : Failed(duration);
  if (text) return *text;
  return BadConfig("statement {}, ttl: {}", Quote(spec.name), text.error().message);
}

Result<Statement> ReadStatement(const StatementSpec& spec, const std::string& ttl) {
  const Result<const Form*> form = FormOf(spec);
  if (!form) return Failed(form);
  if (Status keys = CheckKeys(spec, **form); !keys) return Failed(keys);
  const Result<std::string> number = NumberText(spec, **form, ttl);
  if (!number) return Failed(number);
  const auto value = spec.body.find("value");
  const auto key_text =
      TextTemplate::Parse(spec.body.at(std::string((*form)->name)), spec.arguments);
  const auto value_text =
      TextTemplate::Parse(value == spec.body.end() ? "" : value->second, spec.arguments);
  const auto number_text = TextTemplate::Parse(*number, spec.arguments);
  for (const auto* text : {&key_text, &value_text, &number_text}) {
    if (!*text) return Failed(*text);
  }
  return Statement{
      .kind = (*form)->kind, .key = *key_text, .value = *value_text, .number = *number_text};
}

}  // namespace

Result<std::vector<Statement>> ReadStatements(std::span<const StatementSpec> specs,
                                              const std::string& ttl) {
  std::vector<Statement> statements;
  for (const StatementSpec& spec : specs) {
    Result<Statement> statement = ReadStatement(spec, ttl);
    if (!statement) return Failed(statement);
    statements.push_back(std::move(*statement));
  }
  return statements;
}

Result<std::string> TtlText(Ticks ttl) {
  constexpr Ticks kMost = 30 * 24 * kHour;
  if (ttl % kSecond != 0 || ttl > kMost) {
    return BadConfig(
        "{} is no time to live; expected whole seconds, at most 30 days (0s: for ever)",
        FormatDuration(ttl));
  }
  return ttl == 0 ? std::string() : std::to_string(ttl / kSecond);
}

}  // namespace mbench::memcached
