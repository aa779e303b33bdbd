// SPDX-License-Identifier: Apache-2.0
#include "drivers/postgres/advice.h"

#include <fmt/format.h>

#include <array>

#include "harness/base/text.h"

namespace mbench::postgres {
namespace {

constexpr double kMiB = 1 << 20;
constexpr double kGiB = 1 << 30;

// 128 MB is what it comes with, whatever the host has.
FindingState JudgeSharedBuffers(const ServerSettings& settings) {
  const double part = settings.OfMemory("shared_buffers");
  if (part == 0) return WellIf(settings.Number("shared_buffers") > 128 * kMiB);
  return WellIf(part >= 0.15 && part <= 0.45);
}

FindingState JudgeCacheSize(const ServerSettings& settings) {
  const double part = settings.OfMemory("effective_cache_size");
  return WellIf(part == 0 || (part >= 0.4 && part <= 1), FindingState::kMind);
}

constexpr auto kRules = std::to_array<SettingRule>({
    {.setting = "shared_buffers",
     .judge = JudgeSharedBuffers,
     .right = "a quarter of the memory",
     .why = "what is not in it is copied from the kernel's cache or read from the disk",
     .command = "ALTER SYSTEM SET shared_buffers = '4GB'; then restart the server",
     .show = [](const ServerSettings& s) { return s.OfMemoryText("shared_buffers"); }},
    {.setting = "effective_cache_size",
     .judge = JudgeCacheSize,
     .right = "half of the memory or more",
     .why = "the planner takes an index the less, the less it believes to be cached",
     .command = "ALTER SYSTEM SET effective_cache_size = '12GB'; SELECT pg_reload_conf()",
     .show = [](const ServerSettings& s) { return s.OfMemoryText("effective_cache_size"); }},
    {.setting = "random_page_cost",
     .judge = [](const ServerSettings& s) { return WellIf(s.Number("random_page_cost") <= 2); },
     .right = "1.1 on SSDs",
     .why = "4 is for disks that turn, and makes plans that read whole tables",
     .command = "ALTER SYSTEM SET random_page_cost = 1.1; SELECT pg_reload_conf()"},
    {.setting = "autovacuum",
     .judge = [](const ServerSettings& s) { return WellIf(s.Text("autovacuum") == "on"); },
     .right = "on",
     .why = "dead rows stay, tables and indexes grow, and updates get slower by the hour",
     .command = "ALTER SYSTEM SET autovacuum = on; SELECT pg_reload_conf()"},
    {.setting = "max_wal_size",
     .judge = [](const ServerSettings& s) { return WellIf(s.Number("max_wal_size") >= 4 * kGiB); },
     .right = "4 GiB or more",
     .why = "under writes, checkpoints come as often as it is full, each with a wave of the disk "
            "and whole pages in the log",
     .command = "ALTER SYSTEM SET max_wal_size = '8GB'; SELECT pg_reload_conf()",
     .show = [](const ServerSettings& s) { return s.Bytes("max_wal_size"); }},
    {.setting = "checkpoint_timeout",
     .judge = [](const ServerSettings& s) { return WellIf(s.Number("checkpoint_timeout") >= 300); },
     .right = "5 to 30 minutes",
     .why = "every checkpoint makes the first change of a page log all of it",
     .command = "ALTER SYSTEM SET checkpoint_timeout = '15min'; SELECT pg_reload_conf()",
     .show = [](const ServerSettings& s) { return s.Text("checkpoint_timeout") + " s"; }},
    {.setting = "checkpoint_completion_target",
     .judge =
         [](const ServerSettings& s) {
           return WellIf(s.Number("checkpoint_completion_target") >= 0.8);
         },
     .right = "0.9",
     .why = "a checkpoint that is written at once is seen as a stall",
     .command = "ALTER SYSTEM SET checkpoint_completion_target = 0.9; SELECT pg_reload_conf()"},
    {.setting = "synchronous_commit",
     .judge =
         [](const ServerSettings& s) {
           return WellIf(s.Text("synchronous_commit") != "off", FindingState::kMind);
         },
     .right = "on, as in production",
     .why = "with off, commits that were acknowledged may be lost in a crash: faster, and another "
            "promise",
     .command = "ALTER SYSTEM SET synchronous_commit = on; SELECT pg_reload_conf()"},
    {.setting = "fsync",
     .judge = [](const ServerSettings& s) { return WellIf(s.Text("fsync") == "on"); },
     .right = "on",
     .why = "without it a crash damages the database, and the disk is not measured",
     .command = "ALTER SYSTEM SET fsync = on; SELECT pg_reload_conf()"},
    {.setting = "full_page_writes",
     .judge = [](const ServerSettings& s) { return WellIf(s.Text("full_page_writes") == "on"); },
     .right = "on",
     .why = "without it a page that was half written in a crash stays damaged",
     .command = "ALTER SYSTEM SET full_page_writes = on; SELECT pg_reload_conf()"},
    {.setting = "max_connections",
     .judge =
         [](const ServerSettings& s) {
           return WellIf(s.Number("max_connections") <= 500, FindingState::kMind);
         },
     .right = "a few hundred, with a pool in front",
     .why = "each connection is a process; far more of them than cores take turns instead of work",
     .command = "ALTER SYSTEM SET max_connections = 200; then restart the server"},
});

}  // namespace

std::span<const SettingRule> SettingRules() { return kRules; }

std::string SettingsQuery() {
  std::string names;
  for (const SettingRule& rule : kRules)
    names += fmt::format("{}'{}'", names.empty() ? "" : ", ", rule.setting);
  return fmt::format(
      "SELECT string_agg(name || ' ' || CASE WHEN unit LIKE '%B' AND setting NOT LIKE '-%' "
      "THEN pg_size_bytes(current_setting(name))::text ELSE setting END, E'\\n') "
      "FROM pg_settings WHERE name IN ({})",
      names);
}

ServerSettings ReadSettings(std::string_view lines, std::uint64_t memory_bytes) {
  ServerSettings settings{.memory_bytes = memory_bytes};
  for (const std::string_view line : Split(lines, '\n')) {
    const std::size_t blank = line.find(' ');
    if (blank == std::string_view::npos) continue;
    settings.values.emplace(line.substr(0, blank), line.substr(blank + 1));
  }
  return settings;
}

}  // namespace mbench::postgres
