// SPDX-License-Identifier: Apache-2.0
#include "drivers/mysql/mysql_observe.h"

#include <array>

#include "drivers/mysql/mysql_advice.h"
#include "harness/base/units.h"

namespace mbench::mysql {
namespace {

constexpr unsigned kPatienceSeconds = 2;

// A status variable: as it is, or what it grows by in a second.
struct Figure {
  std::string_view variable;
  std::string_view name;
  bool counts = false;
  double scale = 1;
};

// Names differ between versions: those that are not there are left out.
constexpr auto kStatusFigures = std::to_array<Figure>({
    {"Threads_connected", "threads_connected"},
    {"Threads_running", "threads_running"},
    {"Questions", "questions_per_s", true},
    {"Slow_queries", "slow_queries_per_s", true},
    {"Com_commit", "commits_per_s", true},
    {"Com_rollback", "rollbacks_per_s", true},
    {"Aborted_connects", "aborted_connects_per_s", true},
    {"Bytes_received", "network_in_bytes_per_s", true},
    {"Bytes_sent", "network_out_bytes_per_s", true},
    {"Innodb_buffer_pool_read_requests", "buffer_pool_requests_per_s", true},
    {"Innodb_buffer_pool_reads", "buffer_pool_disk_reads_per_s", true},
    {"Innodb_buffer_pool_bytes_data", "buffer_pool_data_bytes"},
    {"Innodb_buffer_pool_bytes_dirty", "buffer_pool_dirty_bytes"},
    {"Innodb_buffer_pool_wait_free", "buffer_pool_waits_per_s", true},
    {"Innodb_row_lock_current_waits", "row_lock_waiting"},
    {"Innodb_row_lock_waits", "row_lock_waits_per_s", true},
    {"Innodb_deadlocks", "deadlocks_per_s", true},
    {"Innodb_os_log_written", "log_bytes_per_s", true},
    {"Innodb_data_fsyncs", "fsyncs_per_s", true},
    {"Innodb_rows_read", "rows_read_per_s", true},
    {"Innodb_rows_inserted", "rows_inserted_per_s", true},
    {"Innodb_rows_updated", "rows_updated_per_s", true},
});

constexpr auto kVariables = std::to_array<std::string_view>(
    {"innodb_buffer_pool_size", "innodb_flush_log_at_trx_commit", "sync_binlog", "max_connections",
     "transaction_isolation", "tx_isolation", "read_only"});

template <class Names>
std::string ListOf(const Names& names) {
  std::string list;
  for (const auto& name : names) list += fmt::format("{}'{}'", list.empty() ? "" : ", ", name);
  return list;
}

}  // namespace

void MysqlObserver::SetTarget(const Target& target) {
  target_ = target;
  target_->patience_s = kPatienceSeconds;
}

Connection* MysqlObserver::Connected() {
  if (connection_) return &*connection_;
  if (!target_) return nullptr;
  Result<Connection> connection = Connection::Open(*target_);
  if (!connection) return nullptr;
  return &connection_.emplace(*std::move(connection));
}

SystemFigures MysqlObserver::Observe() {
  SystemFigures figures, counted;
  Connection* const connection = Connected();
  if (connection == nullptr) return figures;
  std::vector<std::string_view> names;
  for (const Figure& figure : kStatusFigures) names.push_back(figure.variable);
  const auto rows =
      connection->Ask(fmt::format("SHOW GLOBAL STATUS WHERE Variable_name IN ({})", ListOf(names)));
  if (!rows) {
    connection_.reset();  // a new connection next time
    return figures;
  }
  for (const std::vector<std::string>& row : *rows) {
    for (const Figure& figure : kStatusFigures) {
      if (row.size() != 2 || row[0] != figure.variable) continue;
      if (const Result<double> value = ParseNumber(row[1]); value)
        (figure.counts ? counted : figures)[std::string(figure.name)] = *value * figure.scale;
    }
  }
  rates_.Add(std::move(counted), &figures);
  if (replicates_) AddReplication(&figures);
  return figures;
}

// SHOW SLAVE STATUS is older than SHOW REPLICA STATUS and known to all but MySQL 8.4; what stands
// where is the same in all of them.
void MysqlObserver::AddReplication(SystemFigures* figures) {
  constexpr std::size_t kSecondsBehind = 32;
  const auto rows = connection_->Ask("SHOW SLAVE STATUS");
  replicates_ = rows && !rows->empty();
  if (!replicates_ || rows->front().size() <= kSecondsBehind) return;
  if (const Result<double> lag = ParseNumber(rows->front()[kSecondsBehind]); lag)
    (*figures)["replication_lag_s"] = *lag;
}

SystemRemarks MysqlObserver::Examine(const std::vector<std::vector<std::string>>& samples) {
  (void)samples;
  SystemRemarks remarks;
  Connection* const connection = Connected();
  if (connection == nullptr) return remarks;
  const auto rows = connection->Ask(
      fmt::format("SHOW GLOBAL VARIABLES WHERE Variable_name IN ({})", ListOf(kVariables)));
  if (!rows) return remarks;
  for (const std::vector<std::string>& row : *rows)
    if (row.size() == 2) remarks.facts.emplace(row[0], row[1]);
  return remarks;
}

std::vector<Finding> MysqlObserver::Advise(std::uint64_t memory_bytes) {
  Connection* const connection = Connected();
  if (connection == nullptr) return NoAnswer("it cannot be reached");
  std::vector<std::string_view> names = {"log_bin"};
  for (const SettingRule& rule : SettingRules()) names.push_back(rule.setting);
  const auto rows = connection->Ask(
      fmt::format("SHOW GLOBAL VARIABLES WHERE Variable_name IN ({})", ListOf(names)));
  if (!rows) return NoAnswer(rows.error().message);
  ServerSettings settings{.memory_bytes = memory_bytes};
  for (const std::vector<std::string>& row : *rows)
    if (row.size() == 2) settings.values.emplace(row[0], row[1]);
  return JudgeSettings(SettingRules(), settings);
}

}  // namespace mbench::mysql
