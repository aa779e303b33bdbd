// SPDX-License-Identifier: Apache-2.0
//
// A session of the mysql driver: lines to one server, with one op at a time on each.
#pragma once

#include <mariadb/mysql.h>

#include <memory>
#include <string>
#include <vector>

#include "drivers/common/line_session.h"
#include "drivers/mysql/mysql_statement.h"
#include "drivers/mysql/mysql_target.h"
#include "drivers/mysql/mysql_texts.h"

namespace mbench::mysql {

// What a parameter points to that is not sent as text.
struct BoundValue {
  long long number = 0;
  MYSQL_TIME time = {};
};

class SqlSession final : public LineSession {
 public:
  // What it is given outlives it.
  SqlSession(const SessionPlan& plan, const Target* target, const std::string& table,
             const std::vector<Statement>* statements);

  const Target& target() const { return *target_; }
  const Texts& texts() const { return texts_; }
  // nullptr: a verb.
  const Statement* StatementOf(const Op& op) const {
    return op.kind == OpKind::kStatement ? &(*statements_)[op.statement] : nullptr;
  }

 private:
  friend class SqlLine;
  std::unique_ptr<Line> NewLine(std::size_t group) override;
  std::uint16_t Refuse(const Op& op) override;

  const Target* target_;
  const std::vector<Statement>* statements_;
  Texts texts_;
  // Of the op that is being sent, and of the row that is being read.
  std::vector<MYSQL_BIND> parameters_;
  std::vector<BoundValue> bound_;
  long long limit_ = 0;
  std::string value_, column_;
};

}  // namespace mbench::mysql
