// SPDX-License-Identifier: Apache-2.0
#include "drivers/redis/redis_advice.h"

#include <string>

#include "drivers/redis/redis_figures.h"
#include "harness/base/units.h"

namespace mbench {
namespace {

constexpr double kMiB = 1 << 20;
constexpr double kLongFork_us = 100'000;
constexpr double kFragmented = 1.5;

bool Persists(const ServerSettings& settings) {
  return !settings.Text("save").empty() || settings.Text("appendonly") == "yes";
}

// A save copies what is written meanwhile, which has to fit, too.
FindingState JudgeMemory(const ServerSettings& settings) {
  const double limit = settings.Number("maxmemory");
  if (limit == 0) return FindingState::kChange;
  const double memory = settings.Number("total_system_memory");
  return WellIf(memory == 0 || limit <= memory * (Persists(settings) ? 0.6 : 0.9));
}

std::string ShowMemory(const ServerSettings& settings) {
  return settings.Number("maxmemory") == 0 ? "no limit" : settings.Bytes("maxmemory");
}

FindingState JudgePolicy(const ServerSettings& settings) {
  const bool has_limit = settings.Number("maxmemory") > 0;
  const bool refuses = settings.Text("maxmemory-policy") == "noeviction";
  return WellIf(!has_limit || !refuses, FindingState::kMind);
}

std::string ShowSave(const ServerSettings& settings) {
  return settings.Text("save").empty() ? "none" : settings.Text("save");
}

std::string ShowAppend(const ServerSettings& settings) {
  const bool appends = settings.Text("appendonly") == "yes";
  return appends ? "yes, fsync " + settings.Text("appendfsync") : "no";
}

FindingState JudgeAppend(const ServerSettings& settings) {
  const bool syncs_each =
      settings.Text("appendonly") == "yes" && settings.Text("appendfsync") == "always";
  return WellIf(Persists(settings) && !syncs_each, FindingState::kMind);
}

// Little memory is fragmented by what everybody has.
FindingState JudgeFragments(const ServerSettings& settings) {
  const bool is_small = settings.Number("used_memory") < 100 * kMiB;
  return WellIf(is_small || settings.Number("mem_fragmentation_ratio") < kFragmented);
}

constexpr auto kRules = std::to_array<SettingRule>({
    {.setting = "maxmemory",
     .judge = JudgeMemory,
     .right = "a limit below the memory, with room for a save",
     .why = "without one it grows until the host swaps or the kernel ends it",
     .command = "CONFIG SET maxmemory 4gb",
     .show = ShowMemory},
    {.setting = "maxmemory-policy",
     .judge = JudgePolicy,
     .right = "allkeys-lru or allkeys-lfu in a cache; noeviction where nothing may be lost",
     .why = "with noeviction writes fail as soon as the limit is reached",
     .command = "CONFIG SET maxmemory-policy allkeys-lru"},
    {.setting = "save",
     .judge =
         [](const ServerSettings& s) {
           return WellIf(s.Text("save").empty(), FindingState::kMind);
         },
     .right = "as in production",
     .why = "each save forks: the copying of page tables and pages is seen as latency now and then",
     .command = "CONFIG SET save ''",
     .show = ShowSave},
    {.setting = "appendonly",
     .judge = JudgeAppend,
     .right = "yes with appendfsync everysec for data; no for a cache",
     .why =
         "with neither a save nor a log a restart loses everything; with always each write waits "
         "for the disk",
     .command = "CONFIG SET appendonly yes",
     .show = ShowAppend},
    {.setting = "rdb_last_bgsave_status",
     .judge =
         [](const ServerSettings& s) { return WellIf(s.Text("rdb_last_bgsave_status") == "ok"); },
     .right = "ok",
     .why = "after a save that failed it refuses writes",
     .command = "look into its log, then BGSAVE"},
    {.setting = "latest_fork_usec",
     .judge =
         [](const ServerSettings& s) {
           return WellIf(s.Number("latest_fork_usec") < kLongFork_us);
         },
     .right = "below 100 ms",
     .why = "nothing is answered while it forks for a save",
     .command = "less memory in one instance; transparent huge pages off",
     .show =
         [](const ServerSettings& s) {
           const auto took = static_cast<Ticks>(s.Number("latest_fork_usec")) * kMicrosecond;
           return took == 0 ? "it has not forked" : FormatDuration(took);
         }},
    {.setting = "mem_fragmentation_ratio",
     .judge = JudgeFragments,
     .right = "below 1.5",
     .why = "it takes more of the host's memory than it keeps data in",
     .command = "CONFIG SET activedefrag yes"},
    {.setting = "tcp-backlog",
     .judge = [](const ServerSettings& s) { return WellIf(s.Number("tcp-backlog") >= 511); },
     .right = "511 or more, and net.core.somaxconn no less",
     .why = "connections beyond it wait for a second and more when many come at once",
     .command = "tcp-backlog 4096 in redis.conf; then restart the server"},
    {.setting = "maxclients",
     .judge = [](const ServerSettings& s) { return WellIf(s.Number("maxclients") >= 1000); },
     .right = "10000",
     .why = "connections beyond it are refused",
     .command = "CONFIG SET maxclients 10000"},
});

}  // namespace

std::span<const SettingRule> RedisRules() { return kRules; }

void AddRedisInfo(std::string_view info, ServerSettings* settings) {
  for (const std::string_view name :
       {"maxmemory", "total_system_memory", "used_memory", "rdb_last_bgsave_status",
        "latest_fork_usec", "mem_fragmentation_ratio"}) {
    if (std::string value = InfoValue(info, name); !value.empty())
      settings->values.emplace(name, std::move(value));
  }
}

}  // namespace mbench
