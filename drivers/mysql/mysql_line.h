// SPDX-License-Identifier: Apache-2.0
//
// A connection of libmariadb that never blocks, one op at a time.
//
// Calls of libmariadb that may wait come in pairs: ..._start says what it waits for (0: it is
// done), and ..._cont goes on when that has come. A Stage is such a pair with what follows it, and
// an op is a chain of stages:
//
//    verb, statement    (prepare, once per connection, and again when the server has forgotten it)
//                       execute  store the rows
//    transaction        SET TRANSACTION, if it has an isolation  START TRANSACTION  each step as
//                       above  COMMIT; after an error ROLLBACK, and from the start when it may be
//                       tried again
#pragma once

#include <mariadb/mysql.h>

#include <string>
#include <string_view>
#include <vector>

#include "drivers/mysql/mysql_session.h"
#include "drivers/mysql/mysql_socket.h"

namespace mbench::mysql {

class SqlLine final : public Line {
 public:
  SqlLine(SqlSession* session, std::size_t group) : Line(session, group), owner_(session) {}
  ~SqlLine() override { Close(); }

 private:
  struct Stage {
    int (*go_on)(SqlLine& line, int ready);  // what it waits for now; 0: status_ says how it ended
    void (SqlLine::*then)();
  };
  struct Stages;
  struct Prepared {
    MYSQL_STMT* statement = nullptr;
    std::vector<unsigned long> lengths;  // of the columns of a row
  };
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  // The op that has this line.
  struct Progress {
    const Statement* statement = nullptr;  // null: a verb
    std::size_t step = 0;                  // of a transaction
    std::size_t text = 0;                  // index into Texts
    Ticks step_started = 0;
    Answer answer;            // of the step
    std::uint32_t items = 0;  // of the steps so far
    std::uint64_t rows = 0;
    std::size_t prepared_again = kNone;  // the text that the server had forgotten
    unsigned attempt = 0;
    unsigned failed_with = 0;  // what is being rolled back
    Answer failure;
  };

  void Connect() override;
  void OnReady(std::uint32_t events) override;
  void Send(Call* call) override;
  void Flush() override;
  void Disconnect() override;
  void LookAgain() override;

  // mysql_line.cc: stages, in the order in which they come
  void Await(const Stage& stage, int wait);
  void Drive();
  void Hold();
  bool Watch();
  void LookForEnd(std::uint32_t events);
  void Connected();
  void Begin();
  void Isolated();
  void Begun();
  void StartStep();
  void Prepare();
  void IsPrepared();
  bool HasItsParameters();
  void Execute();
  void Executed();
  void Stored();
  void EndResult();
  bool IsOpenAsItShould();
  void EndStep();
  void Committed();
  void FailStatement();
  void FailQuery();
  void Fail(unsigned number, const char* sqlstate);
  void RolledBack();
  void End(const Answer& answer);
  void Ask(const Stage& stage, std::string_view sql);
  void Close();

  // mysql_values.cc
  void Bind(const Op& op);
  void BindVerb(const Op& op);
  std::uint32_t ItemsOf(MYSQL_STMT* statement) const;
  MYSQL_BIND* AddParameter(std::string_view value, enum_field_types type);
  void AddArgument(std::string_view value, ValueType type, BoundValue* bound);
  void ReadRows();
  void ReadValue(MYSQL_STMT* statement, std::size_t columns);

  MYSQL* mysql() const { return handle_.get(); }
  const Op& op() const { return calls().First()->op; }
  bool IsTransaction() const {
    return progress_.statement != nullptr && progress_.statement->transaction;
  }
  Prepared& Current() { return prepared_[progress_.text]; }

  SqlSession* owner_;
  Socket socket_;  // outlives the handle
  Handle handle_{nullptr, mysql_close};
  int fd_ = -1;
  std::string host_;                // read by libmariadb while it connects
  std::vector<Prepared> prepared_;  // by index of Texts
  const Stage* stage_ = nullptr;    // null: nothing is going on
  int waiting_ = 0;                 // for what: MYSQL_WAIT_...; 0: the stage has ended
  int status_ = 0;
  bool told_ = false;  // nothing more may be told in this turn
  Progress progress_;
};

}  // namespace mbench::mysql
