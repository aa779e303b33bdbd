// SPDX-License-Identifier: Apache-2.0
#include "drivers/mysql/mysql_texts.h"

#include <fmt/format.h>

namespace mbench::mysql {
namespace {

constexpr std::size_t kVerbs = 5;  // in the order of OpKind, then one text per field

// `each` for every field, with commas: "field0 = ?, field1 = ?".
template <class Each>
std::string List(std::uint16_t fields, Each each) {
  std::string text;
  for (int i = 0; i < fields; ++i) text += (i == 0 ? "" : ", ") + each(i);
  return text;
}

std::string Name(int field) { return fmt::format("field{}", field); }

}  // namespace

std::string CreateTable(const std::string& table, std::uint16_t fields) {
  return fmt::format(
      "CREATE TABLE IF NOT EXISTS `{}` (`key` VARBINARY(255) NOT NULL PRIMARY KEY, {}) "
      "ENGINE=InnoDB",
      table, List(fields, [](int i) { return Name(i) + " LONGBLOB NOT NULL"; }));
}

Texts::Texts(const std::string& table, std::uint16_t fields,
             const std::vector<Statement>& statements)
    : fields_(fields) {
  const std::string from = fmt::format(" FROM `{}` WHERE `key` = ?", table);
  const std::string update = fmt::format("UPDATE `{}` SET ", table);
  const auto assign = [](int i) { return Name(i) + " = ?"; };
  texts_.push_back("SELECT " + List(fields, Name) + from);
  texts_.push_back(update + List(fields, assign) + " WHERE `key` = ?");
  texts_.push_back(fmt::format(
      "INSERT INTO `{}` VALUES (?, {}) ON DUPLICATE KEY UPDATE {}", table,
      List(fields, [](int) { return std::string("?"); }),
      List(fields, [](int i) { return fmt::format("field{0} = VALUES(field{0})", i); })));
  texts_.push_back(
      fmt::format("SELECT * FROM `{}` WHERE `key` >= ? ORDER BY `key` LIMIT ?", table));
  texts_.push_back("DELETE" + from);
  for (int i = 0; i < fields; ++i) texts_.push_back("SELECT " + Name(i) + from);
  for (int i = 0; i < fields; ++i) texts_.push_back(update + assign(i) + " WHERE `key` = ?");
  for (const Statement& statement : statements) {
    first_step_.push_back(texts_.size());
    for (const SqlText& step : statement.steps) texts_.push_back(step.sql);
  }
}

std::size_t Texts::Index(const Op& op) const {
  if (op.kind == OpKind::kStatement) return first_step_[op.statement];
  const bool one = op.field != kAllFields && op.field < fields_;
  if (one && op.kind == OpKind::kRead) return kVerbs + op.field;
  if (one && op.kind == OpKind::kUpdate) return kVerbs + fields_ + op.field;
  return static_cast<std::size_t>(op.kind);
}

}  // namespace mbench::mysql
