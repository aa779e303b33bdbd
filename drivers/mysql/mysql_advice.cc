// SPDX-License-Identifier: Apache-2.0
#include "drivers/mysql/mysql_advice.h"

#include <array>

namespace mbench::mysql {
namespace {

constexpr double kMiB = 1 << 20;

// 128 MiB is what it comes with, whatever the host has.
FindingState JudgeBufferPool(const ServerSettings& settings) {
  const double part = settings.OfMemory("innodb_buffer_pool_size");
  if (part == 0) return WellIf(settings.Number("innodb_buffer_pool_size") > 128 * kMiB);
  return WellIf(part >= 0.25 && part <= 0.85);
}

// Without a binary log there is nothing to bring to the disk.
FindingState JudgeSyncBinlog(const ServerSettings& settings) {
  const bool is_off = settings.Text("log_bin") == "OFF";
  return WellIf(is_off || settings.Text("sync_binlog") == "1", FindingState::kMind);
}

std::string ShowSyncBinlog(const ServerSettings& settings) {
  const bool is_off = settings.Text("log_bin") == "OFF";
  return settings.Text("sync_binlog") + (is_off ? ", and there is no binary log" : "");
}

bool IsOff(const ServerSettings& settings, std::string_view name) {
  const std::string text = settings.Text(name);
  return text == "OFF" || text == "0";
}

constexpr auto kRules = std::to_array<SettingRule>({
    {.setting = "innodb_buffer_pool_size",
     .judge = JudgeBufferPool,
     .right = "50 to 80 % of the memory of a host of its own",
     .why = "what is not in it is read from the disk",
     .command = "SET GLOBAL innodb_buffer_pool_size = 8589934592, and the same in my.cnf",
     .show = [](const ServerSettings& s) { return s.OfMemoryText("innodb_buffer_pool_size"); }},
    {.setting = "innodb_flush_log_at_trx_commit",
     .judge =
         [](const ServerSettings& s) {
           return WellIf(s.Text("innodb_flush_log_at_trx_commit") == "1", FindingState::kMind);
         },
     .right = "1, as in production",
     .why = "with 0 or 2 a second of acknowledged commits may be lost in a crash: faster, and "
            "another promise",
     .command = "SET GLOBAL innodb_flush_log_at_trx_commit = 1"},
    {.setting = "sync_binlog",
     .judge = JudgeSyncBinlog,
     .right = "1, where there is a binary log",
     .why = "with 0 the log that replicas and backups live by may lack acknowledged commits after "
            "a crash",
     .command = "SET GLOBAL sync_binlog = 1",
     .show = ShowSyncBinlog},
    {.setting = "innodb_redo_log_capacity",
     .judge =
         [](const ServerSettings& s) {
           return WellIf(s.Number("innodb_redo_log_capacity") >= 1024 * kMiB);
         },
     .right = "1 GiB or more",
     .why = "a log that is soon full makes writers wait until pages are flushed",
     .command = "SET GLOBAL innodb_redo_log_capacity = 4294967296",
     .show = [](const ServerSettings& s) { return s.Bytes("innodb_redo_log_capacity"); },
     .is_optional = true},
    {.setting = "innodb_log_file_size",
     .judge =
         [](const ServerSettings& s) {
           return WellIf(s.Has("innodb_redo_log_capacity") ||
                         s.Number("innodb_log_file_size") >= 512 * kMiB);
         },
     .right = "512 MiB or more",
     .why = "a log that is soon full makes writers wait until pages are flushed",
     .command = "innodb_log_file_size = 2G in my.cnf; then restart the server",
     .show = [](const ServerSettings& s) { return s.Bytes("innodb_log_file_size"); },
     .is_optional = true},
    {.setting = "innodb_flush_method",
     .judge =
         [](const ServerSettings& s) {
           return WellIf(s.Text("innodb_flush_method").starts_with("O_DIRECT"));
         },
     .right = "O_DIRECT",
     .why = "else pages lie in the buffer pool and in the kernel's cache, and push each other out",
     .command = "innodb_flush_method = O_DIRECT in my.cnf; then restart the server",
     .is_optional = true},
    {.setting = "innodb_io_capacity",
     .judge =
         [](const ServerSettings& s) {
           return WellIf(s.Number("innodb_io_capacity") >= 1000, FindingState::kMind);
         },
     .right = "1000 or more on SSDs",
     .why = "200 is for disks that turn; dirty pages gather until they are flushed in a wave",
     .command = "SET GLOBAL innodb_io_capacity = 2000"},
    {.setting = "innodb_doublewrite",
     .judge =
         [](const ServerSettings& s) {
           return WellIf(!IsOff(s, "innodb_doublewrite"), FindingState::kMind);
         },
     .right = "ON, as in production",
     .why = "without it a page that was half written in a crash stays damaged",
     .command = "innodb_doublewrite = ON in my.cnf; then restart the server"},
    {.setting = "query_cache_type",
     .judge = [](const ServerSettings& s) { return WellIf(IsOff(s, "query_cache_type")); },
     .right = "OFF",
     .why = "every statement takes its one lock, and repeated reads never reach a table",
     .command = "SET GLOBAL query_cache_type = OFF",
     .is_optional = true},
    {.setting = "skip_name_resolve",
     .judge =
         [](const ServerSettings& s) {
           return WellIf(!IsOff(s, "skip_name_resolve"), FindingState::kMind);
         },
     .right = "ON",
     .why = "a new connection waits for the name of its address",
     .command = "skip_name_resolve = ON in my.cnf; then restart the server"},
    {.setting = "max_connections",
     .judge =
         [](const ServerSettings& s) {
           return WellIf(s.Number("max_connections") <= 2000, FindingState::kMind);
         },
     .right = "those of the run and some for you, at most some hundred",
     .why = "each connection is a thread; far more of them than cores take turns instead of work",
     .command = "SET GLOBAL max_connections = 500"},
});

}  // namespace

std::span<const SettingRule> SettingRules() { return kRules; }

}  // namespace mbench::mysql
