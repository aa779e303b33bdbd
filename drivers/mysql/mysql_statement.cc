// SPDX-License-Identifier: Apache-2.0
#include "drivers/mysql/mysql_statement.h"

#include "harness/base/text.h"
#include "harness/base/text_template.h"
#include "harness/base/units.h"

namespace mbench::mysql {
namespace {

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

SqlText ReadSql(StatementReader* reader, const std::vector<std::string>& arguments) {
  SqlText sql{.name = reader->Statement().name};
  const ValueNode* const said = reader->Find("sql");
  if (said == nullptr) return sql;
  if (Trim(said->text).empty()) reader->Complain(*said, "sql is empty");
  const TextTemplate text = reader->Parse(said->text, *said);
  for (const TextTemplate::Piece& piece : text.Pieces()) {
    sql.sql += piece.text;
    if (piece.argument == TextTemplate::kNoArgument) continue;
    if (InQuotes(sql.sql)) {
      reader->Complain(*said,
                       fmt::format("{{{}}} stands in quotes; a parameter stands without them",
                                   arguments[piece.argument]));
    }
    sql.sql += '?';
    sql.arguments.push_back(piece.argument);
  }
  return sql;
}

std::string UpperCase(std::string text) {
  for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return text;
}

void ReadRetry(StatementReader* reader, Statement* statement) {
  const ValueNode* const said = reader->Find("retry");
  if (said == nullptr) return;
  const WordMap retry(kRetryWords, said);
  statement->retries = static_cast<unsigned>(retry.Count("times"));
  statement->retry_on = {1213, 1205};
  const ValueNode* const on = retry.Find("on");
  if (on == nullptr) return;
  statement->retry_on.clear();
  for (const ValueNode& number : on->children) {
    const auto value = ParseCount(number.text);
    if (value && *value > 0 && *value <= 65535) {
      statement->retry_on.push_back(static_cast<unsigned>(*value));
    } else {
      reader->Complain(number, fmt::format("{} is no error number of MySQL; expected one such as "
                                           "1213",
                                           Quote(TextOf(number))));
    }
  }
}

}  // namespace

Statement ReadStatement(const StatementSpec& spec, Complaints* complaints) {
  const DriverWords table{"mysql", kWords};
  Statement statement{.transaction = !spec.steps.empty()};
  StatementReader reader(table, spec, complaints);
  if (!statement.transaction) {
    statement.steps.push_back(ReadSql(&reader, spec.arguments));
    return statement;
  }
  statement.isolation = UpperCase(reader.Text("isolation"));
  ReadRetry(&reader, &statement);
  for (const StatementSpec& step : spec.steps) {
    StatementReader step_reader(table, step, spec, complaints);
    statement.steps.push_back(ReadSql(&step_reader, spec.arguments));
  }
  return statement;
}

}  // namespace mbench::mysql
