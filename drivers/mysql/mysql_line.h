// SPDX-License-Identifier: Apache-2.0
//
// A connection of libmariadb that never blocks, one op at a time.
//
// Calls of libmariadb that may wait come in pairs: ..._start says what it waits for (0: it is
// done), and ..._cont goes on when that has come. An op is a chain of such calls:
//
//    verb, statement    (prepare, once per connection)  execute  store the rows
//    transaction        SET TRANSACTION, if it has an isolation  START TRANSACTION  each step as
//                       above  COMMIT; after an error ROLLBACK, and from the start when it may be
//                       tried again
//
// libmariadb tries to read before it waits, so edges of epoll are enough.
#pragma once

#include <mariadb/mysql.h>

#include <string>
#include <string_view>
#include <vector>

#include "drivers/common/line_session.h"
#include "drivers/mysql/mysql_statement.h"
#include "drivers/mysql/mysql_target.h"
#include "drivers/mysql/mysql_texts.h"

namespace mbench::mysql {

class SqlSession final : public LineSession {
 public:
  // What it is given outlives it.
  SqlSession(const SessionPlan& plan, const Target* target, const std::string& table,
             const std::vector<Statement>* statements);

  const Target& target() const { return *target_; }
  const Texts& texts() const { return texts_; }
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
  long long limit_ = 0;
  std::string value_, column_;
};

class SqlLine final : public Line {
 public:
  SqlLine(SqlSession* session, std::size_t group);
  ~SqlLine() override { Close(); }

 private:
  enum class Doing { kNothing, kConnecting, kPlain, kPreparing, kExecuting, kStoring, kNextResult };
  enum class Plain { kIsolation, kBegin, kCommit, kRollback };
  struct Prepared {
    MYSQL_STMT* statement = nullptr;
    std::vector<unsigned long> lengths;  // of the columns of a row
  };

  void Connect() override;
  void OnReady(std::uint32_t events) override;
  void Send(Call* call) override;
  void Flush() override;
  void Disconnect() override;

  // What libmariadb does now, and what comes after it.
  void Drive(int wait);
  int Continue(int ready);
  bool Next(int* wait);
  bool Watch();
  void Hold();
  void LookForEnd(std::uint32_t events);

  bool EndConnecting();
  int StartAttempt();
  int StartPlain(Plain what);
  bool EndPlain(int* wait);
  int StartStep();
  bool EndPreparing(int* wait);
  bool HasItsParameters();
  int Execute();
  bool EndResult(int* wait);
  bool EndStep(int* wait);
  bool Fail(unsigned number, const char* sqlstate, int* wait);
  bool End(const Answer& answer);

  void Bind(const Op& op);
  void BindVerb(const Op& op);
  void AddParameter(std::string_view value, enum_field_types type);
  void ReadRows();
  void ReadValue(MYSQL_STMT* statement, std::size_t columns);
  void Close();

  MYSQL* mysql() const { return handle_.get(); }
  bool IsTransaction() const { return statement_ != nullptr && statement_->transaction; }
  Prepared& Current() { return prepared_[index_]; }

  SqlSession* owner_;
  Handle handle_{nullptr, mysql_close};
  int fd_ = -1;
  std::vector<Prepared> prepared_;  // by index of Texts
  // What is going on.
  Doing doing_ = Doing::kNothing;
  Plain plain_ = Plain::kBegin;
  int waiting_ = 0;  // for what: MYSQL_WAIT_...
  int status_ = 0;   // of the call that has ended
  MYSQL* connected_ = nullptr;
  bool flushing_ = false;
  bool told_ = false;  // a step in this turn
  bool held_ = false;  // a call has ended and is looked at in the next turn
  // The op.
  const Statement* statement_ = nullptr;  // null: a verb
  std::size_t index_ = 0;                 // of the text
  std::size_t step_ = 0;
  unsigned attempt_ = 0;
  unsigned failed_with_ = 0;  // what is being rolled back
  Answer failure_;
  Ticks step_started_ = 0;
  Answer answer_;  // of the step
  std::uint64_t rows_ = 0;
};

}  // namespace mbench::mysql
