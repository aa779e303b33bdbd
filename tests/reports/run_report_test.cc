// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "reports/json/run_json.h"
#include "reports/model/run_model.h"
#include "reports/text/columns.h"
#include "reports/text/run_table.h"
#include "tests/reports/golden.h"
#include "tests/reports/shown_runs.h"

namespace mbench {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(RunTable, OfAGoodRun) { ExpectGolden("good_run.txt", RenderRunTable(GoodRun(), {})); }
TEST(RunTable, OfAnOverloadedRun) {
  ExpectGolden("overloaded_run.txt", RenderRunTable(OverloadedRun(), {}));
}
TEST(RunTable, OfARunWithoutOps) {
  ExpectGolden("hostile_run.txt", RenderRunTable(HostileRun(), {}));
}
TEST(RunTable, PutsStepsAndLabelsUnderTheirOps) {
  ExpectGolden("statements_run.txt", RenderRunTable(StatementsRun(), {}));
}
TEST(RunTable, SaysWhatTheRunHasChangedAndWhatItCameTo) {
  RunResult run = GoodRun();
  run.provenance.system_facts = {{"orders documents", "950"},
                                 {"orders index_bytes", "4096"},
                                 {"orders indexes", "2"},
                                 {"storage engine", "wiredTiger"}};
  run.provenance.system_after = {{"events of orders", "90 writes acknowledged, 90 seen"},
                                 {"orders documents", "12950"},
                                 {"orders index_bytes", "1048576"},
                                 {"orders indexes", "2"}};
  run.total.host.figures = {{"cpu_fraction", 0.5}, {"disk_write_bytes_per_s", 2 << 20}};
  const std::string table = RenderRunTable(run, {});
  EXPECT_THAT(
      table,
      HasSubstr(
          "changed   orders documents 950 -> 12,950, orders index_bytes 4.00 KiB -> 1.00 MiB\n"));
  EXPECT_THAT(table, HasSubstr("events    of orders: 90 writes acknowledged, 90 seen\n"));
  EXPECT_THAT(table, HasSubstr("host      CPU 50.00%, written 2.00 MiB\n"));
  EXPECT_THAT(table, Not(HasSubstr("wiredTiger")));
  const auto json = nlohmann::json::parse(RenderRunJson(run));
  EXPECT_EQ(json["provenance"]["system_facts"]["orders documents"], "950");
  EXPECT_EQ(json["provenance"]["system_after"]["orders documents"], "12950");
  EXPECT_EQ(json["total"]["host"]["cpu_fraction"], 0.5);
}

TEST(RunTable, HasARowForEachOfSeveralSystems) {
  RunResult run = StatementsRun();
  run.systems = {{"cache", "redis", "Redis 7.0.15", {"get_product"}, {.known = true, .made = 8}},
                 {"primary", "postgres", "PostgreSQL 15.6", {"transfer"}, {}},
                 {"proxy", "haproxy", "HAProxy", {}, {}}};
  const std::string table = RenderRunTable(run, {});
  EXPECT_THAT(table, HasSubstr("3 systems, "));
  EXPECT_THAT(
      table,
      HasSubstr("\ncache     Redis 7.0.15: get_product; connections: 8 made, 0 of them lost\n"));
  EXPECT_THAT(table, HasSubstr("\nprimary   PostgreSQL 15.6: transfer\n"));
  EXPECT_THAT(table, HasSubstr("\nproxy     HAProxy: observed\n"));
  const RunModel model = MakeRunModel(run);
  ASSERT_EQ(model.systems.size(), 3u);
  EXPECT_EQ(model.systems[0].all.count.value, 90'000);
  EXPECT_EQ(model.systems[1].all.count.value, 10'000);
  EXPECT_EQ(model.systems[2].all.count.value, 0);
}

TEST(RunTable, SaysWhatWasFoundOfTheDataWhenTheRunWasOver) {
  RunResult run = GoodRun();
  run.checks = {
      {"acknowledged writes", "none lost", "none of 27,827 lost", true},
      {"fields and types", "none off",
       "12 of 54,654: bill missing in 3, bill string in 9, and much more of the same kind "
       "in other fields",
       false}};
  const std::string table = RenderRunTable(run, {});
  EXPECT_THAT(table,
              HasSubstr("check     acknowledged writes  none lost  pass    none of 27,827 lost\n"));
  EXPECT_THAT(table, HasSubstr("check     fields and types     none off   BROKEN  12 of 54,654: "));
  std::istringstream lines(table);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(Width(line), 110u) << line;
  const auto json = nlohmann::json::parse(RenderRunJson(run));
  EXPECT_EQ(json["checks"][1]["ok"], false);
  EXPECT_EQ(json["checks"][0]["measured"], "none of 27,827 lost");
}

TEST(RunTable, InColour) {
  ExpectGolden("good_run_colour.txt", RenderRunTable(GoodRun(), {.color = true}));
}

TEST(RunTable, WithoutColourHasNoControlCharacters) {
  for (const RunResult& result : {GoodRun(), OverloadedRun(), HostileRun()})
    for (const char c : RenderRunTable(result, {}))
      ASSERT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20) << static_cast<int>(c);
}

TEST(RunTable, IsNoWiderThanATerminal) {
  for (const RunResult& result : {GoodRun(), OverloadedRun(), HostileRun()}) {
    std::istringstream lines(RenderRunTable(result, {}));
    for (std::string line; std::getline(lines, line);) EXPECT_LE(Width(line), 110u) << line;
  }
}

TEST(RunJson, OfAGoodRun) { ExpectGolden("good_run.json", RenderRunJson(GoodRun())); }
TEST(RunJson, OfAnOverloadedRun) {
  ExpectGolden("overloaded_run.json", RenderRunJson(OverloadedRun()));
}

TEST(RunJson, HasPartsByTheNameOfTheirOp) {
  ExpectGolden("statements_run.json", RenderRunJson(StatementsRun()));
}

TEST(RunJson, IsOneObjectWhateverTheNamesAre) {
  const auto json = nlohmann::json::parse(RenderRunJson(HostileRun()));
  EXPECT_TRUE(json["ops"][0]["response"]["p99_ns"].is_null());
  EXPECT_FALSE(json["valid"]);
}

TEST(RunModel, NumbersKnowWhichWayIsBetter) {
  const RunModel model = MakeRunModel(GoodRun());
  EXPECT_EQ(model.all.rate.better, Better::kHigher);
  EXPECT_EQ(model.all.response.max.better, Better::kLower);
  EXPECT_EQ(model.all.errors.better, Better::kLower);
  EXPECT_EQ(model.offered.better, Better::kNeither);
}

TEST(Number, IsWrittenWithItsUnit) {
  EXPECT_EQ(Text(MakeCount(1'234'567)), "1,234,567");
  EXPECT_EQ(Text(MakeCount(999)), "999");
  EXPECT_EQ(Text(MakeRate(20'600)), "20.6k/s");
  EXPECT_EQ(Text(MakeLatency(1'050'000)), "1.05ms");
  EXPECT_EQ(Text(MakeFraction(0.023)), "2.30%");
  EXPECT_EQ(Text(MakeLatency(1e300)).empty(), false);
  Number unknown = MakeLatency(0);
  unknown.known = false;
  EXPECT_EQ(Text(unknown), "-");
}

TEST(Columns, LineUpWhateverTheCharacters) {
  Columns columns;
  columns.Add({"op", "p99"});
  columns.Add({"größe", "1.05ms"});
  columns.Add({"x", ""});
  EXPECT_THAT(columns.Lines(), ::testing::ElementsAre("op        p99", "größe  1.05ms", "x"));
}

TEST(Printable, LeavesNothingThatATerminalObeys) {
  EXPECT_EQ(Printable("a\x1b[31mb\n"), "a?[31mb?");
  EXPECT_EQ(Printable("é\xc3(\xff \xc2\x9b"), "é?(? ?");
  EXPECT_EQ(Printable("éèêë", 2), "éè..");
}

TEST(Wrap, BreaksAtSpacesOnly) {
  EXPECT_EQ(Wrap("aa bb cc dd", 5, 1), "aa bb\n cc\n dd");
  EXPECT_EQ(Wrap("averylongword b", 5, 2), "averylongword\n  b");
}

// ---- width ----

std::size_t Widest(const std::string& text) {
  std::size_t widest = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) widest = std::max(widest, Width(line));
  return widest;
}

TEST(RunTable, FitsTheTerminalAndSaysWhatItLeftOut) {
  for (const std::size_t width : {60, 70, 80, 120}) {
    const std::string text = RenderRunTable(GoodRun(), {.width = width});
    EXPECT_LE(Widest(text), width) << text;
  }
  const std::string narrow = RenderRunTable(GoodRun(), {.width = 60});
  EXPECT_NE(narrow.find("no room for"), std::string::npos) << narrow;
  EXPECT_NE(narrow.find("p99 "), std::string::npos);
  EXPECT_EQ(RenderRunTable(GoodRun(), {.width = 120}).find("no room for"), std::string::npos);
}

TEST(RunTable, IsAsWideAsItNeedsToBeWhereThereIsNoTerminal) {
  EXPECT_EQ(RenderRunTable(GoodRun(), {}).find("no room for"), std::string::npos);
}

TEST(Columns, LeaveOutWhatCanBeSparedFirst) {
  Columns columns({"b", "a"});
  columns.Add({"name", "a", "b", "c"});
  columns.Add({"x", "111", "222", "333"});
  EXPECT_EQ(columns.Lines(),
            (std::vector<std::string>{"name    a    b    c", "x     111  222  333"}));
  EXPECT_EQ(columns.Lines(19), columns.Lines());
  EXPECT_EQ(columns.Lines(18), (std::vector<std::string>{"name    a    c", "x     111  333"}));
  EXPECT_EQ(columns.LeftOut(18), "b");
  EXPECT_EQ(columns.Lines(5), (std::vector<std::string>{"name    c", "x     333"}));
  EXPECT_EQ(columns.LeftOut(5), "a, b");
}

}  // namespace
}  // namespace mbench
