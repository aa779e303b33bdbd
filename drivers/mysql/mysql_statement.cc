// SPDX-License-Identifier: Apache-2.0
#include "drivers/mysql/mysql_statement.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "harness/base/text.h"
#include "harness/base/text_template.h"

namespace mbench::mysql {
namespace {

constexpr std::array<std::string_view, 4> kIsolations = {"read_uncommitted", "read_committed",
                                                         "repeatable_read", "serializable"};
constexpr unsigned kMostRetries = 1000;

// Whether the end of `sql` stands inside a string or a quoted name.
bool InQuotes(std::string_view sql) {
  char quote = 0;
  for (std::size_t i = 0; i < sql.size(); ++i) {
    if (quote != 0 && sql[i] == '\\' && quote != '`') {
      ++i;
    } else if (quote != 0) {
      if (sql[i] == quote) quote = 0;
    } else if (sql[i] == '\'' || sql[i] == '"' || sql[i] == '`') {
      quote = sql[i];
    }
  }
  return quote != 0;
}

Result<SqlText> ReadSql(const StatementSpec& spec, std::string_view whole,
                        const std::vector<std::string>& arguments) {
  const auto found = spec.body.find("sql");
  if (found == spec.body.end() || found->second.empty()) {
    return BadConfig("statement {} has no sql", Quote(whole));
  }
  const auto text = TextTemplate::Parse(found->second, arguments);
  if (!text) return BadConfig("statement {}: {}", Quote(whole), text.error().message);
  SqlText sql{.name = spec.name};
  for (const TextTemplate::Piece& piece : text->Pieces()) {
    sql.sql += piece.text;
    if (piece.argument == TextTemplate::kNoArgument) continue;
    if (InQuotes(sql.sql)) {
      return BadConfig("statement {} has {{{}}} in quotes; a parameter stands without them",
                       Quote(whole), arguments[piece.argument]);
    }
    sql.sql += '?';
    sql.arguments.push_back(piece.argument);
  }
  return sql;
}

Status CheckKeys(const StatementSpec& spec, std::span<const std::string_view> known,
                 std::string_view whole) {
  for (const auto& [key, value] : spec.body) {
    if (std::ranges::find(known, key) != known.end()) continue;
    return BadConfig("statement {} has {}, which the driver does not know", Quote(whole),
                     Quote(key));
  }
  if (spec.label.empty()) return {};
  return BadConfig("statement {} has a label; replies of MySQL say nothing to split by",
                   Quote(whole));
}

Status ReadIsolation(const StatementSpec& spec, Statement* statement) {
  const auto found = spec.body.find("isolation");
  if (found == spec.body.end()) return {};
  std::string name = found->second;
  std::ranges::replace(name, ' ', '_');
  if (std::ranges::find(kIsolations, name) == kIsolations.end()) {
    return BadConfig("statement {} has the isolation {}; expected one of {}", Quote(spec.name),
                     Quote(found->second), fmt::join(kIsolations, ", "));
  }
  for (char& c : name) c = c == '_' ? ' ' : static_cast<char>(c - 'a' + 'A');
  statement->isolation = name;
  return {};
}

// {"on":[1213,1205],"times":3}
Status ReadRetry(const StatementSpec& spec, Statement* statement) {
  const auto found = spec.body.find("retry");
  if (found == spec.body.end()) return {};
  const auto wrong = [&] {
    return BadConfig(
        "statement {}: retry is {}; expected something like {{on: [1213, 1205], times: 3}}",
        Quote(spec.name), Quote(found->second));
  };
  const auto json = nlohmann::json::parse(found->second, nullptr, false);
  if (!json.is_object() || json.size() != 2 || !json.contains("on") || !json.contains("times")) {
    return wrong();
  }
  const auto& on = json["on"];
  const auto is_count = [](const nlohmann::json& value) {
    return value.is_number_unsigned() && value.get<std::uint64_t>() <= 65535;
  };
  if (!on.is_array() || on.empty() || !std::ranges::all_of(on, is_count)) return wrong();
  if (!is_count(json["times"]) || json["times"].get<unsigned>() > kMostRetries) return wrong();
  for (const auto& number : on) statement->retry_on.push_back(number.get<unsigned>());
  statement->retries = json["times"].get<unsigned>();
  return {};
}

Result<Statement> ReadStatement(const StatementSpec& spec) {
  Statement statement{.transaction = !spec.steps.empty()};
  constexpr std::array<std::string_view, 1> kOne = {"sql"};
  constexpr std::array<std::string_view, 2> kWhole = {"isolation", "retry"};
  if (!statement.transaction) {
    if (Status keys = CheckKeys(spec, kOne, spec.name); !keys) return Failed(keys);
    auto sql = ReadSql(spec, spec.name, spec.arguments);
    if (!sql) return Failed(sql);
    statement.steps.push_back(std::move(*sql));
    return statement;
  }
  if (Status keys = CheckKeys(spec, kWhole, spec.name); !keys) return Failed(keys);
  if (Status read = ReadIsolation(spec, &statement); !read) return Failed(read);
  if (Status read = ReadRetry(spec, &statement); !read) return Failed(read);
  for (const StatementSpec& step : spec.steps) {
    const std::string whole = spec.name + "." + step.name;
    if (Status keys = CheckKeys(step, kOne, whole); !keys) return Failed(keys);
    auto sql = ReadSql(step, whole, spec.arguments);
    if (!sql) return Failed(sql);
    statement.steps.push_back(std::move(*sql));
  }
  return statement;
}

}  // namespace

Result<std::vector<Statement>> ReadStatements(std::span<const StatementSpec> specs) {
  std::vector<Statement> statements;
  for (const StatementSpec& spec : specs) {
    Result<Statement> statement = ReadStatement(spec);
    if (!statement) return Failed(statement);
    statements.push_back(std::move(*statement));
  }
  return statements;
}

}  // namespace mbench::mysql
