// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <optional>
#include <sstream>

#include "drivers/mongodb/examine.h"

namespace mbench::mongodb {
namespace {

// A number of serverStatus: as it is, or what it grows by in a second.
struct Figure {
  std::string_view path;
  std::string_view name;
  bool counts = false;
  double scale = 1;
};

constexpr double kMiB = 1 << 20;

// Names differ between versions: those that are not there are left out.
constexpr auto kFigures = std::to_array<Figure>({
    {"opcounters.insert", "inserts_per_s", true},
    {"opcounters.query", "queries_per_s", true},
    {"opcounters.update", "updates_per_s", true},
    {"opcounters.delete", "deletes_per_s", true},
    {"opcounters.getmore", "getmores_per_s", true},
    {"opcounters.command", "commands_per_s", true},
    {"connections.current", "connections"},
    {"globalLock.currentQueue.readers", "queued_readers"},
    {"globalLock.currentQueue.writers", "queued_writers"},
    {"network.bytesIn", "network_in_bytes_per_s", true},
    {"network.bytesOut", "network_out_bytes_per_s", true},
    {"mem.resident", "resident_bytes", false, kMiB},
    {"extra_info.page_faults", "page_faults_per_s", true},
    {"transactions.totalCommitted", "transactions_committed_per_s", true},
    {"transactions.totalAborted", "transactions_aborted_per_s", true},
    {"wiredTiger.cache.bytes currently in the cache", "cache_used_bytes"},
    {"wiredTiger.cache.tracked dirty bytes in the cache", "cache_dirty_bytes"},
    {"wiredTiger.cache.maximum bytes configured", "cache_limit_bytes"},
    {"wiredTiger.cache.pages read into cache", "cache_pages_read_per_s", true},
    {"wiredTiger.cache.pages written from cache", "cache_pages_written_per_s", true},
    {"wiredTiger.cache.modified pages evicted", "cache_modified_evictions_per_s", true},
    {"wiredTiger.cache.unmodified pages evicted", "cache_unmodified_evictions_per_s", true},
    {"wiredTiger.concurrentTransactions.read.out", "read_tickets_used"},
    {"wiredTiger.concurrentTransactions.write.out", "write_tickets_used"},
    {"queues.execution.read.out", "read_tickets_used"},
    {"queues.execution.write.out", "write_tickets_used"},
    {"wiredTiger.concurrentTransactions.read.totalTickets", "read_tickets_limit"},
    {"wiredTiger.concurrentTransactions.write.totalTickets", "write_tickets_limit"},
    {"queues.execution.read.totalTickets", "read_tickets_limit"},
    {"queues.execution.write.totalTickets", "write_tickets_limit"},
});

std::optional<double> NumberIn(const bson_t& reply, std::string_view path) {
  bson_iter_t iter, found;
  if (!bson_iter_init(&iter, &reply)) return std::nullopt;
  if (!bson_iter_find_descendant(&iter, std::string(path).c_str(), &found)) return std::nullopt;
  if (!BSON_ITER_HOLDS_NUMBER(&found)) return std::nullopt;
  return BSON_ITER_HOLDS_DOUBLE(&found) ? bson_iter_double(&found)
                                        : static_cast<double>(bson_iter_as_int64(&found));
}

// User and system time of a process of this host.
std::optional<double> CpuSeconds(std::int64_t pid) {
  std::ifstream file(fmt::format("/proc/{}/stat", pid));
  std::string text;
  if (!std::getline(file, text) || text.find("mongo") == std::string::npos) return std::nullopt;
  // Behind the name, which may hold anything: state is field 3, utime and stime are 14 and 15.
  std::istringstream fields(text.substr(text.rfind(')') + 1));
  std::string skipped;
  for (int i = 3; i < 14; ++i) fields >> skipped;
  double user = 0, system = 0;
  if (!(fields >> user >> system)) return std::nullopt;
  return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

// proc(5): the second number of statm is resident pages.
double MemoryBytes(std::int64_t pid) {
  std::ifstream file(fmt::format("/proc/{}/statm", pid));
  double size = 0, resident = 0;
  file >> size >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

bool IsLocal(const mongoc_uri_t* uri) {
  for (const auto* host = mongoc_uri_get_hosts(uri); host != nullptr; host = host->next) {
    const std::string_view name = host->host;
    if (name != "127.0.0.1" && name != "localhost" && name != "::1" && !name.starts_with('/')) {
      return false;
    }
  }
  return mongoc_uri_get_srv_hostname(uri) == nullptr;
}

}  // namespace

// The run waits for the last look to end.
Observer::Observer(const mongoc_uri_t* uri, const std::list<Feed>* feeds)
    : admin_(uri, kSecond, kSecond), feeds_(feeds), is_local_(IsLocal(uri)) {}

SystemFigures Observer::Look() {
  SystemFigures figures, counted;
  AddFeeds(&figures, &counted);
  AddStatus(&figures, &counted);
  rates_.Add(std::move(counted), &figures);
  if (has_replicas_) AddReplicationLag(&figures);
  return figures;
}

void Observer::AddStatus(SystemFigures* figures, SystemFigures* counted) {
  const auto status = admin_.Ask(
      "admin",
      R"({"serverStatus": 1, "repl": 0, "metrics": 0, "locks": 0, "tcmalloc": 0, "opLatencies": 0})");
  if (!status) return;
  for (const Figure& figure : kFigures) {
    const auto value = NumberIn(**status, figure.path);
    if (!value) continue;
    (*(figure.counts ? counted : figures))[std::string(figure.name)] = *value * figure.scale;
  }
  const auto pid = NumberIn(**status, "pid");
  if (!is_local_ || !pid) return;
  const auto cpu = CpuSeconds(static_cast<std::int64_t>(*pid));
  if (!cpu) return;
  (*counted)["server_cpu_cores"] = *cpu;
  (*figures)["server_memory_bytes"] = MemoryBytes(static_cast<std::int64_t>(*pid));
}

// How far change streams are behind: the age of the oldest write whose event has not come.
void Observer::AddFeeds(SystemFigures* figures, SystemFigures* counted) const {
  const Ticks now = Clock::Now();
  for (const Feed& feed : *feeds_) {
    const EventLedger::Counts counts = feed.ledger->Look();
    const double lag_s =
        counts.oldest == 0 ? 0 : ToSeconds(std::max<Ticks>(0, now - counts.oldest));
    (*counted)["events_seen_per_s"] += static_cast<double>(counts.seen);
    (*figures)["events_awaited"] += static_cast<double>(counts.awaited);
    (*figures)["event_lag_s"] = std::max((*figures)["event_lag_s"], lag_s);
  }
}

// How far the slowest secondary is behind the primary.
void Observer::AddReplicationLag(SystemFigures* figures) {
  const auto status = admin_.Ask("admin", R"({"replSetGetStatus": 1})");
  bson_iter_t at, member, field;
  has_replicas_ = status && bson_iter_init_find(&at, status->get(), "members");
  if (!has_replicas_ || !bson_iter_recurse(&at, &member)) return;
  std::int64_t primary = 0, slowest = INT64_MAX;
  while (bson_iter_next(&member)) {
    std::int64_t state = 0, applied = 0;
    if (!bson_iter_recurse(&member, &field)) continue;
    while (bson_iter_next(&field)) {
      const std::string_view key = bson_iter_key(&field);
      if (key == "state") state = bson_iter_as_int64(&field);
      if (key == "optimeDate" && BSON_ITER_HOLDS_DATE_TIME(&field))
        applied = bson_iter_date_time(&field);
    }
    if (state == 1) primary = applied;
    if (state == 2) slowest = std::min(slowest, applied);
  }
  if (primary == 0 || slowest == INT64_MAX) return;
  (*figures)["replication_lag_s"] =
      static_cast<double>(std::max<std::int64_t>(0, primary - slowest)) / 1e3;
}

}  // namespace mbench::mongodb
