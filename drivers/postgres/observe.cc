// SPDX-License-Identifier: Apache-2.0
#include "drivers/postgres/observe.h"

#include <algorithm>
#include <array>

#include "drivers/postgres/advice.h"
#include "harness/base/text.h"
#include "harness/base/units.h"

namespace mbench::postgres {
namespace {

constexpr Ticks kPatience = 2 * kSecond;

// A line each, "name value"; what is NULL is left out by concat_ws. `+name`: it only grows.
constexpr std::string_view kFigures = R"(
SELECT concat_ws(E'\n',
  '+commits_per_s ' || d.xact_commit, '+rollbacks_per_s ' || d.xact_rollback,
  '+blocks_hit_per_s ' || d.blks_hit, '+blocks_read_per_s ' || d.blks_read,
  '+rows_returned_per_s ' || d.tup_returned, '+rows_fetched_per_s ' || d.tup_fetched,
  '+rows_inserted_per_s ' || d.tup_inserted, '+rows_updated_per_s ' || d.tup_updated,
  '+rows_deleted_per_s ' || d.tup_deleted, '+deadlocks_per_s ' || d.deadlocks,
  '+temporary_bytes_per_s ' || d.temp_bytes, '+conflicts_per_s ' || d.conflicts,
  'sessions_active ' || a.active, 'sessions_idle ' || a.idle,
  'sessions_idle_in_transaction ' || a.in_transaction, 'sessions_waiting_for_locks ' || a.waiting,
  'autovacuum_workers ' || a.vacuums,
  '+wal_bytes_per_s ' || CASE WHEN pg_is_in_recovery() THEN NULL
                              ELSE pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') END,
  'replicas ' || CASE WHEN pg_is_in_recovery() THEN NULL ELSE r.replicas END,
  'replication_lag_bytes ' || coalesce(r.lag_bytes, CASE WHEN pg_is_in_recovery() THEN
      pg_wal_lsn_diff(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()) END),
  'replication_lag_s ' || coalesce(r.lag_s, CASE
      WHEN NOT pg_is_in_recovery() THEN NULL
      WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
      ELSE extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) END))
FROM pg_stat_database AS d,
  (SELECT count(*) FILTER (WHERE state = 'active' AND pid <> pg_backend_pid()) AS active,
          count(*) FILTER (WHERE state = 'idle') AS idle,
          count(*) FILTER (WHERE state LIKE 'idle in transaction%') AS in_transaction,
          count(*) FILTER (WHERE wait_event_type = 'Lock') AS waiting,
          count(*) FILTER (WHERE backend_type = 'autovacuum worker') AS vacuums
   FROM pg_stat_activity) AS a,
  (SELECT count(*) AS replicas,
          max(CASE WHEN pg_is_in_recovery() THEN NULL
                   ELSE pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn) END) AS lag_bytes,
          max(extract(epoch FROM replay_lag)) AS lag_s
   FROM pg_stat_replication) AS r
WHERE d.datname = current_database())";

// Since PostgreSQL 17 in a view of their own.
constexpr std::string_view kCheckpoints =
    "SELECT concat('+checkpoints_per_s ', checkpoints_timed + checkpoints_req, "
    "E'\\n+checkpoint_buffers_per_s ', buffers_checkpoint) FROM pg_stat_bgwriter";
constexpr std::string_view kCheckpointsSince17 =
    "SELECT concat('+checkpoints_per_s ', num_timed + num_requested, "
    "E'\\n+checkpoint_buffers_per_s ', buffers_written) FROM pg_stat_checkpointer";

constexpr auto kSettings = std::to_array<std::string_view>(
    {"shared_buffers", "max_connections", "synchronous_commit", "fsync", "wal_level",
     "max_wal_size", "checkpoint_timeout", "autovacuum"});

void AddLines(std::string_view lines, SystemFigures* figures, SystemFigures* counted) {
  for (const std::string_view line : Split(lines, '\n')) {
    const std::size_t blank = line.find(' ');
    if (blank == std::string_view::npos) continue;
    const Result<double> value = ParseNumber(line.substr(blank + 1));
    if (!value) continue;
    const bool counts = line.starts_with('+');
    (counts ? counted : figures)
        ->emplace(line.substr(counts ? 1 : 0, blank - (counts ? 1 : 0)), *value);
  }
}

// Of those blocks that were asked for, how many were in shared buffers.
void AddHitShare(SystemFigures* figures) {
  const auto hit = figures->find("blocks_hit_per_s"), read = figures->find("blocks_read_per_s");
  if (hit == figures->end() || read == figures->end()) return;
  const double all = hit->second + read->second;
  if (all > 0) (*figures)["cache_hit_fraction"] = hit->second / all;
}

}  // namespace

void PostgresObserver::SetServer(const Server& server) {
  server_ = server;
  server_->patience = kPatience;
}

Admin* PostgresObserver::Connected() {
  if (admin_) return &*admin_;
  if (!server_) return nullptr;
  Result<Admin> admin = Admin::Connect(*server_);
  if (!admin) return nullptr;
  (void)admin->Run("SET statement_timeout = '1s'");
  const Result<std::string> view = admin->Ask("SELECT to_regclass('pg_stat_checkpointer')");
  since_17_ = view && !view->empty();
  return &admin_.emplace(*std::move(admin));
}

SystemFigures PostgresObserver::Observe() {
  SystemFigures figures, counted;
  Admin* const admin = Connected();
  if (admin == nullptr) return figures;
  const Result<std::string> lines = admin->Ask(std::string(kFigures));
  if (!lines) {
    admin_.reset();  // a new connection next time
    return figures;
  }
  AddLines(*lines, &figures, &counted);
  const std::string_view checkpoints = since_17_ ? kCheckpointsSince17 : kCheckpoints;
  if (const Result<std::string> said = admin->Ask(std::string(checkpoints)); said)
    AddLines(*said, &figures, &counted);
  rates_.Add(std::move(counted), &figures);
  AddHitShare(&figures);
  return figures;
}

SystemRemarks PostgresObserver::Examine(const std::vector<std::vector<std::string>>& samples) {
  (void)samples;
  SystemRemarks remarks;
  Admin* const admin = Connected();
  if (admin == nullptr) return remarks;
  for (const std::string_view setting : kSettings) {
    const Result<std::string> value =
        admin->Ask("SELECT current_setting($1, true)", {std::string(setting)});
    if (value && !value->empty()) remarks.facts.emplace(setting, *value);
  }
  const Result<std::string> role =
      admin->Ask("SELECT CASE WHEN pg_is_in_recovery() THEN 'replica' ELSE 'primary' END");
  if (role) remarks.facts.emplace("role", *role);
  return remarks;
}

// The role may have changed: a replica that was promoted.
SystemRemarks PostgresObserver::ExamineAfter() {
  SystemRemarks remarks;
  admin_.reset();
  Admin* const admin = Connected();
  if (admin == nullptr) {
    if (server_) remarks.warnings.emplace_back("it could not be asked when the run was over");
    return remarks;
  }
  const Result<std::string> role =
      admin->Ask("SELECT CASE WHEN pg_is_in_recovery() THEN 'replica' ELSE 'primary' END");
  if (role) remarks.facts.emplace("role", *role);
  admin_.reset();
  return remarks;
}

std::vector<Finding> PostgresObserver::Advise(std::uint64_t memory_bytes) {
  Admin* const admin = Connected();
  if (admin == nullptr) return NoAnswer("it cannot be reached");
  const Result<std::string> lines = admin->Ask(SettingsQuery());
  if (!lines) return NoAnswer(lines.error().message);
  return JudgeSettings(SettingRules(), ReadSettings(*lines, memory_bytes));
}

}  // namespace mbench::postgres
