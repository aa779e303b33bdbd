// SPDX-License-Identifier: Apache-2.0
#include "reports/html/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <regex>

#include "reports/html/axis_ticks.h"
#include "reports/html/html_text.h"
#include "reports/html/svg_chart.h"
#include "reports/model/capacity_page.h"
#include "reports/model/figures.h"
#include "reports/model/page_charts.h"
#include "reports/model/page_tables.h"
#include "tests/reports/golden.h"
#include "tests/reports/shown_pages.h"
#include "tests/reports/shown_runs.h"
#include "tests/reports/shown_search.h"

namespace mbench {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// What stands between two marks, without drawings, embedded files, styles and scripts: what a
// reader of the page reads.
std::string TextOf(const std::string& page) {
  const std::size_t begin = page.find("<body>");
  std::string body = page.substr(begin, page.find("<script", begin) - begin);
  std::string text;
  for (std::size_t at = 0; at < body.size();) {
    const std::size_t svg = body.find("<svg", at);
    text += body.substr(at, svg - at);
    if (svg == std::string::npos) break;
    text += "(svg)";
    at = body.find("</svg>", svg) + 6;
  }
  return text;
}

std::size_t CountOf(const std::string& text, std::string_view what) {
  std::size_t count = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1))
    ++count;
  return count;
}

RunResult WithoutOps() {
  RunResult result = HostileRun();
  result.folder.clear();
  return result;
}

PageRun RunWithout(const RunResult& result) {
  PageRunMaker maker;
  maker.OnHead(result);
  return maker.Finish(result);
}

// ---- text ----

TEST(EscapeHtml, LeavesNothingThatABrowserObeys) {
  EXPECT_EQ(EscapeHtml("<script>\"a\" & 'b'</script>"),
            "&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;&lt;/script&gt;");
  EXPECT_EQ(EscapeHtml("a\x01z\x7f\n\t"), "a\xef\xbf\xbdz\xef\xbf\xbd\n\t");
  EXPECT_EQ(EscapeHtml("\xff\xc3"), "\xef\xbf\xbd\xef\xbf\xbd");
  EXPECT_EQ(EscapeHtml("gr\xc3\xb6\xc3\x9f"
                       "e"),
            "gr\xc3\xb6\xc3\x9f"
            "e");
  EXPECT_EQ(EscapeHtml("a\xe2\x80\xae"
                       "b"),
            "a\xef\xbf\xbd"
            "b");  // right-to-left override
}

TEST(EscapeScript, StaysTheSameJsonAndEndsNoElement) {
  const std::string json = R"({"a":"</script><!-- & \u2028"})"
                           "\n";
  const std::string safe = EscapeScript(json + "\"\xe2\x80\xa8\"");
  EXPECT_THAT(safe, Not(HasSubstr("<")));
  EXPECT_THAT(safe, Not(HasSubstr(">")));
  EXPECT_THAT(safe, Not(HasSubstr("\xe2\x80\xa8")));
  EXPECT_EQ(nlohmann::json::parse(EscapeScript(json)), nlohmann::json::parse(json));
}

TEST(Float32Base64, IsWhatABrowserReadsAsFloats) {
  EXPECT_EQ(Float32Base64(std::vector<double>{}), "");
  EXPECT_EQ(Float32Base64(std::vector<double>{1, -2}), "AACAPwAAAMA=");
}

// ---- axes ----

TEST(AxisTicks, HaveRoundValuesWithUnits) {
  const ChartAxis latency{.unit = Unit::kNanoseconds, .scale = ChartScale::kLog};
  const AxisRange range(latency, 90'000, 20'000'000);
  std::vector<std::string> labels;
  for (const Tick& tick : range.Ticks(8)) labels.push_back(tick.label);
  EXPECT_THAT(labels, ::testing::ElementsAre("50us", "100us", "200us", "500us", "1ms", "2ms", "5ms",
                                             "10ms", "20ms"));
  EXPECT_EQ(TickText({.unit = Unit::kSeconds}, 90), "1:30");
  EXPECT_EQ(TickText({.unit = Unit::kSeconds}, 86'400), "24:00:00");
  EXPECT_EQ(TickText({.unit = Unit::kPerSecond}, 12'500), "12.5k/s");
  EXPECT_EQ(TickText({.unit = Unit::kBytesPerSecond}, 12'500'000), "12.5 MB/s");
  EXPECT_EQ(TickText({.scale = ChartScale::kTail}, 1000), "99.9 %");
  labels.clear();
  for (const Tick& tick : AxisRange({.unit = Unit::kBytes}, 0, 900e6).Ticks(5))
    labels.push_back(tick.label);
  EXPECT_THAT(labels, ::testing::ElementsAre("0 B", "200 MiB", "400 MiB", "600 MiB", "800 MiB"));
}

TEST(AxisTicks, AreFewWhateverTheRangeIs) {
  const double huge = 1e300, none = std::nan("");
  for (const ChartScale scale : {ChartScale::kLinear, ChartScale::kLog, ChartScale::kTail})
    for (const Unit unit : {Unit::kSeconds, Unit::kNanoseconds, Unit::kPerSecond})
      for (const auto& [low, high] : std::vector<std::pair<double, double>>{
               {0, 0}, {1, 1}, {0, 1e-9}, {1, 1e12}, {none, none}, {0, 1e15}, {1e-300, huge}}) {
        const AxisRange range({.unit = unit, .scale = scale}, low, high);
        EXPECT_LE(range.Ticks(9).size(), 700u) << low << ' ' << high;
      }
}

TEST(Svg, DrawsAPointThatStandsAlone) {
  Chart chart{.id = "x", .title = "x"};
  chart.grids = {{1, 2, 3}};
  const double gap = std::nan("");
  chart.lines = {{.name = "line", .y = {gap, 5, gap}}};
  EXPECT_THAT(RenderSvg(chart), HasSubstr("class=\"dots c0\""));
  EXPECT_FALSE(chart.Empty());
  chart.lines[0].y = {gap, gap, gap};
  EXPECT_TRUE(chart.Empty());
  EXPECT_THAT(RenderSvg(chart), Not(HasSubstr("nan")));
}

// Names of events stand above the stages, where no line of the chart can cross them.
TEST(Svg, GivesEventsABandOfTheirOwn) {
  Chart chart{.id = "x", .title = "x"};
  chart.grids = {{1, 2, 3}};
  chart.lines = {{.name = "line", .y = {1, 2, 3}}};
  chart.bands = {{1, 3, "ramp"}};
  EXPECT_THAT(RenderSvg(chart), HasSubstr("viewBox=\"0 0 960 260\""));
  chart.marks = {{.x = 2, .label = "primary stopped"}};
  const std::string svg = RenderSvg(chart);
  EXPECT_THAT(svg, HasSubstr("viewBox=\"0 0 960 288\""));
  EXPECT_THAT(svg, HasSubstr("y=\"29\">primary stopped<"));
  EXPECT_THAT(svg, HasSubstr("y=\"57\">ramp<"));
  // Two rows of names; without room for a third there is its line alone.
  for (const double x : {2.01, 2.02}) chart.marks.push_back({.x = x, .label = "primary started"});
  const std::string crowded = RenderSvg(chart);
  EXPECT_EQ(CountOf(crowded, "class=\"event\""), 3u);
  EXPECT_EQ(CountOf(crowded, ">primary started<"), 1u);
  EXPECT_THAT(crowded, HasSubstr("y=\"42\">primary started<"));
}

// ---- pages ----

TEST(Page, OfARamp) {
  ExpectGolden("ramp_page.html", TextOf(RenderPage(PageOf(PageRunOf(RampRun())))));
}

TEST(Page, OfAComparison) {
  ExpectGolden("comparison_page.html", TextOf(RenderPage(ComparisonPage())));
}

TEST(Page, HasNoAddressOutsideOfIt) {
  for (const PageModel& model : {PageOf(PageRunOf(RampRun())), ComparisonPage()}) {
    const std::string page = RenderPage(model);
    for (const char* fetch :
         {"src=\"http", "href=\"http", "url(http", "@import", "<link", "fetch("})
      EXPECT_THAT(page, Not(HasSubstr(fetch)));
  }
}

TEST(Page, KeepsHostileNamesText) {
  const std::string page = RenderPage(PageOf(HostilePageRun()));
  const std::string plain = RenderPage(PageOf(PageRunOf(SampleRun(3))));
  EXPECT_EQ(CountOf(page, "<script"), CountOf(plain, "<script"));
  EXPECT_EQ(CountOf(page, "</script"), CountOf(plain, "</script"));
  EXPECT_EQ(CountOf(page, "<!--"), 0u);
  EXPECT_EQ(CountOf(page, "<b>"), 0u);
  EXPECT_THAT(page, HasSubstr("&lt;/script&gt;&lt;script&gt;document.title="));
  EXPECT_EQ(page.find('\x01'), std::string::npos);
  EXPECT_EQ(page.find('\xff'), std::string::npos);
}

TEST(Page, DataIsOneJsonObjectWhateverTheNamesAre) {
  const auto data = nlohmann::json::parse(RenderPageData(PageOf(HostilePageRun())));
  EXPECT_GE(data["charts"].size(), 4u);
  for (const auto& chart : data["charts"])
    for (const auto& line : chart["lines"]) EXPECT_LT(line["grid"], chart["grids"].size());
}

TEST(Page, ShowsWhatTheSystemSaidBesideLatency) {
  const PageModel page = PageOf(PageRunOf(RampRun()));
  std::vector<PageRun> runs;
  runs.push_back(PageRunOf(RampRun()));
  const PageSide side = MakePageSide(runs);
  const std::vector<Chart> charts = MakeFigureCharts(side, FigureSource::kSystem);
  std::vector<std::string> ids;
  for (const Chart& chart : charts) {
    ids.push_back(chart.id);
    EXPECT_TRUE(chart.shares_time) << chart.id;
  }
  EXPECT_EQ(ids, (std::vector<std::string>{"system-traffic-chart-1", "system-rate-chart-1",
                                           "system-bytes-chart-1", "system-time-chart-1"}));
  EXPECT_EQ(charts[3].lines[0].y[0], 0.25e9) << "seconds are shown as durations";
  EXPECT_NE(charts.back().about.find("Always 0: page faults."), std::string::npos);
  EXPECT_NE(RenderPage(page).find("network out per second"), std::string::npos);
}

TEST(Page, ShowsWhatIsKnownOfTheHost) {
  std::vector<PageRun> runs;
  runs.push_back(PageRunOf(RampRun()));
  std::vector<std::string> ids;
  const PageSide side = MakePageSide(runs);
  for (const Chart& chart : MakeFigureCharts(side, FigureSource::kHost)) ids.push_back(chart.id);
  EXPECT_EQ(ids, (std::vector<std::string>{"host-part-chart-1", "host-traffic-chart-1"}));
  const std::string page = RenderPage(PageOf(std::move(runs[0])));
  EXPECT_THAT(page, HasSubstr("The host of mbench"));
  EXPECT_THAT(page, HasSubstr("disk read per second"));
}

TEST(Page, OfARunWithoutOpsSaysSo) {
  const std::string page = RenderPage(PageOf(RunWithout(WithoutOps())));
  EXPECT_THAT(page, HasSubstr("No op was answered"));
  EXPECT_THAT(page, HasSubstr("Invalid"));
  EXPECT_THAT(TextOf(page), Not(HasSubstr("nan")));
}

TEST(Page, OfOneSecondAndOfOneOp) {
  SampleRun run(1);
  EXPECT_THAT(RenderPage(PageOf(PageRunOf(run))), HasSubstr("id=\"latency-chart\""));
  run.head.op_names = {"read"};
  run.head.total.ops.resize(1);
  for (Interval& interval : run.intervals) interval.ops.resize(1);
  const std::string page = RenderPage(PageOf(PageRunOf(run)));
  EXPECT_THAT(page, HasSubstr("id=\"latency-chart\""));
  EXPECT_THAT(page, Not(HasSubstr("<th scope=\"row\">all</th>")));
}

TEST(Page, OfNothingButErrorsHasThemAndNoLatency) {
  SampleRun run(3);
  for (Interval& interval : run.intervals)
    for (OpStats& op : interval.ops) {
      op = {};
      op.response[static_cast<std::size_t>(Outcome::kFailed)].RecordMany(kMillisecond, 10);
      op.errors["connection lost"] = 10;
    }
  const std::string page = RenderPage(PageOf(PageRunOf(run)));
  EXPECT_THAT(page, HasSubstr("so there is no latency"));
  EXPECT_THAT(page, HasSubstr("id=\"error-chart\""));
  EXPECT_THAT(page, HasSubstr("connection lost"));
  EXPECT_THAT(page, HasSubstr("100.00%"));
}

TEST(Page, HasErrorsByClassWithWhenTheyWere) {
  const std::vector<PageRun> runs = [] {
    std::vector<PageRun> one;
    one.push_back(PageRunOf(ErrorRun()));
    return one;
  }();
  const PageSide side = MakePageSide(runs);
  const PageTable errors = MakeErrorTable(side, nullptr);
  const auto row = std::ranges::find_if(
      errors.rows, [](const PageRow& each) { return each.cells[0].text == "too busy"; });
  ASSERT_NE(row, errors.rows.end());
  EXPECT_EQ(row->cells[1].text, "21");
  EXPECT_EQ(row->cells[3].text, "3.00s");
  EXPECT_EQ(row->cells[4].text, "10.0s");
  EXPECT_EQ(row->cells[5].text, "get item, all");
  const PageTable failed = MakeFailedTable(side);
  const auto rejected = std::ranges::find_if(
      failed.rows, [](const PageRow& each) { return each.cells[1].text == "rejected"; });
  ASSERT_NE(rejected, failed.rows.end());
  EXPECT_EQ(rejected->cells[2].text, "21");
  EXPECT_EQ(rejected->cells[3].text, "2.00ms") << "of its own, and not of those that were answered";
}

TEST(Page, HasPercentilesOfEachOpOverTime) {
  std::vector<PageRun> runs;
  runs.push_back(PageRunOf(RampRun()));
  const PageSide side = MakePageSide(runs);
  const Chart chart = MakeOpLatencyChart(side);
  std::vector<std::string> shown, hidden;
  for (const ChartLine& line : chart.lines) {
    (line.hidden ? hidden : shown).push_back(line.name);
    EXPECT_EQ(line.y.size(), chart.grids[0].size()) << line.name;
  }
  EXPECT_THAT(shown, ::testing::ElementsAre("read p99", "get item, all p99"));
  EXPECT_THAT(hidden, ::testing::ElementsAre("read p50", "read p99.9", "get item, all p50",
                                             "get item, all p99.9"));
  EXPECT_TRUE(chart.shares_time);
}

TEST(Page, HasFewPointsOfEachOpAndNoSpikeIsLost) {
  std::vector<PageRun> runs;
  runs.push_back(PageRunOf(RampRun()));
  Timeline& timeline = runs[0].timeline;
  const std::size_t points = 800;
  timeline.latency_at_s.resize(points);
  for (std::size_t i = 0; i < points; ++i) timeline.latency_at_s[i] = static_cast<double>(i);
  timeline.max_ns.assign(points, 1e6);
  for (auto& op : timeline.op_latencies_ns)
    for (std::vector<double>& line : op) line.assign(points, 1e6);
  timeline.op_latencies_ns[0][1][443] = 5e9;
  const Chart chart = MakeOpLatencyChart(MakePageSide(runs));
  EXPECT_LE(chart.grids[0].size(), 240u);
  EXPECT_EQ(std::ranges::max(chart.lines[1].y), 5e9);
  EXPECT_EQ(chart.lines[1].y.size(), chart.grids[0].size());
}

TEST(Page, DrawsALineOnlyWhenItIsChosen) {
  Chart chart{.id = "x", .title = "x"};
  chart.grids = {{1, 2}};
  chart.lines = {{.name = "p50", .hidden = true, .y = {1, 2}}, {.name = "p99", .y = {1, 2}}};
  const std::string svg = RenderSvg(chart);
  EXPECT_THAT(svg, HasSubstr("class=\"line c0 off\" data-line=\"0\""));
  EXPECT_THAT(svg, HasSubstr("class=\"line c0\" data-line=\"1\""));
  EXPECT_THAT(svg, HasSubstr("aria-label=\"x: p99\""));
}

TEST(Page, SortsWhatIsAListOfNumbers) {
  const std::string page = RenderPage(PageOf(PageRunOf(RampRun())));
  EXPECT_THAT(page, HasSubstr("<table id=\"op-table\" class=\"sorts\">"));
  EXPECT_THAT(page, HasSubstr("<table id=\"trust-table\">"));
  EXPECT_THAT(page, HasSubstr("<tr class=\"total\"><th scope=\"row\">all</th>"));
}

TEST(Page, GreysFiguresOfAnInvalidRun) {
  PageRun run = PageRunOf(SampleRun(3));
  EXPECT_THAT(RenderPage(PageOf(run)), HasSubstr("<main id=\"content\">"));
  run.result.invalid = {"the clock stood still"};
  EXPECT_THAT(RenderPage(PageOf(std::move(run))),
              HasSubstr("<main id=\"content\" class=\"greyed\">"));
}

TEST(Page, OfInvalidRunsHasAllFiguresAndTheReason) {
  const PageModel page = InvalidComparisonPage();
  EXPECT_EQ(page.verdict.word, "Invalid");
  EXPECT_TRUE(page.greyed);
  const auto section = std::ranges::find(page.sections, "comparison", &PageSection::id);
  ASSERT_NE(section, page.sections.end());
  const auto* const table = std::get_if<PageTable>(section->blocks.data());
  ASSERT_NE(table, nullptr);
  EXPECT_TRUE(table->greyed);
  std::vector<std::string> names;
  for (const PageRow& row : table->rows) {
    names.push_back(row.cells[0].text);
    EXPECT_NE(row.cells[2].text, "-") << names.back() << " of B is not known";
  }
  EXPECT_THAT(names, ::testing::IsSupersetOf({"rate", "p50", "p99", "errors", "p99(read)"}));
  EXPECT_THAT(RenderPage(page), HasSubstr("Left out of B: ramp: the load generator was full"));
}

TEST(Page, StatesTheKneeWithAnInterval) {
  std::vector<PageRun> runs;
  runs.push_back(PageRunOf(RampRun()));
  std::vector<LoadLevel>& levels = runs[0].timeline.levels;
  levels.clear();
  for (const auto& [level, p99] : std::vector<std::pair<double, double>>{
           {100, 1e6}, {200, 1e6}, {300, 1.1e6}, {400, 1.1e6}, {500, 9e6}, {600, 4e7}})
    levels.push_back({.level = level, .p50_ns = 1e5, .p99_ns = p99, .samples = 1000});
  std::vector<Chart> charts = MakeLoadLevelCharts(MakePageSide(runs), nullptr);
  ASSERT_EQ(charts[0].marks.size(), 1u);
  EXPECT_THAT(charts[0].marks[0].label, HasSubstr("knee at 400/s (400/s to 500/s)"));
  levels[2].p99_ns = 9e7;  // up and down
  levels[3].p99_ns = 5e5;
  levels[0].p99_ns = 2e7;
  charts = MakeLoadLevelCharts(MakePageSide(runs), nullptr);
  EXPECT_TRUE(charts[0].marks.empty());
  EXPECT_THAT(charts[0].about, HasSubstr("No knee"));
}

TEST(Page, OfASearchHasTheIntervalItsProbesAndTheirPages) {
  const TemporaryFolder folder;
  CapacitySource source{.version = "0.1.0", .search = ShownSearch(), .place = {}, .runs = {}};
  source.search.folder = folder.path();
  const std::string probe = "/probes/" + source.search.probes[4].run;
  std::filesystem::create_directories(folder.path() + probe);
  WriteFile(folder.path() + probe + "/report.html", "a page");
  const ComparedProbes compared = FindComparedProbes(source.search);
  EXPECT_EQ(compared.at, 4u);
  EXPECT_EQ(compared.half, 1u);
  EXPECT_EQ(compared.above, 5u);
  source.runs.emplace(compared.at, PageRunOf(RampRun()));

  const PageModel page = MakeCapacityPage(source);
  EXPECT_EQ(page.verdict.word, "Found");
  EXPECT_THAT(page.verdict.sentence, HasSubstr("84.2k/s (82.9k/s to 85.5k/s) hold p99 < 5ms"));
  EXPECT_THAT(page.verdict.details, ::testing::Contains(HasSubstr("x today's peak of 50.0k/s")));
  const auto& curve = std::get<Chart>(page.sections[0].blocks[0]);
  ASSERT_EQ(curve.bands.size(), 1u);
  EXPECT_EQ(curve.bands[0].from, 82'900);
  EXPECT_EQ(curve.bands[0].to, 85'500);
  const std::string html = RenderPage(page);
  EXPECT_THAT(html, HasSubstr("href=\"./probes/redis-82900/report.html\""));
  EXPECT_THAT(html, Not(HasSubstr("probes/redis-10000/report"))) << "a page that is not there";
  EXPECT_THAT(html, HasSubstr("redis-server has 0.97 cores there"));
  EXPECT_THAT(html, HasSubstr("utilisation at 82.9k/s"));
  source.search.need.peak = 90'000;
  EXPECT_EQ(MakeCapacityPage(source).verdict.word, "Below the peak");
}

TEST(Page, OfASearchThatFoundNothingSaysSo) {
  CapacitySource source{.version = "0.1.0", .search = {}, .place = {}, .runs = {}};
  source.search.objectives = {"p99 < 5ms"};
  source.search.ended_by = "the budget was used up";
  const PageModel page = MakeCapacityPage(source);
  EXPECT_EQ(page.verdict.word, "Not found");
  const std::string html = RenderPage(page);
  EXPECT_THAT(html, HasSubstr("No probe has run."));
  EXPECT_THAT(TextOf(html), Not(HasSubstr("nan")));
}

TEST(EscapeUrlPath, IsAPathWhateverIsInIt) {
  EXPECT_EQ(EscapeUrlPath("probes/a-1/report.html"), "./probes/a-1/report.html");
  EXPECT_EQ(EscapeUrlPath("javascript:alert(\"1\")"), "./javascript%3Aalert%28%221%22%29");
  EXPECT_EQ(EscapeUrlPath("../a b?c#d"), "./../a%20b%3Fc%23d");
}

TEST(Page, ShowsTwoHundredOps) {
  SampleRun run(2);
  run.head.op_names.clear();
  for (int i = 0; i < 200; ++i) run.head.op_names.push_back("op" + std::to_string(i));
  run.head.total.ops.resize(200);
  for (Interval& interval : run.intervals) {
    interval.ops.resize(200);
    for (OpStats& op : interval.ops) op.response[0].Record(kMillisecond);
  }
  const std::string page = RenderPage(PageOf(PageRunOf(run)));
  EXPECT_THAT(page, HasSubstr("<th scope=\"row\">op199</th>"));
  EXPECT_LT(page.size(), 3'000'000u);
}

TEST(Page, SaysWhenLabelsWereFolded) {
  SampleRun run(2);
  for (Interval& interval : run.intervals) {
    for (std::size_t i = 0; i < kMostParts; ++i)
      interval.parts[PartName("read", "label " + std::to_string(i))].response[0].Record(9'000);
    interval.parts[PartName("read", kOtherPart)].response[0].RecordMany(9'000, 10'000 - kMostParts);
  }
  EXPECT_THAT(RenderPage(PageOf(PageRunOf(run))),
              HasSubstr("read had more than 64 labels; all that came later are together in"));
}

TEST(PageSide, HasIntervalsOfWhatDiffersBetweenRuns) {
  EXPECT_EQ(IntervalOverRuns(std::vector<double>{1000}).second, 0) << "one run says nothing";
  const auto same = IntervalOverRuns(std::vector<double>{1000, 1000, 1000});
  EXPECT_NEAR(same.first, 1000, 0.01);
  EXPECT_NEAR(same.second, 1000, 0.01);
  // t(0.975, 1) = 12.706; the logarithms have a mean of 7.2543 and a deviation of 0.4901.
  const auto two = IntervalOverRuns(std::vector<double>{1000, 2000});
  EXPECT_NEAR(two.first, 17.29, 0.01);
  EXPECT_NEAR(two.second, 115'650, 50);

  std::vector<PageRun> runs;
  for (std::uint64_t seed = 1; seed <= 3; ++seed)
    runs.push_back(PageRunOf(RampRun(seed, 1 + 0.1 * static_cast<double>(seed))));
  const PageSide side = MakePageSide(runs);
  const auto [low, high] = side.IntervalOf("read", 99, 1);
  const double p99 = side.model.ops[0].response.percentiles[3].value;
  EXPECT_GT(low, 0);
  EXPECT_LT(low, p99);
  EXPECT_GT(high, p99);
}

TEST(Page, OfADayIsSmall) {
  const PageModel model = PageOf(DayPageRun());
  const std::string page = RenderPage(model);
  EXPECT_LT(page.size(), 3'000'000u);
  EXPECT_THAT(page, HasSubstr("Every point is 2m00s"));
}

TEST(PageVerdict, SaysWhatTheRunCameTo) {
  SampleRun run(3);
  EXPECT_EQ(PageOf(PageRunOf(run)).verdict.word, "Valid");
  run.slo = {*ParseSlo("p99 < 1s")};
  EXPECT_EQ(PageOf(PageRunOf(run)).verdict.word, "Pass");
  run.slo = {*ParseSlo("p99 < 1us")};
  EXPECT_EQ(PageOf(PageRunOf(run)).verdict.word, "Broken SLO");
  run.slo.clear();
  run.checks = {{"acknowledged writes", "none lost", "2 of 27 lost", false}};
  const PageModel lost = PageOf(PageRunOf(run));
  EXPECT_EQ(lost.verdict.word, "Broken check");
  EXPECT_EQ(lost.verdict.sentence, "acknowledged writes: 2 of 27 lost");
  PageRun invalid = PageRunOf(run);
  invalid.result.invalid = {"the clock stood still"};
  const PageVerdict verdict = PageOf(std::move(invalid)).verdict;
  EXPECT_EQ(verdict.word, "Invalid");
  EXPECT_EQ(verdict.sentence, "the clock stood still");
}

TEST(PageVerdict, OfAComparisonHasTheEffectAndItsInterval) {
  const PageModel page = ComparisonPage();
  EXPECT_EQ(page.verdict.word, "Suggestive");  // three runs a side are too few
  ASSERT_FALSE(page.verdict.details.empty());
  EXPECT_THAT(page.verdict.details[0], HasSubstr("p99 x"));
  EXPECT_THAT(page.verdict.details[0], HasSubstr(".."));
  EXPECT_TRUE(page.has_baseline);
}

TEST(PageFiles, AreEmbeddedWhenSmallAndNamedWhenNot) {
  const TemporaryFolder folder;
  WriteFile(folder.path() + "/run.json", "{\"schema\": 1}");
  WriteFile(folder.path() + "/latency.hlog", std::string(2'000'000, 'x'));
  PageRun run = PageRunOf(SampleRun(1));
  run.result.folder = folder.path();
  const std::string page = RenderPage(PageOf(std::move(run)));
  EXPECT_THAT(page, HasSubstr("data:application/json;base64," + Base64("{\"schema\": 1}")));
  EXPECT_THAT(page, HasSubstr("latency.hlog</strong> has 1.91 MiB, too much for a page"));
}

}  // namespace
}  // namespace mbench
