// SPDX-License-Identifier: Apache-2.0
#include "harness/cmd/command_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "reports/text/columns.h"

namespace mbench {
namespace {

constexpr auto kCommands = std::to_array<Command>({
    {"run", "Run a workload file or a URL: load, warm up, measure, store, judge",
     "mbench run http://127.0.0.1:8080/ -c 100 -d 30s", AddRun},
    {"check", "Validate a workload file and draw its load; runs nothing",
     "mbench check workloads/spike.yaml", AddCheck},
    {"init", "A workload file to begin with, for a driver or a profile of load",
     "mbench init redis > redis.yaml", AddInit},
    {"diff", "Compare two workloads, two settings or stored results",
     "mbench diff a.yaml --vs driver.cache=64MiB", AddDiff},
    {"find", "The highest rate at which all objectives hold, with its interval",
     "mbench find a.yaml --slo 'p99 < 5ms' --budget 15m", AddFind},
    {"history", "Where in a row of stored runs something changed", "mbench history results/*",
     AddHistory},
    {"report", "Show a stored result again", "mbench report results/a results/b -o page.html",
     AddReport},
    {"export", "Stored results as tables for other programs: CSV, JSON, SQLite",
     "mbench export results/* --to sqlite -o results.db", AddExport},
    {"gate", "Slower than a baseline? A verdict for CI",
     "mbench gate a.yaml --baseline main --junit gate.xml", AddGate},
    {"bisect", "Which commit made it slower",
     "mbench bisect a.yaml v1.4 main --start ./restart.sh -- make -j4", AddBisect},
    {"baseline", "Results with a name, to hold others against",
     "mbench baseline save main results/*", AddBaseline},
    {"calibrate", "How much this host varies, and what it can tell apart",
     "mbench calibrate a.yaml", AddCalibrate},
    {"ycsb", "Run YCSB property files as they are",
     "mbench ycsb -P workloada -p recordcount=100000", AddYcsb},
    {"drivers", "What can be driven, and with which options", "mbench drivers redis", AddDrivers},
    {"doctor", "Whether this host is fit to measure, and how a server is set up",
     "mbench doctor redis://127.0.0.1", AddDoctor},
    {"schema", "What a workload file may hold, as JSON schema for editors",
     "mbench schema > workload.json", AddSchema},
    {"completion", "What a shell needs to complete commands and options",
     "eval \"$(mbench completion bash)\"", AddCompletion},
});

}  // namespace

std::span<const Command> AllCommands() { return kCommands; }

std::vector<std::string_view> CommandNames() {
  std::vector<std::string_view> names;
  for (const Command& command : kCommands) names.emplace_back(command.name);
  return names;
}

std::string ListCommands(std::size_t width) {
  constexpr std::size_t kIndent = 13;
  width = width == 0 ? kTextWidth : std::min(width, kTextWidth);
  std::string text = Wrap(
                         "Load tests and benchmarks of stores, queues and services, with numbers "
                         "that can be defended.",
                         width, 0) +
                     "\n\n";
  for (const Command& command : kCommands) {
    text += "  " + Wrap(fmt::format("{:<10} {}", command.name, command.about), width - 2, kIndent) +
            "\n";
    text += fmt::format("{:{}}$ {}\n", "", kIndent, command.example);
  }
  return text + "\n" +
         Wrap(
             "mbench help COMMAND, or COMMAND --help, says all about one; mbench --version is the "
             "version.",
             width, 0) +
         "\n";
}

}  // namespace mbench
