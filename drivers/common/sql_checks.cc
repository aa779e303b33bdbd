// SPDX-License-Identifier: Apache-2.0
#include "drivers/common/sql_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "harness/base/text.h"
#include "harness/base/units.h"

namespace mbench {
namespace {

// A name of a table or a column, as it is put into a text: quotes and a schema may be part of it.
bool IsSqlName(std::string_view name) {
  const auto is_part = [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '_' || c == '.' || c == '$' || c == '"' || c == '`' ||
           c >= 0x80;
  };
  return !name.empty() && std::ranges::all_of(name, is_part);
}

class SqlCheckReader {
 public:
  SqlCheckReader(SqlDialect dialect, StatementReader* reader)
      : postgres_(dialect == SqlDialect::kPostgres), dialect_(dialect), reader_(reader) {}

  void Read(SqlCheck* check) {
    const std::string_view head = reader_->Head()->name;
    if (head == "sql") {
      check->sql = reader_->Text("sql");
      const std::string wrong = WrongWithSql(check->sql, dialect_, false);
      if (!wrong.empty()) reader_->Complain("sql", wrong);
    } else {
      check->sql = SqlOf(head, Name(head), check);
    }
    constexpr Expectation kNone;  // = 0
    const bool has_fallback = head != "sql" && head != "count" && head != "rows";
    check->value = ReadValueCheck(reader_, has_fallback ? &kNone : nullptr);
  }

 private:
  std::string SqlOf(std::string_view head, const std::string& table, SqlCheck* check) {
    if (head == "count") return fmt::format("SELECT count(*) FROM {}{}", table, Where("WHERE"));
    const std::vector<std::string> columns = Columns();
    if (columns.empty()) return "";
    if (head == "duplicates") {
      return fmt::format(
          "SELECT coalesce(sum(n - 1), 0) FROM (SELECT count(*) AS n FROM {}{} GROUP BY {} HAVING "
          "count(*) > 1) AS twice",
          table, Where("WHERE"), Join(columns, ", "));
    }
    if (head == "nulls") {
      return fmt::format("SELECT count(*) FROM {} WHERE ({} IS NULL){}", table,
                         Join(columns, " IS NULL OR "), Where("AND"));
    }
    if (head == "referential") return Referential(table, columns);
    if (head == "freshness") return Freshness(table, columns, check);
    return Rows(table, columns);
  }

  std::string Referential(const std::string& table, const std::vector<std::string>& columns) {
    const std::string to = Name("to");
    const std::size_t dot = to.rfind('.');
    if (dot == std::string::npos || dot == 0 || dot + 1 == to.size()) {
      reader_->Complain("to", fmt::format("{} is no table with a column; expected something like "
                                          "customers.id",
                                          Quote(to)));
      return "";
    }
    if (!IsOne(columns)) return "";
    return fmt::format(
        "SELECT count(*) FROM {} WHERE {} IS NOT NULL AND {} NOT IN (SELECT {} FROM {} WHERE {} IS "
        "NOT NULL){}",
        table, columns[0], columns[0], to.substr(dot + 1), to.substr(0, dot), to.substr(dot + 1),
        Where("AND"));
  }

  // Seconds. A clock of its own would be another one than that which stamped the rows.
  std::string Freshness(const std::string& table, const std::vector<std::string>& columns,
                        SqlCheck* check) {
    check->at_most = reader_->Duration("at_most");
    if (!IsOne(columns)) return "";
    return fmt::format(postgres_
                           ? fmt::runtime("SELECT extract(epoch FROM now() - max({})) FROM {}")
                           : fmt::runtime("SELECT timestampdiff(MICROSECOND, max({}), now(6)) / "
                                          "1000000 FROM {}"),
                       columns[0], table);
  }

  // The sum of a number for each row does not depend on their order. 15 hex digits of MD5 are the
  // most that both systems turn into a whole number.
  std::string Rows(const std::string& table, const std::vector<std::string>& columns) {
    std::vector<std::string> texts;
    for (const std::string& column : columns)
      texts.push_back(fmt::format(postgres_ ? fmt::runtime("coalesce({}::text, '~')")
                                            : fmt::runtime("coalesce(cast({} AS char), '~')"),
                                  column));
    const std::string row = fmt::format("md5(concat_ws('|', {}))", Join(texts, ", "));
    return fmt::format(
        postgres_ ? fmt::runtime("SELECT concat(count(*), ' rows, sum of hashes ', "
                                 "coalesce(sum(('x' || "
                                 "substr({}, 1, 15))::bit(60)::bigint::numeric), 0)) FROM {}{}")
                  : fmt::runtime("SELECT concat(count(*), ' rows, sum of hashes ', coalesce(sum("
                                 "cast(conv(substr({}, 1, 15), 16, 10) AS unsigned)), 0)) FROM "
                                 "{}{}"),
        row, table, Where("WHERE"));
  }

  std::string Name(std::string_view word) {
    std::string name = reader_->Text(word);
    if (!IsSqlName(name))
      reader_->Complain(word, fmt::format("{} is no name of a table or a column", Quote(name)));
    return name;
  }

  std::vector<std::string> Columns() {
    std::vector<std::string> columns;
    const ValueNode* const of = reader_->Find("of");
    if (of == nullptr) return columns;
    const std::vector<ValueNode> one = {*of};
    for (const ValueNode& column : of->IsList() ? of->children : one) {
      if (!IsSqlName(column.text))
        reader_->Complain(column, fmt::format("{} is no name of a column", Quote(TextOf(column))));
      columns.push_back(column.text);
    }
    if (columns.empty()) reader_->Complain(*of, "it names no column");
    return columns;
  }

  bool IsOne(const std::vector<std::string>& columns) {
    if (columns.size() == 1) return true;
    reader_->Complain("of", fmt::format("{} columns; expected one", columns.size()));
    return false;
  }

  std::string Where(std::string_view before) const {
    return reader_->Says("where") ? fmt::format(" {} ({})", before, reader_->Text("where")) : "";
  }

  const bool postgres_;
  const SqlDialect dialect_;
  StatementReader* const reader_;
};

}  // namespace

SqlCheck ReadSqlCheck(const DriverWords& table, SqlDialect dialect, const StatementSpec& spec,
                      Complaints* complaints) {
  SqlCheck check{.value = {.name = spec.name}};
  StatementReader reader(table, spec, complaints);
  if (reader.Head() == nullptr || !reader.Right()) return check;
  SqlCheckReader(dialect, &reader).Read(&check);
  return check;
}

CheckResult JudgeSqlCheck(const SqlCheck& check, const std::string& answer) {
  if (check.at_most == 0) return JudgeValue(check.value, answer);
  CheckResult result{.what = check.value.name,
                     .target = fmt::format("at most {} old", FormatDuration(check.at_most)),
                     .measured = "there is no row"};
  const Result<double> seconds = ParseNumber(answer);
  if (!seconds) return result;
  const auto age = static_cast<Ticks>(*seconds * static_cast<double>(kSecond));
  result.measured = FormatDuration(std::max<Ticks>(age, 0)) + " old";
  result.ok = age <= check.at_most;
  return result;
}

}  // namespace mbench
