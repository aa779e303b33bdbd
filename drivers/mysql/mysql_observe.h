// SPDX-License-Identifier: Apache-2.0
//
// What MariaDB and MySQL say of themselves, asked once a second by SHOW GLOBAL STATUS over a
// connection of its own: threads, statements, the buffer pool, row locks, the log, replication.
#pragma once

#include <optional>

#include "drivers/common/figure_rates.h"
#include "drivers/mysql/mysql_target.h"
#include "drivers/observer.h"

namespace mbench::mysql {

// Thread: as SystemObserver. Before `target` is set it says nothing.
class MysqlObserver final : public SystemObserver {
 public:
  void SetTarget(const Target& target);

  SystemFigures Observe() override;
  SystemRemarks Examine(const std::vector<std::vector<std::string>>& samples) override;
  SystemRemarks ExamineAfter() override { return {}; }
  std::vector<Finding> Advise(std::uint64_t memory_bytes) override;

 private:
  // Nullptr: it cannot be reached just now.
  Connection* Connected();
  void AddReplication(SystemFigures* figures);

  std::optional<Target> target_;
  std::optional<Connection> connection_;
  FigureRates rates_;
  bool replicates_ = true;  // until it says otherwise
};

}  // namespace mbench::mysql
