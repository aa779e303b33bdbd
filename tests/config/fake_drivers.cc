// SPDX-License-Identifier: Apache-2.0
#include "tests/config/fake_drivers.h"

#include <array>
#include <map>

namespace mbench {
namespace {

constexpr std::array<OptionSpec, 9> kStoreOptions = {{
    {.name = "path",
     .type = OptionType::kPath,
     .fallback = "",
     .help = "Folder of the store.",
     .required = true},
    {.name = "cache", .type = OptionType::kBytes, .fallback = "64MiB", .help = "Block cache."},
    {.name = "bloom_bits", .type = OptionType::kCount, .fallback = "10", .help = "Bits a key."},
    {.name = "flush",
     .type = OptionType::kDuration,
     .fallback = "1s",
     .help = "Between two flushes."},
    {.name = "fill",
     .type = OptionType::kFraction,
     .fallback = "50%",
     .help = "Part of the cache that is filled."},
    {.name = "sync", .type = OptionType::kFlag, .fallback = "false", .help = "Wait for the disk."},
    {.name = "compression",
     .type = OptionType::kChoice,
     .fallback = "none",
     .help = "Of blocks.",
     .choices = "none|snappy|lz4|zstd"},
    {.name = "note", .type = OptionType::kText, .fallback = "", .help = "Anything."},
    {.name = "uri", .type = OptionType::kText, .fallback = "", .help = "Address."},
}};

constexpr std::array<OptionSpec, 2> kServerOptions = {{
    {.name = "host",
     .type = OptionType::kText,
     .fallback = "localhost",
     .help = "Where it listens."},
    {.name = "password",
     .type = OptionType::kText,
     .fallback = "",
     .help = "Of the user.",
     .secret = true},
}};

constexpr std::array<OptionSpec, 2> kUrlOptions = {{
    {.name = "url", .type = OptionType::kText, .fallback = "", .help = "Address."},
    {.name = "password",
     .type = OptionType::kText,
     .fallback = "",
     .help = "Of the user.",
     .secret = true},
}};

// One that answers requests and keeps to itself; one that is only looked at.
constexpr std::array<WordSpec, 1> kAskWords = {
    {{.name = "ask", .type = WordType::kTemplate, .help = "a question", .is_head = true}}};
constexpr DriverLanguage kAsked = {.verbs = false, .words = kAskWords, .verifies_reads = false};
constexpr DriverLanguage kGauge = {.verbs = false, .observes = true, .verifies_reads = false};

std::vector<DriverOptions> FakeDrivers() {
  return {
      {"noop", {}, ""},
      {"store", kStoreOptions, ""},
      {"server", kServerOptions, ""},
      {"asked", kServerOptions, "", &kAsked},
      {"gauge", kServerOptions, "", &kGauge},
      {"absent", {}, "needs libabsent-dev; install it and build again"},
  };
}

}  // namespace

ReadContext FakeYcsbContext() {
  ReadContext context = FakeContext();
  std::vector<DriverOptions> drivers = FakeDrivers();
  for (const std::string_view name : {"redis", "postgres", "mysql"})
    drivers.push_back({name, kUrlOptions, ""});
  context.SetDrivers(std::move(drivers));
  return context;
}

ReadContext FakeContext() {
  ReadContext context;
  context.SetDrivers(FakeDrivers());
  context.environment = [](const std::string& name) -> std::optional<std::string> {
    static const std::map<std::string, std::string> kVariables = {
        {"DATA", "/data/bench"}, {"EMPTY", ""},
        {"RATE", "5k/s"},        {"BRACES", "{use: x}"},
        {"WRONG", "abc"},        {"DB_PASSWORD", "correct horse"},
        {"SHORT_KEY", "ab"},     {"STORE_URI", "db://anna:s3cr3t@host/db"}};
    const auto found = kVariables.find(name);
    if (found == kVariables.end()) return std::nullopt;
    return found->second;
  };
  return context;
}

}  // namespace mbench
