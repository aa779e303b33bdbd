// SPDX-License-Identifier: Apache-2.0
#include "drivers/mysql/mysql_line.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "drivers/common/address.h"
#include "drivers/mysql/mysql_errors.h"

namespace mbench::mysql {
namespace {

// Of each connection, for what libmariadb does between two events (also a TLS handshake). Only what
// is touched takes memory.
constexpr std::size_t kStack = 60 * 1024;
constexpr unsigned kWrongParameters = 1210;  // ER_WRONG_ARGUMENTS
constexpr std::string_view kLeftOpen = "left a transaction open, which is not committed";
constexpr std::string_view kEndedEarly = "a step has ended its transaction";
constexpr std::string_view kAgain = "prepared again";
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

struct SqlLine::Stages {
  static int GoOnConnecting(SqlLine& line, int ready) {
    MYSQL* connected = nullptr;
    const int wait = mysql_real_connect_cont(&connected, line.mysql(), ready);
    line.status_ = connected == nullptr ? 1 : 0;
    return wait;
  }
  static int GoOnAsking(SqlLine& line, int ready) {
    return mysql_real_query_cont(&line.status_, line.mysql(), ready);
  }
  static int GoOnPreparing(SqlLine& line, int ready) {
    return mysql_stmt_prepare_cont(&line.status_, line.Current().statement, ready);
  }
  static int GoOnExecuting(SqlLine& line, int ready) {
    return mysql_stmt_execute_cont(&line.status_, line.Current().statement, ready);
  }
  static int GoOnStoring(SqlLine& line, int ready) {
    return mysql_stmt_store_result_cont(&line.status_, line.Current().statement, ready);
  }
  static int GoOnToNextResult(SqlLine& line, int ready) {
    return mysql_stmt_next_result_cont(&line.status_, line.Current().statement, ready);
  }

  static constexpr Stage kConnecting = {GoOnConnecting, &SqlLine::Connected};
  static constexpr Stage kIsolation = {GoOnAsking, &SqlLine::Isolated};
  static constexpr Stage kBegin = {GoOnAsking, &SqlLine::Begun};
  static constexpr Stage kPreparing = {GoOnPreparing, &SqlLine::IsPrepared};
  static constexpr Stage kExecuting = {GoOnExecuting, &SqlLine::Executed};
  static constexpr Stage kStoring = {GoOnStoring, &SqlLine::Stored};
  static constexpr Stage kNextResult = {GoOnToNextResult, &SqlLine::Executed};
  static constexpr Stage kCommit = {GoOnAsking, &SqlLine::Committed};
  static constexpr Stage kRollback = {GoOnAsking, &SqlLine::RolledBack};
};

// ---- one stage after the other ----

// The call of this stage has been started.
void SqlLine::Await(const Stage& stage, int wait) {
  stage_ = &stage;
  waiting_ = wait;
}

// Goes on until libmariadb has to wait, or nothing is left to do.
void SqlLine::Drive() {
  while (stage_ != nullptr && !lost()) {
    if (waiting_ != 0) {
      Watch();
      return;
    }
    if (told_) return Hold();
    (this->*std::exchange(stage_, nullptr)->then)();
  }
}

// A transaction tells at most one thing a turn, and nothing while it is sent. The descriptor is
// registered anew, which makes an event for the next turn; this is rare: a call has failed at once,
// or TLS had the answer at hand.
void SqlLine::Hold() {
  owner_->Unwatch(fd_);
  if (!owner_->Watch(this, fd_)) owner_->Lost(this, ConnectionErrorName(errno));
}

// The descriptor may change while libmariadb tries the addresses of a name.
bool SqlLine::Watch() {
  const int fd = mysql_get_socket(mysql());
  if (fd == fd_) return true;
  fd_ = fd;
  if (owner_->Watch(this, fd)) return true;
  owner_->Lost(this, ConnectionErrorName(errno));
  return false;
}

void SqlLine::OnReady(std::uint32_t events) {
  if (stage_ == nullptr) return LookForEnd(events);
  if ((events & (EPOLLIN | kHangUp)) != 0) socket_.Readable((events & kHangUp) != 0);
  if (waiting_ != 0) {
    const int ready = ReadyFor(events) & waiting_;
    if (ready == 0) return;
    waiting_ = stage_->go_on(*this, ready);
  }
  told_ = false;
  Drive();
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

// ---- connecting ----

void SqlLine::Connect() {
  const Target& target = owner_->target();
  handle_ = target.NewHandle(kStack);
  prepared_.assign(owner_->texts().Size(), {});
  told_ = false;
  host_ = target.NextHost();
  MYSQL* connected = nullptr;
  Await(Stages::kConnecting,
        mysql_real_connect_start(&connected, mysql(), OrNull(host_), OrNull(target.user),
                                 OrNull(target.password), OrNull(target.database), target.port,
                                 OrNull(target.socket), target.Flags()));
  status_ = connected == nullptr ? 1 : 0;
  Drive();
}

void SqlLine::Connected() {
  if (status_ != 0)
    return owner_->Lost(this, ErrorName(mysql_errno(mysql()), mysql_sqlstate(mysql())));
  if (!Watch()) return;
  socket_.Guard(mysql());
  owner_->Connected(this);
}

// ---- an op ----

// One at a time: it is sent by Flush.
void SqlLine::Send(Call*) {}

void SqlLine::Flush() {
  if (stage_ != nullptr || calls().Empty()) return;
  progress_ = {.statement = owner_->StatementOf(op())};
  told_ = IsTransaction();
  Begin();
  Drive();
}

void SqlLine::Begin() {
  progress_.step = 0;
  progress_.items = 0;
  if (!IsTransaction()) return StartStep();
  const std::string& isolation = progress_.statement->isolation;
  if (isolation.empty()) return Ask(Stages::kBegin, "START TRANSACTION");
  Ask(Stages::kIsolation, "SET TRANSACTION ISOLATION LEVEL " + isolation);
}

void SqlLine::Isolated() {
  if (status_ != 0) return FailQuery();
  Ask(Stages::kBegin, "START TRANSACTION");
}

void SqlLine::Begun() {
  if (status_ != 0) return FailQuery();
  StartStep();
}

void SqlLine::StartStep() {
  progress_.text = owner_->texts().Index(op()) + progress_.step;
  progress_.answer = {};
  progress_.rows = 0;
  if (IsTransaction()) progress_.step_started = Clock::Now();
  if (Current().statement != nullptr) return Execute();
  Current().statement = mysql_stmt_init(mysql());
  Prepare();
}

void SqlLine::Prepare() {
  MYSQL_STMT* statement = Current().statement;
  const std::string& sql = owner_->texts().Sql(progress_.text);
  calls().First()->AddSent(sql.size());
  Await(Stages::kPreparing, mysql_stmt_prepare_start(&status_, statement, sql.data(), sql.size()));
}

void SqlLine::IsPrepared() {
  if (status_ == 0 && HasItsParameters()) return Execute();
  // The next op tries again.
  MYSQL_STMT* statement = std::exchange(Current().statement, nullptr);
  const unsigned number = status_ == 0 ? kWrongParameters : mysql_stmt_errno(statement);
  const std::string sqlstate = mysql_stmt_sqlstate(statement);
  mysql_stmt_close(statement);
  Fail(number, sqlstate.c_str());
}

// A ? that is none of ours would be read from behind the end of our parameters.
bool SqlLine::HasItsParameters() {
  if (progress_.statement == nullptr) return true;
  const std::size_t count = mysql_stmt_param_count(Current().statement);
  return count == progress_.statement->steps[progress_.step].arguments.size();
}

void SqlLine::Execute() {
  MYSQL_STMT* statement = Current().statement;
  Bind(op());
  mysql_stmt_bind_param(statement, owner_->parameters_.data());
  Await(Stages::kExecuting, mysql_stmt_execute_start(&status_, statement));
}

void SqlLine::Executed() {
  MYSQL_STMT* statement = Current().statement;
  if (status_ > 0) return FailStatement();
  if (mysql_stmt_field_count(statement) == 0) return EndResult();
  Await(Stages::kStoring, mysql_stmt_store_result_start(&status_, statement));
}

void SqlLine::Stored() {
  if (status_ != 0) return FailStatement();
  ReadRows();
  EndResult();
}

// A procedure has several results.
void SqlLine::EndResult() {
  MYSQL_STMT* statement = Current().statement;
  if (mysql_stmt_more_results(statement)) {
    return Await(Stages::kNextResult, mysql_stmt_next_result_start(&status_, statement));
  }
  const OpKind kind = op().kind;
  Answer& answer = progress_.answer;
  const bool selects = mysql_stmt_field_count(statement) > 0;
  const bool may_miss = kind == OpKind::kUpdate || kind == OpKind::kDelete;
  if (selects && progress_.rows == 0 && kind != OpKind::kScan) answer.outcome = Outcome::kNotFound;
  if (may_miss && mysql_stmt_affected_rows(statement) == 0) answer.outcome = Outcome::kNotFound;
  answer.items = ItemsOf(statement);
  progress_.items += answer.items;
  if (!IsOpenAsItShould()) return owner_->Lost(this, IsTransaction() ? kEndedEarly : kLeftOpen);
  EndStep();
}

// The server says so with each reply. A step may end its transaction by itself (what changes a
// table does), and with autocommit off nothing is ever committed.
bool SqlLine::IsOpenAsItShould() {
  return ((mysql()->server_status & SERVER_STATUS_IN_TRANS) != 0) == IsTransaction();
}

void SqlLine::EndStep() {
  Answer& answer = progress_.answer;
  if (!IsTransaction()) {
    if (progress_.prepared_again != kNone) answer.label = owner_->labels().Code(kAgain);
    return End(answer);
  }
  const Statement& transaction = *progress_.statement;
  answer.more = true;
  answer.started = progress_.step_started;
  answer.label = owner_->labels().Code(transaction.steps[progress_.step].name);
  told_ = true;
  owner_->Finish(calls().First(), answer, Clock::Now());
  if (++progress_.step < transaction.steps.size()) return StartStep();
  Ask(Stages::kCommit, "COMMIT");
}

void SqlLine::Committed() {
  if (status_ != 0) return FailQuery();
  const bool again = progress_.prepared_again != kNone;
  End({.label = again ? owner_->labels().Code(kAgain) : std::uint16_t{0},
       .items = progress_.items});
}

// ---- an op that fails ----

void SqlLine::FailStatement() {
  MYSQL_STMT* statement = Current().statement;
  const unsigned number = mysql_stmt_errno(statement);
  if (IsStale(number) && progress_.prepared_again != progress_.text) {
    progress_.prepared_again = progress_.text;
    return Prepare();
  }
  Fail(number, mysql_stmt_sqlstate(statement));
}

void SqlLine::FailQuery() { Fail(mysql_errno(mysql()), mysql_sqlstate(mysql())); }

void SqlLine::Fail(unsigned number, const char* sqlstate) {
  const std::string name = ErrorName(number, sqlstate);
  if (LosesLine(number)) return owner_->Lost(this, name);
  const Answer failure = {.outcome = OutcomeOf(number), .error = owner_->errors().Code(name)};
  if (!IsTransaction()) return End(failure);
  progress_.failure = failure;
  progress_.failed_with = number;
  Ask(Stages::kRollback, "ROLLBACK");
}

void SqlLine::RolledBack() {
  if (status_ != 0)
    return owner_->Lost(this, ErrorName(mysql_errno(mysql()), mysql_sqlstate(mysql())));
  const Statement& transaction = *progress_.statement;
  const auto& on = transaction.retry_on;
  const bool again = progress_.attempt < transaction.retries &&
                     std::ranges::find(on, progress_.failed_with) != on.end();
  if (!again) return End(progress_.failure);
  ++progress_.attempt;
  Begin();
}

void SqlLine::End(const Answer& answer) { owner_->Finish(calls().First(), answer, Clock::Now()); }

void SqlLine::Ask(const Stage& stage, std::string_view sql) {
  calls().First()->AddSent(sql.size());
  Await(stage, mysql_real_query_start(&status_, mysql(), sql.data(), sql.size()));
}

// ---- the end ----

void SqlLine::Disconnect() {
  if (fd_ >= 0) owner_->Unwatch(fd_);
  Close();
}

void SqlLine::LookAgain() {
  if (owner_->target().endpoint) owner_->target().endpoint->LookAgain();
}

void SqlLine::Close() {
  if (handle_ == nullptr) return;
  if (stage_ != nullptr && waiting_ != 0) {
    // What is going on is made to fail, and so to clean up; nothing of it is sent or waited for.
    const int fd = mysql_get_socket(mysql());
    if (fd >= 0) shutdown(fd, SHUT_RDWR);
    socket_.Readable(true);
    constexpr int kAll = MYSQL_WAIT_READ | MYSQL_WAIT_WRITE | MYSQL_WAIT_TIMEOUT;
    for (int i = 0; i < 16 && stage_->go_on(*this, kAll) != 0; ++i) continue;
  }
  handle_.reset();  // before its statements, which then have nobody to say good-bye to
  for (const Prepared& prepared : prepared_) {
    if (prepared.statement != nullptr) mysql_stmt_close(prepared.statement);
  }
  prepared_.clear();
  stage_ = nullptr;
  fd_ = -1;
}

}  // namespace mbench::mysql
