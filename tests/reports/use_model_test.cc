// SPDX-License-Identifier: Apache-2.0
//
// What two probes of a search used of each resource, in the table, the sentence and the JSON.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "reports/json/run_json.h"
#include "reports/json/search_json.h"
#include "reports/model/capacity_use.h"
#include "reports/model/run_findings.h"
#include "reports/text/capacity_table.h"
#include "reports/text/run_table.h"
#include "tests/reports/shown_search.h"

namespace mbench {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Figures = std::map<std::string, double>;

// A run of ten seconds in which the figures were the same in every one of them.
PageRun RunWith(const Figures& host, const Figures& system = {}) {
  RunResult result;
  result.op_names = {"read"};
  result.planned_length = result.measured_length = 10 * kSecond;
  result.provenance.memory_bytes = 1000;
  result.provenance.cores = 4;
  result.total.host.client_cpu_s = 4;
  result.total.host.busy = 0.3;
  PageRunMaker maker;
  maker.OnHead(result);
  for (Ticks at = 0; at < result.planned_length; at += kSecond) {
    Interval second{.begin = at, .end = at + kSecond};
    second.ops.resize(1);
    second.host.figures = host;
    second.system = system;
    maker.OnSecond(MakeSeriesPoint(second));
    maker.OnInterval(second);
  }
  return maker.Finish(std::move(result));
}

// The probe at the capacity is the fifth of ShownSearch, that at half of it the second.
CapacitySource SearchWith(PageRun half, PageRun at) {
  CapacitySource source{.version = "0.1.0", .search = ShownSearch(), .place = {}, .runs = {}};
  source.runs.emplace(1, std::move(half));
  source.runs.emplace(4, std::move(at));
  return source;
}

const UseLine& LineOf(const UseComparison& use, const std::string& name) {
  static const UseLine none;
  const auto line = std::ranges::find(use.lines, name, &UseLine::name);
  EXPECT_NE(line, use.lines.end()) << name;
  return line == use.lines.end() ? none : *line;
}

std::string Cell(const UseComparison& use, const std::string& name, std::size_t column,
                 UseAspect aspect) {
  return UseText(LineOf(use, name).by_column.at(column).at(static_cast<std::size_t>(aspect)));
}

TEST(Use, StandsAtHalfOfTheCapacityAndAtIt) {
  const UseComparison use = UsesOfSearch(SearchWith(
      RunWith({{"cpu_fraction", 0.3}, {"memory_used_bytes", 250}, {"running_threads", 0.25}}),
      RunWith({{"cpu_fraction", 0.9}, {"memory_used_bytes", 500}, {"running_threads", 3}})));
  ASSERT_EQ(use.columns.size(), 2U);
  EXPECT_EQ(use.columns[0].load, "40.0k/s");
  EXPECT_EQ(use.columns[1].load, "82.9k/s");
  EXPECT_EQ(Cell(use, "the CPU of this host", 0, UseAspect::kUtilisation), "30.00%");
  EXPECT_EQ(Cell(use, "the CPU of this host", 1, UseAspect::kUtilisation), "90.00%");
  EXPECT_EQ(Cell(use, "of that, by mbench", 1, UseAspect::kUtilisation), "10.00%");
  EXPECT_EQ(Cell(use, "the memory of this host", 1, UseAspect::kUtilisation), "50.00%");
  const std::string queue = "threads that run or wait for a core";
  EXPECT_EQ(Cell(use, queue, 0, UseAspect::kSaturation), "0.25") << "and not 0";
  EXPECT_EQ(Cell(use, queue, 1, UseAspect::kSaturation), "3");
}

TEST(Use, WhatWasNotObservedIsNotNought) {
  const UseComparison use =
      UsesOfSearch(SearchWith(RunWith({}), RunWith({{"disk_busy_fraction", 0}})));
  const std::string disk = "the busiest disk of this host";
  EXPECT_EQ(Cell(use, disk, 0, UseAspect::kUtilisation), "-");
  EXPECT_EQ(Cell(use, disk, 1, UseAspect::kUtilisation), "0.00%") << "it was, and it was idle";
  EXPECT_EQ(Cell(use, disk, 1, UseAspect::kSaturation), "-");
  EXPECT_EQ(std::ranges::find(use.lines, "the network of this host", &UseLine::name),
            use.lines.end())
      << "of which nothing is known";
  const auto json = nlohmann::json::parse(RenderSearchJson(ShownSearch(), use));
  for (const auto& resource : json["use"]["resources"]) {
    if (resource["name"] != disk) continue;
    EXPECT_TRUE(resource["half"].empty());
    EXPECT_EQ(resource["capacity"], nlohmann::json({{"utilisation_fraction", 0.0}}));
  }
}

TEST(Use, TheFirstThatSaturatesIsNamed) {
  PageRun half = RunWith({{"cpu_fraction", 0.2}}), at = RunWith({{"cpu_fraction", 0.45}});
  for (auto& [run, fraction] : {std::pair{&half, 0.48}, {&at, 0.97}}) {
    run->result.cpu = {.span = 10 * kSecond, .system = fraction / 4, .place = SystemPlace::kHere};
    run->result.cpu.system_names = {"redis-server"};
    run->result.cpu.system_thread = {.name = "redis-server", .fraction = fraction};
  }
  const CapacitySource source = SearchWith(std::move(half), std::move(at));
  const UseComparison use = UsesOfSearch(source);
  EXPECT_EQ(use.first, "the busiest thread of redis-server");
  EXPECT_THAT(use.sentence,
              HasSubstr("First to saturate is the busiest thread of redis-server: 97.00% of it in "
                        "use at 82.9k/s, 48.00% at 40.0k/s. Above, at 85.5k/s: p99 is 7.20ms."));
  EXPECT_TRUE(LineOf(use, use.first).saturated);
  // The same in the terminal and in the JSON.
  const std::string table = RenderCapacityTable(source.search, use, {});
  EXPECT_THAT(table, HasSubstr("\nLIMIT     First to saturate is the busiest thread of redis-"));
  EXPECT_THAT(table, testing::ContainsRegex(
                         "\nthe busiest thread of redis-server +48.00% +- +- +97.00% +- +-\n"));
  const auto json = nlohmann::json::parse(RenderSearchJson(source.search, use));
  EXPECT_EQ(json["use"]["first"], use.first);
  EXPECT_EQ(json["use"]["sentence"], use.sentence);
  EXPECT_EQ(json["use"]["levels"]["capacity"], 82'900);
}

TEST(Use, WhereNothingIsNearItsLimitWhatWaitsIsNamed) {
  const Figures half = {{"sessions_waiting_for_locks", 0.1}, {"sessions_active", 20}};
  const Figures at = {{"sessions_waiting_for_locks", 7.5}, {"sessions_active", 30}};
  const UseComparison use = UsesOfSearch(SearchWith(RunWith({}, half), RunWith({}, at)));
  EXPECT_EQ(use.first, "");
  EXPECT_THAT(use.sentence, HasSubstr("Nothing that was observed is near its limit"));
  EXPECT_THAT(use.sentence, HasSubstr("system: locks, 7.50, 0.10 at 40.0k/s"));
}

TEST(Use, LimitsOfASystemAreItsFiguresOrItsSettings) {
  const FigureLines lines = {{"memory_used_bytes", {75, 75}},
                             {"memory_limit_bytes", {100, 100}},
                             {"clients", {50, 50}},
                             {"hit_fraction", {0.9, 0.7}},
                             {"queued_readers", {1, 3}},
                             {"queued_writers", {2, 2}},
                             {"other.memory_used_bytes", {5, 5}},
                             {"other.memory_limit_bytes", {0, 0}}};
  const std::vector<UseResource> uses = UsesOfFigures(lines, {{"maxclients", "200"}});
  std::map<std::string, std::string> texts;
  for (const UseResource& use : uses)
    texts[use.name] =
        UseText(use.Of(UseAspect::kUtilisation)) + " " + UseText(use.Of(UseAspect::kSaturation));
  EXPECT_EQ(texts["system: memory"], "75.00% -");
  EXPECT_EQ(texts["system: connections"], "25.00% -");
  EXPECT_EQ(texts["system: misses of the cache"], "- 20.00%");
  EXPECT_EQ(texts["system: locks"], "- 4") << "readers and writers together";
  EXPECT_EQ(texts["other: memory"], "5 B -") << "a limit of 0 is none";
}

// From 1 to 100 clients in a hundred seconds, with as much of the CPU in use.
PageRun Ramp(bool says_figures) {
  RunResult result;
  result.op_names = {"read"};
  result.planned_length = result.measured_length = 100 * kSecond;
  result.provenance.plan_json =
      R"({"load": {"stages": [{"profile": "ramp", "over_s": 100, "from": 0, "to": 100}]}})";
  result.total.host.busy = 0.3;
  PageRunMaker maker;
  maker.OnHead(result);
  for (int at_s = 0; at_s < 100; ++at_s) {
    Interval second{.begin = at_s * kSecond, .end = (at_s + 1) * kSecond};
    second.ops.resize(1);
    second.ops[0].response[0].Record(kMillisecond);
    second.planned_level = at_s + 1;
    if (says_figures) second.host.figures["cpu_fraction"] = (at_s + 1) / 100.0;
    maker.OnSecond(MakeSeriesPoint(second));
    maker.OnInterval(second);
  }
  return maker.Finish(std::move(result));
}

TEST(Use, OfARampIsAtItsHighestLoadAndAtHalfOfIt) {
  const PageRun run = Ramp(true);
  const RunFindings found = FindIn(run);
  ASSERT_EQ(found.use.columns.size(), 2U);
  EXPECT_EQ(found.use.columns[1].name, "highest");
  EXPECT_EQ(found.use.columns[1].load, "100 clients");
  EXPECT_EQ(Cell(found.use, "the CPU of this host", 0, UseAspect::kUtilisation), "50.00%");
  EXPECT_EQ(Cell(found.use, "the CPU of this host", 1, UseAspect::kUtilisation), "97.50%");
  EXPECT_EQ(std::ranges::find(found.use.lines, "the busiest worker of the load generator",
                              &UseLine::name),
            found.use.lines.end())
      << "which is known of the whole run only";
  EXPECT_THAT(
      RenderRunTable(run.result, {}, found),
      HasSubstr("\nlimit     First to saturate is the CPU of this host: 97.50% of it in use "
                "at 100 clients,"));
  const auto json = nlohmann::json::parse(RenderRunJson(run.result, found));
  EXPECT_EQ(json["use"]["first"], "the CPU of this host");
  EXPECT_EQ(json["use"]["levels"]["half"], 50);
  EXPECT_TRUE(FindIn(Ramp(false)).use.columns.empty());
}

TEST(Use, OfASearchWithoutACapacityNothingIsSaid) {
  CapacityResult search = ShownSearch();
  search.capacity = {};
  const UseComparison use =
      UsesOfSearch({.version = "", .search = search, .place = {}, .runs = {}});
  EXPECT_THAT(RenderCapacityTable(search, use, {}), Not(HasSubstr("LIMIT")));
  EXPECT_FALSE(nlohmann::json::parse(RenderSearchJson(search, use)).contains("use"));
}

}  // namespace
}  // namespace mbench
