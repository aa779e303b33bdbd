// SPDX-License-Identifier: Apache-2.0
//
// What PostgreSQL says of itself, asked once a second by one SELECT over a connection of its own:
// transactions, the cache, sessions by what they do, locks, WAL, checkpoints, replication. A user
// who may not see something sees the rest.
#pragma once

#include <optional>

#include "drivers/common/figure_rates.h"
#include "drivers/observer.h"
#include "drivers/postgres/server.h"

namespace mbench::postgres {

// Thread: as SystemObserver. Before `server` is set it says nothing.
class PostgresObserver final : public SystemObserver {
 public:
  void SetServer(const Server& server);

  SystemFigures Observe() override;
  SystemRemarks Examine(const std::vector<std::vector<std::string>>& samples) override;
  SystemRemarks ExamineAfter() override;
  std::vector<Finding> Advise(std::uint64_t memory_bytes) override;

 private:
  // Nullptr: it cannot be reached just now.
  Admin* Connected();

  std::optional<Server> server_;
  std::optional<Admin> admin_;
  bool since_17_ = false;  // of PostgreSQL
  FigureRates rates_;
};

}  // namespace mbench::postgres
