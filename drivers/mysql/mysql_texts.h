// SPDX-License-Identifier: Apache-2.0
//
// Every text that a session may prepare, numbered: those of the verbs on a table of records, and
// the steps of statements.
//
//    mbench_records(key VARBINARY(255) PRIMARY KEY, field0 LONGBLOB, field1 LONGBLOB, ...)
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "drivers/mysql/mysql_statement.h"
#include "drivers/op.h"

namespace mbench::mysql {

// CREATE TABLE for records of so many fields.
std::string CreateTable(const std::string& table, std::uint16_t fields);

// Thread: any, once made.
class Texts {
 public:
  Texts(const std::string& table, std::uint16_t fields, const std::vector<Statement>& statements);

  std::size_t Size() const { return texts_.size(); }
  const std::string& Sql(std::size_t index) const { return texts_[index]; }
  // Of a verb, or of the first step of a statement; those of the others follow it.
  std::size_t Index(const Op& op) const;

 private:
  std::uint16_t fields_;
  std::vector<std::string> texts_;
  std::vector<std::size_t> first_step_;  // by statement
};

}  // namespace mbench::mysql
