// SPDX-License-Identifier: Apache-2.0
#include "drivers/mysql/mysql_session.h"

#include "drivers/mysql/mysql_line.h"
#include "drivers/record.h"

namespace mbench::mysql {

SqlSession::SqlSession(const SessionPlan& plan, const Target* target, const std::string& table,
                       const std::vector<Statement>* statements)
    : LineSession(plan, 1),
      target_(target),
      statements_(statements),
      texts_(table, plan.fields, *statements) {
  AddGroup();
}

std::unique_ptr<Line> SqlSession::NewLine(std::size_t group) {
  return std::make_unique<SqlLine>(this, group);
}

std::uint16_t SqlSession::Refuse(const Op& op) {
  const bool whole =
      op.kind == OpKind::kInsert || (op.kind == OpKind::kUpdate && op.field == kAllFields);
  if (!whole || RecordView(op.value, plan().fields).Valid()) return 0;
  return errors().Code("not a record");
}

}  // namespace mbench::mysql
