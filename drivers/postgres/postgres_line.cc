// SPDX-License-Identifier: Apache-2.0
#include "drivers/postgres/postgres_line.h"

#include <cerrno>

#include "drivers/common/address.h"
#include "drivers/postgres/wire.h"

namespace mbench::postgres {

void PostgresLine::Connect() {
  connection_ = StartConnecting(owner_->ServerOf(group()));
  if (PQstatus(connection_.get()) == CONNECTION_BAD) {
    return owner_->Lost(this, ConnectErrorName(connection_.get()));
  }
  want_ = EPOLLOUT;
  Borrow();
}

void PostgresLine::Borrow() {
  transport().Borrow(PQsocket(connection_.get()));
  if (!owner_->Watch(this, transport().Fd())) owner_->Lost(this, ConnectionErrorName(errno));
}

// libpq may go on with another socket (TLS refused, then tried without), even one of the same
// number. So it is watched anew after each step, which also tells at once whether it is ready.
void PostgresLine::Advance(std::uint32_t events) {
  if ((events & (want_ | EPOLLERR | EPOLLHUP)) == 0) return;
  const PostgresPollingStatusType status = PQconnectPoll(connection_.get());
  if (status == PGRES_POLLING_FAILED) {
    return owner_->Lost(this, ConnectErrorName(connection_.get()));
  }
  if (status == PGRES_POLLING_OK) {
    PQsetnonblocking(connection_.get(), 1);
    transport().Open(static_cast<SSL*>(PQsslStruct(connection_.get(), "OpenSSL")));
    return OnOpen();
  }
  want_ = status == PGRES_POLLING_READING ? EPOLLIN : EPOLLOUT;
  owner_->Unwatch(transport().Fd());
  Borrow();
}

// The statements of the workload file are prepared on every new connection. Verbs are when they are
// first needed, for most runs need few of them, and so is what sets a run up, for it may speak of
// what stands in front of it.
void PostgresLine::OnOpen() {
  std::string& out = owner_->out();
  const std::size_t verbs = owner_->verbs().All().size();
  const Host host = group() == 0 ? Host::kPrimary : Host::kReplica;
  const bool only_host = owner_->setup().servers.size() == 1;
  parsed_.assign(owner_->Texts(), false);
  for (std::size_t i = 0; i < owner_->requests().size(); ++i) {
    if (owner_->plan().phase != SessionPhase::kRun) break;
    if (owner_->requests()[i].host != host && !only_host) continue;
    owner_->AppendParse(verbs + i, &out);
    parsed_[verbs + i] = true;
  }
  if (out.empty()) {
    prepared_ = true;
    return owner_->Connected(this);
  }
  AppendSync(&out);
  Write();
}

void PostgresLine::Disconnect() {
  ByteLine::Disconnect();
  connection_.reset();
  prepared_ = copying_ = batch_open_ = false;
  progress_ = {};
  scanned_ = 0;
}

void PostgresLine::LookAgain() {
  for (const auto& endpoint : owner_->ServerOf(group()).endpoints)
    if (endpoint != nullptr) endpoint->LookAgain();
}

// Reads whole batches.
std::size_t PostgresLine::OnBytes(std::string_view in, bool at_end) {
  (void)at_end;
  Ticks finished = 0;
  std::size_t used = 0;
  while (!lost()) {
    const std::size_t size = Batch::Find(in.substr(used), &scanned_);
    if (size == 0) break;
    if (size == Batch::kBad) {
      owner_->Lost(this, "malformed reply");
      break;
    }
    if (finished == 0) finished = Clock::Now();
    scanned_ = 0;
    Settle(in.substr(used, size), finished);
    used += size;
  }
  return used;
}

}  // namespace mbench::postgres
