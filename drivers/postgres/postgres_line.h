// SPDX-License-Identifier: Apache-2.0
//
// One connection to PostgreSQL.
//
// libpq connects: addresses, passwords in all their forms, TLS. Then this line borrows its socket,
// for what libpq does with each reply costs more than all else we do (see
// harness/decisions/006-postgres-beside-libpq.md). What ops say and hear is in batches:
//
//   an op alone     Bind Execute Sync
//   a batch         Bind Execute  Bind Execute ...  Sync      all that left in one Flush
//   a transaction   BEGIN step Sync | step Sync | ... | COMMIT Sync      one batch after the other
//   an op of rows   Bind Execute of a COPY, its rows, Sync
//   a load          COPY row row ... end                      all that left in one Flush
//
// With `prepare: unnamed` each op has its Parse in front of the Bind. With `prepare: simple` an op
// is one Query, which the server answers as it does a batch.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "drivers/postgres/batch.h"
#include "drivers/postgres/postgres_session.h"

namespace mbench::postgres {

class PostgresLine final : public ByteLine {
 public:
  PostgresLine(PostgresSession* session, std::size_t group)
      : ByteLine(session, group), owner_(session) {}

 private:
  enum class Stage { kSteps, kCommit, kRollback };
  // Where the transaction that has this line is.
  struct Progress {
    Stage stage = Stage::kSteps;
    std::size_t step = 0;
    std::uint32_t retries = 0;
    bool prepared_again = false;
    std::uint32_t items = 0;
    Ticks step_started = 0;
    Answer failure;
  };

  // postgres_line.cc: a connection
  void Connect() override;
  void Advance(std::uint32_t events) override;
  void OnOpen() override;
  void Disconnect() override;
  void LookAgain() override;
  std::size_t OnBytes(std::string_view in, bool at_end) override;
  void Borrow();

  // exchange.cc: what is said
  void Send(Call* call) override;
  void Flush() override;
  void Settle(std::string_view batch, Ticks finished);
  void AppendRequest(Call* call);
  void AppendEnd(std::string* out) const;
  void PrepareOnce(const Op& op);
  void SettlePrepare();
  void SettleCalls(Ticks finished);
  void SendAgain(std::size_t count);
  void ForgetVerbs();
  Answer AnswerOf(const Call& call, const Batch::Result& result);
  bool LostRows(const Op& op, const Batch::Result& result) const;
  static void ReadVersion(const Batch::Result& result, Answer* answer);
  void BeginTransaction(const Request& request, Call* call, bool roll_back_first);
  void BeginSimply(const Request& request, Call* call, bool roll_back_first);
  void SettleTransaction(Call* call, Ticks finished);
  void GoOn(const Request& request, Call* call);
  std::uint16_t TriesLabel() const;
  void FailTransaction(const Request& request, Call* call, const Answer& failure, Ticks finished);
  void SendAlone(const Prepared& statement, Call* call);

  PostgresSession* owner_;
  Connection connection_;
  bool prepared_ = false;     // what the run needs, on this connection
  bool copying_ = false;      // a COPY is open in what was sent last
  bool batch_open_ = false;   // ops were sent since the last Sync
  std::uint32_t want_ = 0;    // connecting: what libpq waits for
  std::uint32_t batch_ = 0;   // number of the batch that is being sent: Call::progress
  std::vector<bool> parsed_;  // what this connection has prepared, by PostgresSession::TextOf
  std::size_t scanned_ = 0;   // how much was looked at of what has come of a batch
  Progress progress_;
};

}  // namespace mbench::postgres
