// SPDX-License-Identifier: Apache-2.0
//
// One connection to PostgreSQL.
//
// libpq connects: addresses, passwords in all their forms, TLS. Then this line reads and writes the
// socket itself, for what libpq does with each reply costs more than all else we do (see
// harness/decisions/006-postgres-beside-libpq.md). What ops say and hear is in batches:
//
//   an op alone     Bind Execute Sync
//   a batch         Bind Execute  Bind Execute ...  Sync      all that left in one Flush
//   a transaction   BEGIN step Sync | step Sync | ... | COMMIT Sync      one batch after the other
//   a load          COPY row row ... end                      all that left in one Flush
#pragma once

#include <openssl/types.h>

#include <string>
#include <string_view>
#include <vector>

#include "drivers/postgres/batch.h"
#include "drivers/postgres/postgres_session.h"

namespace mbench::postgres {

class PostgresLine final : public Line {
 public:
  PostgresLine(PostgresSession* session, std::size_t group)
      : Line(session, group), owner_(session) {}

 private:
  enum class Phase { kConnecting, kPreparing, kUp };
  enum class Stage { kSteps, kCommit, kRollback };
  // Where the transaction that has this line is.
  struct Progress {
    Stage stage = Stage::kSteps;
    std::size_t step = 0;
    std::uint32_t retries = 0;
    std::uint32_t bytes = 0;
    Ticks step_started = 0;
    Answer failure;
  };

  void Connect() override;
  void OnReady(std::uint32_t events) override;
  void Send(Call* call) override;
  void Flush() override;
  void Disconnect() override;

  // postgres_line.cc: bytes
  void AdvanceConnect(std::uint32_t events);
  void Prepare();
  void Write();
  bool WriteUnsent();
  void Receive(bool hung_up);
  bool Consume(std::string_view in, std::size_t* used);
  bool Settle(std::string_view batch, Ticks finished);
  ssize_t Read(char* into, std::size_t size);
  ssize_t WriteSome(std::string_view bytes);
  std::string LastWords() const;

  // exchange.cc: what is said
  void SendVerb(const Op& op);
  void SettlePrepare();
  void SettleCalls(Ticks finished);
  Answer AnswerOf(const Call& call, const Batch::Result& result);
  void BeginTransaction(const Request& request, Call* call, bool roll_back_first);
  void SettleTransaction(Call* call, Ticks finished);
  void GoOn(const Request& request, Call* call);
  void FailTransaction(const Request& request, Call* call, const Answer& failure, Ticks finished);
  void SendAlone(const Prepared& statement, const Op& op);

  PostgresSession* owner_;
  Connection connection_;
  SSL* ssl_ = nullptr;  // libpq's
  int fd_ = -1;
  Phase phase_ = Phase::kConnecting;
  bool copying_ = false;      // a COPY is open in what was sent last
  bool batch_open_ = false;   // ops were sent since the last Sync
  std::uint32_t want_ = 0;    // connecting: what libpq waits for
  std::uint32_t drops_ = 0;   // how often it was disconnected: tells a loop that it is over
  std::uint32_t batch_ = 0;   // number of the batch that is being sent: Call::progress
  std::vector<bool> parsed_;  // verbs that this connection has prepared
  std::string partial_;       // received, and not a whole batch yet
  std::size_t scanned_ = 0;   // how much of that was looked at
  std::string unsent_;        // did not fit into the socket
  Progress progress_;
};

}  // namespace mbench::postgres
