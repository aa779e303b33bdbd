// SPDX-License-Identifier: Apache-2.0
#include "drivers/mongodb/advice.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "drivers/mongodb/bson_template.h"

namespace mbench::mongodb {
namespace {

constexpr std::size_t kMostWarnings = 8;
constexpr double kMiB = 1 << 20;

// Half of the memory less 1 GiB is what it takes by itself.
FindingState JudgeCache(const ServerSettings& settings) {
  const double part = settings.OfMemory("cache");
  return WellIf(part == 0 || (part >= 0.25 && part <= 0.7));
}

constexpr auto kRules = std::to_array<SettingRule>({
    {.setting = "cache",
     .judge = JudgeCache,
     .right = "about half of the memory",
     .why = "what is not in it is read and decompressed; far more takes the kernel's own cache",
     .command = "storage.wiredTiger.engineConfig.cacheSizeGB in mongod.conf; then restart",
     .show = [](const ServerSettings& s) { return s.OfMemoryText("cache"); }},
    {.setting = "read tickets",
     .judge = [](const ServerSettings& s) { return WellIf(s.Number("read tickets") > 0); },
     .right = "some that are free",
     .why = "reads queue inside of the server while there is none",
     .command = "less load, or a faster disk",
     .show = [](const ServerSettings& s) { return s.Text("read tickets") + " free"; },
     .is_optional = true},
    {.setting = "write tickets",
     .judge = [](const ServerSettings& s) { return WellIf(s.Number("write tickets") > 0); },
     .right = "some that are free",
     .why = "writes queue inside of the server while there is none",
     .command = "less load, or a faster disk",
     .show = [](const ServerSettings& s) { return s.Text("write tickets") + " free"; },
     .is_optional = true},
    {.setting = "replica set",
     .judge =
         [](const ServerSettings& s) {
           return WellIf(s.Text("replica set") != "none", FindingState::kMind);
         },
     .right = "one, as in production",
     .why = "alone it does neither wait for others nor write what they would need",
     .command = "replication.replSetName in mongod.conf, restart, rs.initiate()"},
    {.setting = "unhealthy members",
     .judge = [](const ServerSettings& s) { return WellIf(s.Number("unhealthy members") == 0); },
     .right = "0",
     .why = "writes with majority wait for fewer, and a failover may find no primary",
     .command = "rs.status()",
     .is_optional = true},
    {.setting = "replication lag",
     .judge = [](const ServerSettings& s) { return WellIf(s.Number("replication lag") <= 10); },
     .right = "10 s or less",
     .why = "a secondary that catches up takes disk and network, and flow control slows writes",
     .command = "rs.printSecondaryReplicationInfo()",
     .show = [](const ServerSettings& s) { return s.Text("replication lag") + " s"; },
     .is_optional = true},
    {.setting = "default write concern",
     .judge =
         [](const ServerSettings& s) {
           return WellIf(s.Text("default write concern") == "majority", FindingState::kMind);
         },
     .right = "majority, as in production",
     .why = "with less, acknowledged writes may be lost in a failover: faster, and another promise",
     .command = "setDefaultRWConcern with defaultWriteConcern: {w: \"majority\"}",
     .is_optional = true},
});

bool Find(const bson_t& reply, std::string_view path, bson_iter_t* found) {
  bson_iter_t iter;
  return bson_iter_init(&iter, &reply) &&
         bson_iter_find_descendant(&iter, std::string(path).c_str(), found);
}

std::optional<double> NumberAt(const bson_t& reply, std::string_view path) {
  bson_iter_t found;
  if (!Find(reply, path, &found) || !BSON_ITER_HOLDS_NUMBER(&found)) return std::nullopt;
  return BSON_ITER_HOLDS_DOUBLE(&found) ? bson_iter_double(&found)
                                        : static_cast<double>(bson_iter_as_int64(&found));
}

// The first of these paths that is there: names differ between versions.
void TakeNumber(const bson_t& reply, std::initializer_list<std::string_view> paths,
                std::string_view name, ServerSettings* settings) {
  for (const std::string_view path : paths) {
    if (const auto value = NumberAt(reply, path); value) {
      settings->values.emplace(name, fmt::format("{:.0f}", *value));
      return;
    }
  }
}

void AskStatus(Admin* admin, ServerSettings* settings) {
  const auto status = admin->Ask("admin", R"({"serverStatus": 1, "metrics": 0, "locks": 0})");
  if (!status) return;
  TakeNumber(**status, {"wiredTiger.cache.maximum bytes configured"}, "cache", settings);
  TakeNumber(
      **status,
      {"queues.execution.read.available", "wiredTiger.concurrentTransactions.read.available"},
      "read tickets", settings);
  TakeNumber(
      **status,
      {"queues.execution.write.available", "wiredTiger.concurrentTransactions.write.available"},
      "write tickets", settings);
}

// Its members, by what it says of them: primary, secondary and arbiter (1, 2 and 7) do their work.
void ReadMembers(const bson_t& status, ServerSettings* settings) {
  bson_iter_t at, member, field;
  if (!Find(status, "members", &at) || !bson_iter_recurse(&at, &member)) return;
  std::int64_t primary = 0, slowest = INT64_MAX;
  int unhealthy = 0;
  while (bson_iter_next(&member)) {
    std::int64_t state = 0, applied = 0;
    if (!bson_iter_recurse(&member, &field)) continue;
    while (bson_iter_next(&field)) {
      const std::string_view key = bson_iter_key(&field);
      if (key == "state") state = bson_iter_as_int64(&field);
      if (key == "optimeDate" && BSON_ITER_HOLDS_DATE_TIME(&field))
        applied = bson_iter_date_time(&field);
    }
    if (state != 1 && state != 2 && state != 7) ++unhealthy;
    if (state == 1) primary = applied;
    if (state == 2) slowest = std::min(slowest, applied);
  }
  settings->values["unhealthy members"] = std::to_string(unhealthy);
  if (primary != 0 && slowest != INT64_MAX)
    settings->values["replication lag"] =
        std::to_string(std::max<std::int64_t>(0, primary - slowest) / 1000);
}

void AskReplicas(Admin* admin, ServerSettings* settings) {
  const auto status = admin->Ask("admin", R"({"replSetGetStatus": 1})");
  bson_iter_t found;
  if (!status) {
    // "not running with --replSet"; who may not ask is told something else.
    if (status.error().message.find("--replSet") != std::string::npos)
      settings->values["replica set"] = "none";
    return;
  }
  if (Find(**status, "set", &found) && BSON_ITER_HOLDS_UTF8(&found))
    settings->values["replica set"] = bson_iter_utf8(&found, nullptr);
  ReadMembers(**status, settings);
  const auto concern = admin->Ask("admin", R"({"getDefaultRWConcern": 1})");
  if (!concern || !Find(**concern, "defaultWriteConcern.w", &found)) return;
  settings->values["default write concern"] = BSON_ITER_HOLDS_UTF8(&found)
                                                  ? std::string(bson_iter_utf8(&found, nullptr))
                                                  : std::to_string(bson_iter_as_int64(&found));
}

void AskWarnings(Admin* admin, std::vector<Finding>* findings) {
  const auto log = admin->Ask("admin", R"({"getLog": "startupWarnings"})");
  bson_iter_t at, line;
  if (!log || !Find(**log, "log", &at) || !bson_iter_recurse(&at, &line)) return;
  for (std::size_t shown = 0; bson_iter_next(&line) && shown < kMostWarnings; ++shown)
    if (BSON_ITER_HOLDS_UTF8(&line))
      findings->push_back(StartupWarning(bson_iter_utf8(&line, nullptr)));
}

}  // namespace

std::span<const SettingRule> SettingRules() { return kRules; }

Finding StartupWarning(std::string_view line) {
  Finding finding{.name = "startup warning",
                  .state = FindingState::kChange,
                  .is = std::string(line),
                  .right = "none",
                  .why = "the server itself says so",
                  .command = "the page on operations in its production notes says how"};
  const Json json = Json::parse(line, nullptr, false);
  if (!json.is_object() || !json.contains("msg") || !json["msg"].is_string()) return finding;
  finding.is = json["msg"].get<std::string>();
  // {"sysfsFile": "/sys/...", "currentValue": "madvise", "desiredValue": "defer+madvise"}
  const Json attributes = json.value("attr", Json::object());
  if (!attributes.is_object()) return finding;
  for (const auto& [name, value] : attributes.items())
    if (value.is_primitive())
      finding.is +=
          fmt::format("; {} {}", name, value.is_string() ? value.get<std::string>() : value.dump());
  return finding;
}

std::vector<Finding> AdviseOn(Admin* admin, std::uint64_t memory_bytes) {
  const auto hello = admin->Ask("admin", R"({"isMaster": 1})");
  if (!hello) return NoAnswer(hello.error().message);
  ServerSettings settings{.memory_bytes = memory_bytes};
  const bool elsewhere = memory_bytes == 0;
  if (elsewhere) {
    const auto host = admin->Ask("admin", R"({"hostInfo": 1})");
    if (host)
      settings.memory_bytes =
          static_cast<std::uint64_t>(NumberAt(**host, "system.memSizeMB").value_or(0) * kMiB);
  }
  AskStatus(admin, &settings);
  AskReplicas(admin, &settings);
  std::vector<Finding> findings = JudgeSettings(kRules, settings);
  AskWarnings(admin, &findings);
  if (elsewhere) findings.push_back(HugePagesElsewhere());
  return findings;
}

}  // namespace mbench::mongodb
