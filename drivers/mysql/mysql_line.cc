// SPDX-License-Identifier: Apache-2.0
#include "drivers/mysql/mysql_line.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "drivers/common/address.h"
#include "drivers/mysql/mysql_errors.h"
#include "drivers/record.h"

namespace mbench::mysql {
namespace {

// Of each connection, for what libmariadb does between two events (also a TLS handshake). Only what
// is touched takes memory.
constexpr std::size_t kStack = 60 * 1024;
constexpr unsigned kWrongParameters = 1210;  // ER_WRONG_ARGUMENTS
constexpr std::string_view kClosed = "connection closed by the server";
constexpr std::uint32_t kHangUp = EPOLLRDHUP | EPOLLHUP | EPOLLERR;

int ReadyFor(std::uint32_t events) {
  int ready = 0;
  if ((events & (EPOLLIN | kHangUp)) != 0) ready |= MYSQL_WAIT_READ;
  if ((events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0) ready |= MYSQL_WAIT_WRITE;
  return ready;
}

const char* OrNull(const std::string& text) { return text.empty() ? nullptr : text.c_str(); }

}  // namespace

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

SqlLine::SqlLine(SqlSession* session, std::size_t group) : Line(session, group), owner_(session) {}

// ---- connecting ----

void SqlLine::Connect() {
  const Target& target = owner_->target();
  handle_ = target.NewHandle(kStack);
  prepared_.assign(owner_->texts().Size(), {});
  doing_ = Doing::kConnecting;
  told_ = false;
  Drive(mysql_real_connect_start(&connected_, mysql(), OrNull(target.host), OrNull(target.user),
                                 OrNull(target.password), OrNull(target.database), target.port,
                                 OrNull(target.socket), target.Flags()));
}

bool SqlLine::EndConnecting() {
  if (connected_ == nullptr) {
    owner_->Lost(this, ErrorName(mysql_errno(mysql()), mysql_sqlstate(mysql())));
  } else if (Watch()) {
    owner_->Connected(this);
  }
  return false;
}

// The descriptor may change while libmariadb tries the addresses of a name.
bool SqlLine::Watch() {
  const int fd = mysql_get_socket(mysql());
  if (fd == fd_) return true;
  fd_ = fd;
  if (owner_->LineSession::Watch(this, fd)) return true;
  owner_->Lost(this, ConnectionErrorName(errno));
  return false;
}

void SqlLine::Disconnect() {
  if (fd_ >= 0) owner_->Unwatch(fd_);
  Close();
}

void SqlLine::Close() {
  if (handle_ == nullptr) return;
  if (doing_ != Doing::kNothing && !held_) {
    // What is going on is made to fail, and so to clean up; nothing of it is sent or waited for.
    const int fd = mysql_get_socket(mysql());
    if (fd >= 0) shutdown(fd, SHUT_RDWR);
    constexpr int kAll = MYSQL_WAIT_READ | MYSQL_WAIT_WRITE | MYSQL_WAIT_TIMEOUT;
    for (int i = 0; i < 16 && Continue(kAll) != 0; ++i) continue;
  }
  handle_.reset();  // before its statements, which then have nobody to say good-bye to
  for (const Prepared& prepared : prepared_) {
    if (prepared.statement != nullptr) mysql_stmt_close(prepared.statement);
  }
  prepared_.clear();
  doing_ = Doing::kNothing;
  held_ = false;
  fd_ = -1;
}

// ---- events ----

// One op at a time: it is sent by Flush.
void SqlLine::Send(Call*) {}

void SqlLine::Flush() {
  if (doing_ != Doing::kNothing || calls().Empty()) return;
  statement_ = owner_->StatementOf(calls().First()->op);
  attempt_ = 0;
  flushing_ = true;
  told_ = false;
  Drive(StartAttempt());
  flushing_ = false;
}

void SqlLine::OnReady(std::uint32_t events) {
  told_ = false;
  if (held_) {
    held_ = false;
    return Drive(0);
  }
  if (doing_ == Doing::kNothing) return LookForEnd(events);
  const int ready = ReadyFor(events) & waiting_;
  if (ready != 0) Drive(Continue(ready));
}

// Nobody has asked, so it can only be the end (the server says why, and closes). TLS has messages
// of its own.
void SqlLine::LookForEnd(std::uint32_t events) {
  if ((events & (EPOLLIN | kHangUp)) == 0) return;
  char byte = 0;
  const ssize_t count = recv(fd_, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  if (count < 0 && errno == EAGAIN) return;
  if (count > 0 && owner_->target().tls) return;
  owner_->Lost(this, kClosed, true);
}

// Goes on until libmariadb has to wait, or the op has ended.
void SqlLine::Drive(int wait) {
  for (;;) {
    if (wait != 0) {
      waiting_ = wait;
      Watch();
      return;
    }
    if (told_ || (flushing_ && IsTransaction())) return Hold();
    if (!Next(&wait)) return;
  }
}

// A transaction tells at most one thing a turn, and nothing while it is sent. The descriptor is
// registered anew, which makes an event for the next turn; this is rare: the server would have
// answered before libmariadb first looked.
void SqlLine::Hold() {
  held_ = true;
  owner_->Unwatch(fd_);
  if (!owner_->LineSession::Watch(this, fd_)) owner_->Lost(this, ConnectionErrorName(errno));
}

int SqlLine::Continue(int ready) {
  switch (doing_) {
    case Doing::kConnecting:
      return mysql_real_connect_cont(&connected_, mysql(), ready);
    case Doing::kPlain:
      return mysql_real_query_cont(&status_, mysql(), ready);
    case Doing::kPreparing:
      return mysql_stmt_prepare_cont(&status_, Current().statement, ready);
    case Doing::kExecuting:
      return mysql_stmt_execute_cont(&status_, Current().statement, ready);
    case Doing::kStoring:
      return mysql_stmt_store_result_cont(&status_, Current().statement, ready);
    case Doing::kNextResult:
      return mysql_stmt_next_result_cont(&status_, Current().statement, ready);
    case Doing::kNothing:
      break;
  }
  return 0;
}

// A call has ended: starts the next one. False: nothing is going on any more.
bool SqlLine::Next(int* wait) {
  MYSQL_STMT* statement = prepared_[index_].statement;
  switch (std::exchange(doing_, Doing::kNothing)) {
    case Doing::kConnecting:
      return EndConnecting();
    case Doing::kPlain:
      return EndPlain(wait);
    case Doing::kPreparing:
      return EndPreparing(wait);
    case Doing::kExecuting:
    case Doing::kNextResult:
      if (status_ > 0) {
        return Fail(mysql_stmt_errno(statement), mysql_stmt_sqlstate(statement), wait);
      }
      if (mysql_stmt_field_count(statement) == 0) return EndResult(wait);
      doing_ = Doing::kStoring;
      *wait = mysql_stmt_store_result_start(&status_, statement);
      return true;
    case Doing::kStoring:
      if (status_ != 0) {
        return Fail(mysql_stmt_errno(statement), mysql_stmt_sqlstate(statement), wait);
      }
      ReadRows();
      return EndResult(wait);
    case Doing::kNothing:
      break;
  }
  return false;
}

// ---- an op ----

int SqlLine::StartAttempt() {
  step_ = 0;
  if (!IsTransaction()) return StartStep();
  return StartPlain(statement_->isolation.empty() ? Plain::kBegin : Plain::kIsolation);
}

int SqlLine::StartPlain(Plain what) {
  plain_ = what;
  doing_ = Doing::kPlain;
  std::string text = "START TRANSACTION";
  if (what == Plain::kIsolation) text = "SET TRANSACTION ISOLATION LEVEL " + statement_->isolation;
  if (what == Plain::kCommit) text = "COMMIT";
  if (what == Plain::kRollback) text = "ROLLBACK";
  return mysql_real_query_start(&status_, mysql(), text.data(), text.size());
}

bool SqlLine::EndPlain(int* wait) {
  if (status_ != 0 && plain_ == Plain::kRollback) {
    owner_->Lost(this, ErrorName(mysql_errno(mysql()), mysql_sqlstate(mysql())));
    return false;
  }
  if (status_ != 0) return Fail(mysql_errno(mysql()), mysql_sqlstate(mysql()), wait);
  switch (plain_) {
    case Plain::kIsolation:
      *wait = StartPlain(Plain::kBegin);
      return true;
    case Plain::kBegin:
      *wait = StartStep();
      return true;
    case Plain::kCommit:
      return End({});
    case Plain::kRollback:
      break;
  }
  const auto& on = statement_->retry_on;
  if (attempt_ >= statement_->retries || std::ranges::find(on, failed_with_) == on.end()) {
    return End(failure_);
  }
  ++attempt_;
  *wait = StartAttempt();
  return true;
}

int SqlLine::StartStep() {
  const Op& op = calls().First()->op;
  index_ = owner_->texts().Index(op) + step_;
  answer_ = {};
  rows_ = 0;
  if (IsTransaction()) step_started_ = Clock::Now();
  if (Current().statement != nullptr) return Execute();
  Current().statement = mysql_stmt_init(mysql());
  doing_ = Doing::kPreparing;
  const std::string& sql = owner_->texts().Sql(index_);
  return mysql_stmt_prepare_start(&status_, Current().statement, sql.data(), sql.size());
}

bool SqlLine::EndPreparing(int* wait) {
  if (status_ == 0 && HasItsParameters()) {
    *wait = Execute();
    return true;
  }
  // The next op tries again.
  MYSQL_STMT* statement = std::exchange(Current().statement, nullptr);
  const unsigned number = status_ == 0 ? kWrongParameters : mysql_stmt_errno(statement);
  const std::string sqlstate = mysql_stmt_sqlstate(statement);
  mysql_stmt_close(statement);
  return Fail(number, sqlstate.c_str(), wait);
}

// A ? that is none of ours would be read from behind the end of our parameters.
bool SqlLine::HasItsParameters() {
  if (statement_ == nullptr) return true;
  const std::size_t count = mysql_stmt_param_count(Current().statement);
  return count == statement_->steps[step_].arguments.size();
}

int SqlLine::Execute() {
  MYSQL_STMT* statement = Current().statement;
  Bind(calls().First()->op);
  doing_ = Doing::kExecuting;
  mysql_stmt_bind_param(statement, owner_->parameters_.data());
  return mysql_stmt_execute_start(&status_, statement);
}

// A procedure has several results.
bool SqlLine::EndResult(int* wait) {
  MYSQL_STMT* statement = Current().statement;
  if (mysql_stmt_more_results(statement)) {
    doing_ = Doing::kNextResult;
    *wait = mysql_stmt_next_result_start(&status_, statement);
    return true;
  }
  const OpKind kind = calls().First()->op.kind;
  const bool selects = mysql_stmt_field_count(statement) > 0;
  const bool may_miss = kind == OpKind::kUpdate || kind == OpKind::kDelete;
  if (selects && rows_ == 0 && kind != OpKind::kScan) answer_.outcome = Outcome::kNotFound;
  if (may_miss && mysql_stmt_affected_rows(statement) == 0) answer_.outcome = Outcome::kNotFound;
  if (!selects && kind != OpKind::kStatement && answer_.outcome == Outcome::kOk) {
    answer_.bytes = static_cast<std::uint32_t>(calls().First()->op.value.size());
  }
  return EndStep(wait);
}

bool SqlLine::EndStep(int* wait) {
  if (!IsTransaction()) return End(answer_);
  answer_.more = true;
  answer_.started = step_started_;
  answer_.label = owner_->labels().Code(statement_->steps[step_].name);
  told_ = true;
  owner_->Finish(calls().First(), answer_, Clock::Now());
  ++step_;
  *wait = step_ < statement_->steps.size() ? StartStep() : StartPlain(Plain::kCommit);
  return true;
}

bool SqlLine::Fail(unsigned number, const char* sqlstate, int* wait) {
  const std::string name = ErrorName(number, sqlstate);
  if (LosesLine(number)) {
    owner_->Lost(this, name);
    return false;
  }
  failure_ = {.outcome = OutcomeOf(number), .error = owner_->errors().Code(name)};
  if (!IsTransaction()) return End(failure_);
  failed_with_ = number;
  *wait = StartPlain(Plain::kRollback);
  return true;
}

bool SqlLine::End(const Answer& answer) {
  owner_->Finish(calls().First(), answer, Clock::Now());
  return false;
}

}  // namespace mbench::mysql
