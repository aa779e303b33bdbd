// SPDX-License-Identifier: Apache-2.0
#include "drivers/mysql/mysql_statement.h"

#include "drivers/common/sql_text.h"
#include "harness/base/text.h"
#include "harness/base/text_template.h"
#include "harness/base/units.h"

namespace mbench::mysql {
namespace {

SqlText ReadSql(StatementReader* reader, const StatementSpec& whole, bool is_step) {
  SqlText sql{.name = reader->Statement().name};
  const ValueNode* const said = reader->Find("sql");
  if (said == nullptr) return sql;
  const TextTemplate text = reader->Parse(said->text, *said);
  CheckSql(text, whole.arguments, SqlDialect::kMysql, is_step, *said, reader);
  for (const TextTemplate::Piece& piece : text.Pieces()) {
    sql.sql += piece.text;
    const std::size_t argument = piece.argument;
    if (argument == TextTemplate::kNoArgument) continue;
    sql.sql += '?';
    sql.arguments.push_back(argument);
    sql.types.push_back(argument < whole.types.size() ? whole.types[argument] : ValueType::kText);
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
  statement.reads = reader.Says("reads");
  if (!statement.transaction) {
    statement.steps.push_back(ReadSql(&reader, spec, false));
    return statement;
  }
  statement.isolation = UpperCase(reader.Text("isolation"));
  ReadRetry(&reader, &statement);
  for (const StatementSpec& step : spec.steps) {
    StatementReader step_reader(table, step, spec, complaints);
    statement.steps.push_back(ReadSql(&step_reader, spec, true));
  }
  return statement;
}

}  // namespace mbench::mysql
