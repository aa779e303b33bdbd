// SPDX-License-Identifier: Apache-2.0
//
// Which of the figures that systems tell of themselves say something of a resource, and what.
#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "harness/base/units.h"
#include "reports/model/use_model.h"

namespace mbench {
namespace {

struct UseFigure {
  std::string_view figure;  // the name of the figure, without that of the system in front of it
  std::string_view resource;
  UseAspect aspect;
  Unit unit;
  // What it can come to at most: a figure, or a setting that the system told. "": nobody knows.
  std::string_view limit = {};
};

// Several of one resource and aspect are summed: REQUIRES: they are of one unit.
constexpr auto kUseFigures = std::to_array<UseFigure>({
    {"server_cpu_cores", "CPU", UseAspect::kUtilisation, Unit::kCores},
    {"memory_used_bytes", "memory", UseAspect::kUtilisation, Unit::kBytes, "memory_limit_bytes"},
    {"server_memory_bytes", "memory", UseAspect::kUtilisation, Unit::kBytes},
    {"heap_used_bytes", "heap", UseAspect::kUtilisation, Unit::kBytes, "heap_limit_bytes"},
    {"page_faults_per_s", "memory", UseAspect::kSaturation, Unit::kPerSecond},
    {"cache_used_bytes", "cache", UseAspect::kUtilisation, Unit::kBytes, "cache_limit_bytes"},
    {"buffer_pool_data_bytes", "buffer pool", UseAspect::kUtilisation, Unit::kBytes,
     "innodb_buffer_pool_size"},
    {"buffer_pool_waits_per_s", "buffer pool", UseAspect::kSaturation, Unit::kPerSecond},
    {"cache_modified_evictions_per_s", "cache", UseAspect::kSaturation, Unit::kPerSecond},
    {"cache_unmodified_evictions_per_s", "cache", UseAspect::kSaturation, Unit::kPerSecond},
    {"evicted_per_s", "memory", UseAspect::kSaturation, Unit::kPerSecond},
    {"clients", "connections", UseAspect::kUtilisation, Unit::kCount, "maxclients"},
    {"connections", "connections", UseAspect::kUtilisation, Unit::kCount, "max_connections"},
    {"connections_active", "connections", UseAspect::kUtilisation, Unit::kCount},
    {"threads_connected", "connections", UseAspect::kUtilisation, Unit::kCount, "max_connections"},
    {"blocked_clients", "connections", UseAspect::kSaturation, Unit::kCount},
    {"rejected_connections_per_s", "connections", UseAspect::kErrors, Unit::kPerSecond},
    {"aborted_connects_per_s", "connections", UseAspect::kErrors, Unit::kPerSecond},
    {"connection_errors_per_s", "connections", UseAspect::kErrors, Unit::kPerSecond},
    {"dropped_per_s", "connections", UseAspect::kErrors, Unit::kPerSecond},
    {"threads_running", "running threads", UseAspect::kUtilisation, Unit::kCount},
    {"sessions_active", "active sessions", UseAspect::kUtilisation, Unit::kCount,
     "max_connections"},
    {"sessions", "sessions", UseAspect::kUtilisation, Unit::kCount},
    {"read_tickets_used", "read tickets", UseAspect::kUtilisation, Unit::kCount,
     "read_tickets_limit"},
    {"write_tickets_used", "write tickets", UseAspect::kUtilisation, Unit::kCount,
     "write_tickets_limit"},
    {"queued_readers", "locks", UseAspect::kSaturation, Unit::kCount},
    {"queued_writers", "locks", UseAspect::kSaturation, Unit::kCount},
    {"row_lock_waiting", "locks", UseAspect::kSaturation, Unit::kCount},
    {"sessions_waiting_for_locks", "locks", UseAspect::kSaturation, Unit::kCount},
    {"deadlocks_per_s", "locks", UseAspect::kErrors, Unit::kPerSecond},
    {"queue", "queue", UseAspect::kSaturation, Unit::kCount},
    {"queue_time_s", "time in the queue", UseAspect::kSaturation, Unit::kSeconds},
    {"producer_queue_bytes", "queue of the producer", UseAspect::kSaturation, Unit::kBytes},
    {"replication_lag_s", "replication", UseAspect::kSaturation, Unit::kSeconds},
    {"replication_lag_bytes", "replication, bytes", UseAspect::kSaturation, Unit::kBytes},
    {"aof_delayed_fsyncs_per_s", "fsync", UseAspect::kSaturation, Unit::kPerSecond},
    {"fsyncs_per_s", "fsync", UseAspect::kUtilisation, Unit::kPerSecond},
    {"request_errors_per_s", "requests", UseAspect::kErrors, Unit::kPerSecond},
    {"response_errors_per_s", "answers", UseAspect::kErrors, Unit::kPerSecond},
    {"5xx_per_s", "answers", UseAspect::kErrors, Unit::kPerSecond},
});

// Of a figure called "cache.hit_fraction": "cache."; "" where there is one system.
std::string_view SystemOf(std::string_view figure) {
  const std::size_t dot = figure.rfind('.');
  return dot == figure.npos ? std::string_view() : figure.substr(0, dot + 1);
}

class FigureUses {
 public:
  FigureUses(const FigureLines& lines, const std::map<std::string, std::string>& facts)
      : lines_(lines), facts_(facts) {}

  std::vector<UseResource> Make() {
    std::vector<std::string_view> systems;
    for (const auto& [name, line] : lines_)
      if (std::ranges::find(systems, SystemOf(name)) == systems.end())
        systems.push_back(SystemOf(name));
    for (const std::string_view system : systems) {
      for (const UseFigure& figure : kUseFigures) AddFigure(system, figure);
      for (const char* hits : {"hit_fraction", "cache_hit_fraction"}) AddMisses(system, hits);
    }
    return std::move(resources_);
  }

 private:
  Number& Cell(std::string_view system, std::string_view resource, UseAspect aspect) {
    const std::string name =
        system.empty() ? fmt::format("system: {}", resource)
                       : fmt::format("{}: {}", system.substr(0, system.size() - 1), resource);
    const auto found = std::ranges::find(resources_, name, &UseResource::name);
    UseResource& row =
        found != resources_.end() ? *found : resources_.emplace_back(UseResource{.name = name});
    return row.Of(aspect);
  }

  double LimitOf(std::string_view system, std::string_view limit) const {
    if (limit.empty()) return 0;
    const std::string name = fmt::format("{}{}", system, limit);
    const Number figure = MeanOf(lines_, name, Unit::kCount);
    if (figure.known) return figure.value;
    const auto fact = facts_.find(name);
    return fact == facts_.end() ? 0 : ParseNumber(fact->second).value_or(0);
  }

  void AddFigure(std::string_view system, const UseFigure& figure) {
    Number number = MeanOf(lines_, fmt::format("{}{}", system, figure.figure), figure.unit);
    if (!number.known) return;
    if (const double limit = LimitOf(system, figure.limit); limit > 0)
      number = MakeFraction(number.value / limit);
    Number& cell = Cell(system, figure.resource, figure.aspect);
    if (cell.known && cell.unit == number.unit) number.value += cell.value;
    cell = number;
  }

  // What a cache does not have, it has no room for.
  void AddMisses(std::string_view system, const char* hits) {
    const Number hit = MeanOf(lines_, fmt::format("{}{}", system, hits), Unit::kFraction);
    if (hit.known)
      Cell(system, "misses of the cache", UseAspect::kSaturation) = MakeFraction(1 - hit.value);
  }

  const FigureLines& lines_;
  const std::map<std::string, std::string>& facts_;
  std::vector<UseResource> resources_;
};

}  // namespace

std::vector<UseResource> UsesOfFigures(const FigureLines& lines,
                                       const std::map<std::string, std::string>& facts) {
  return FigureUses(lines, facts).Make();
}

}  // namespace mbench
