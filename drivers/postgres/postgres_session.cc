// SPDX-License-Identifier: Apache-2.0
#include "drivers/postgres/postgres_session.h"

#include <utility>

#include "drivers/postgres/postgres_line.h"
#include "drivers/postgres/wire.h"
#include "drivers/record.h"

namespace mbench::postgres {
namespace {

// Records of one COPY at most.
constexpr std::uint32_t kCopyDepth = 1024;

// Both write a whole record.
bool WritesRecord(const Op& op) {
  return op.kind == OpKind::kInsert || (op.kind == OpKind::kUpdate && op.field == kAllFields);
}

}  // namespace

PostgresSession::PostgresSession(const SessionPlan& plan, std::shared_ptr<const Setup> setup,
                                 Verbs verbs)
    : ByteSession(plan,
                  plan.phase == SessionPhase::kLoad && setup->copy ? kCopyDepth : setup->pipeline,
                  nullptr),
      setup_(std::move(setup)),
      verbs_(std::move(verbs)),
      copies_(plan.phase == SessionPhase::kLoad && setup_->copy),
      primary_(labels().Code("primary")),
      replica_(labels().Code("replica")) {
  for (const Request& request : requests()) {
    std::vector<std::uint16_t>& steps = step_labels_.emplace_back();
    for (const Request::Step& step : request.steps) steps.push_back(labels().Code(step.name));
  }
  for (std::size_t i = 0; i < setup_->servers.size(); ++i) AddGroup();
}

std::unique_ptr<Line> PostgresSession::NewLine(std::size_t group) {
  return std::make_unique<PostgresLine>(this, group);
}

std::size_t PostgresSession::GroupOf(const Op& op) {
  const bool replica =
      op.kind == OpKind::kStatement
          ? requests()[op.statement].host == Host::kReplica
          : setup_->reads_from_replica && (op.kind == OpKind::kRead || op.kind == OpKind::kScan);
  if (!replica || Groups() == 1) return 0;
  next_replica_ = next_replica_ + 1 < Groups() ? next_replica_ + 1 : 1;
  return next_replica_;
}

std::uint16_t PostgresSession::Refuse(const Op& op) {
  if (!WritesRecord(op) || RecordView(op.value, plan().fields).Valid()) return 0;
  return errors().Code("not a record");
}

// ---- requests ----

void PostgresSession::AppendParse(std::size_t text, std::string* out) const {
  const std::size_t verbs = verbs_.All().size();
  if (text < verbs) return verbs_.All()[text].AppendParse(out);
  const Request& request = requests()[text - verbs];
  for (const Request::Step& step : request.steps) step.statement.AppendParse(out);
  if (!request.is_transaction) return;
  for (const Prepared* end : {&request.begin, &request.commit, &request.rollback})
    end->AppendParse(out);
}

void PostgresSession::AppendStep(const Prepared& statement, const Op& op, std::string* out) const {
  statement.AppendRun(out, [&](auto&& into) {
    for (const std::uint16_t argument : statement.Arguments()) {
      into.PutOrNull(op.arguments[argument]);
    }
  });
}

void PostgresSession::AppendPoints(const Request::Step& step, const Op& op,
                                   std::string* out) const {
  step.statement.AppendRun(out, [&](auto&& into) {
    for (std::size_t column = 0; column < step.arrays.Columns(); ++column) {
      array_.clear();
      step.arrays.AppendColumn(column, op.arguments, &array_);
      into.Put(array_);
    }
  });
}

void PostgresSession::AppendOp(const Op& op, std::string* out) const {
  if (op.kind == OpKind::kStatement) {
    const Request::Step& step = requests()[op.statement].steps[0];
    if (!step.arrays.Empty()) return AppendPoints(step, op, out);
    if (!step.rows.Empty()) {
      step.statement.AppendRun(out, [](auto&&) {});
      return step.rows.AppendTo(op.arguments, out);
    }
    return AppendStep(step.statement, op, out);
  }
  verbs_.All()[verbs_.IndexOf(op)].AppendRun(out, [&](auto&& into) {
    into.Put(op.key);
    if (WritesRecord(op)) {
      const RecordView record(op.value, plan().fields);
      for (std::uint16_t i = 0; i < plan().fields; ++i) into.Put(record.Field(i));
    } else if (op.kind == OpKind::kUpdate) {
      into.Put(op.value);
    } else if (op.kind == OpKind::kScan) {
      into.PutNumber(op.scan_limit);
    }
  });
}

void PostgresSession::AppendCopyRow(const Op& op, std::string* out) const {
  const MessageScope message('d', out);
  const RecordView record(op.value, plan().fields);
  PutInt16(static_cast<std::uint16_t>(plan().fields + 1), out);
  PutValue(op.key, out);
  for (std::uint16_t i = 0; i < plan().fields; ++i) PutValue(record.Field(i), out);
}

// ---- replies ----

Answer PostgresSession::FailedAnswer(std::string_view error_body) {
  const std::string_view code = ErrorField(error_body, 'C');
  const bool overloaded = code.starts_with("53");  // insufficient resources
  return {.outcome = overloaded ? Outcome::kRejected : Outcome::kFailed,
          .error = errors().Code(SqlStateName(code))};
}

std::uint16_t PostgresSession::AgainLabel(std::uint16_t host) {
  constexpr std::string_view kAgain = "prepared again";
  return labels().Code(host == 0 ? std::string(kAgain)
                                 : fmt::format("{}, {}", DescribeLabel(host), kAgain));
}

std::string_view PostgresSession::ValueOf(const Op& op, std::string_view row) {
  RowReader columns(row);
  if (op.field != kAllFields || columns.Columns() == 1) return columns.Next();
  value_.clear();
  std::uint32_t end = 0;
  for (std::uint16_t i = 0; i < columns.Columns(); ++i) {
    end += static_cast<std::uint32_t>(columns.Next().size());
    value_.append(reinterpret_cast<const char*>(&end), sizeof end);
  }
  RowReader again(row);
  for (std::uint16_t i = 0; i < again.Columns(); ++i) value_ += again.Next();
  return value_;
}

}  // namespace mbench::postgres
