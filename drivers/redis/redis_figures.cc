// SPDX-License-Identifier: Apache-2.0
#include "drivers/redis/redis_figures.h"

#include <array>
#include <map>

#include "harness/base/text.h"
#include "harness/base/units.h"

namespace mbench {
namespace {

// A line of INFO: as it is, or what it grows by in a second.
struct InfoFigure {
  std::string_view line;
  std::string_view name;
  bool counts = false;
  double scale = 1;
};

// Those that are not there are left out.
constexpr auto kInfoFigures = std::to_array<InfoFigure>({
    {"total_commands_processed", "commands_per_s", true},
    {"keyspace_hits", "hits_per_s", true},
    {"keyspace_misses", "misses_per_s", true},
    {"evicted_keys", "evicted_per_s", true},
    {"expired_keys", "expired_per_s", true},
    {"rejected_connections", "rejected_connections_per_s", true},
    {"total_net_input_bytes", "network_in_bytes_per_s", true},
    {"total_net_output_bytes", "network_out_bytes_per_s", true},
    {"master_repl_offset", "replication_bytes_per_s", true},
    {"connected_clients", "clients"},
    {"blocked_clients", "blocked_clients"},
    {"connected_slaves", "replicas"},
    {"used_memory", "memory_used_bytes"},
    {"used_memory_rss", "resident_bytes"},
    {"maxmemory", "memory_limit_bytes"},
    {"latest_fork_usec", "last_fork_s", false, 1e-6},
    {"rdb_bgsave_in_progress", "saves_in_progress"},
    {"aof_rewrite_in_progress", "aof_rewrites_in_progress"},
    {"aof_delayed_fsync", "aof_delayed_fsyncs_per_s", true},
});

constexpr auto kInfoFacts = std::to_array<std::string_view>(
    {"role", "maxmemory_policy", "maxmemory", "redis_mode", "aof_enabled", "master_link_status"});

std::map<std::string_view, std::string_view> LinesOf(std::string_view info) {
  std::map<std::string_view, std::string_view> lines;
  for (const std::string_view line : Split(info, '\n'))
    if (const std::size_t colon = line.find(':'); colon != std::string_view::npos)
      lines.emplace(line.substr(0, colon), Trim(line.substr(colon + 1)));
  return lines;
}

// "ip=127.0.0.1,port=6380,state=online,offset=1234,lag=0"
double OffsetOf(std::string_view replica) {
  for (const std::string_view part : Split(replica, ','))
    if (part.starts_with("offset=")) return ParseNumber(part.substr(7)).value_or(0);
  return 0;
}

// How far the slowest replica is behind, in bytes of the stream of changes.
void AddReplication(const std::map<std::string_view, std::string_view>& lines,
                    SystemFigures* figures) {
  const auto own = lines.find("master_repl_offset");
  if (own == lines.end()) return;
  const double offset = ParseNumber(own->second).value_or(0);
  for (const auto& [name, text] : lines) {
    if (!name.starts_with("slave") || text.find("offset=") == std::string_view::npos) continue;
    double& lag = (*figures)["replication_lag_bytes"];
    lag = std::max(lag, offset - OffsetOf(text));
  }
}

}  // namespace

std::string InfoValue(std::string_view info, std::string_view name) {
  const auto lines = LinesOf(info);
  const auto found = lines.find(name);
  return found == lines.end() ? "" : std::string(found->second);
}

SystemFigures FiguresOfInfo(std::string_view info, FigureRates* rates) {
  SystemFigures figures, counted;
  const auto lines = LinesOf(info);
  for (const InfoFigure& figure : kInfoFigures) {
    const auto found = lines.find(figure.line);
    if (found == lines.end()) continue;
    if (const Result<double> value = ParseNumber(found->second); value)
      (figure.counts ? counted : figures)[std::string(figure.name)] = *value * figure.scale;
  }
  rates->Add(std::move(counted), &figures);
  AddReplication(lines, &figures);
  const auto hits = figures.find("hits_per_s"), misses = figures.find("misses_per_s");
  if (hits != figures.end() && misses != figures.end() && hits->second + misses->second > 0)
    figures["hit_fraction"] = hits->second / (hits->second + misses->second);
  return figures;
}

SystemRemarks RemarksOfInfo(std::string_view info) {
  SystemRemarks remarks;
  const auto lines = LinesOf(info);
  for (const std::string_view fact : kInfoFacts)
    if (const auto found = lines.find(fact); found != lines.end())
      remarks.facts.emplace(fact, found->second);
  return remarks;
}

}  // namespace mbench
