// SPDX-License-Identifier: Apache-2.0
//
// Whole soaks, second by second, that stall by the clock, and what is said of it.
#include "reports/model/stall_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "reports/compare/random.h"
#include "reports/json/run_json.h"
#include "reports/text/run_table.h"

namespace mbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

struct StallingRun {
  Ticks length = 30 * kMinute;
  int every_s = 30;
  double latency = 1, rate = 1;  // times the usual, for 2 s
  std::string profile = "soak";
};

RunResult HeadOf(const StallingRun& stalling) {
  RunResult run;
  run.op_names = {"read"};
  run.planned_length = run.measured_length = stalling.length;
  run.provenance.driver = "postgres";
  run.provenance.plan_json =
      fmt::format(R"({{"load": {{"stages": [{{"profile": "{}", "over_s": {}, "from": 100}}]}}}})",
                  stalling.profile, ToSeconds(stalling.length));
  return run;
}

Interval SecondOf(const StallingRun& stalling, int at_s, Rng* rng) {
  const bool stalls = at_s % stalling.every_s >= stalling.every_s - 2;
  const double usual = std::exp(0.1 * DrawNormal(rng));
  Interval second{.begin = at_s * kSecond, .end = (at_s + 1) * kSecond};
  second.ops.resize(1);
  const int ops = static_cast<int>(20 * (stalls ? stalling.rate : 1));
  for (int i = 0; i < ops; ++i)
    second.ops[0].response[0].Record(
        static_cast<Ticks>(5e6 * usual * (stalls ? stalling.latency : 1)));
  second.system["checkpoints_per_s"] = stalls ? 0.5 : 0;
  second.system["noise_per_s"] = std::exp(DrawNormal(rng));
  second.host.figures["cpu_fraction"] = 0.5;
  return second;
}

RunFindings SoakOf(const StallingRun& stalling) {
  const RunResult run = HeadOf(stalling);
  FindingsReader reader;
  reader.OnHead(run);
  Rng rng(1);
  for (int at_s = 0; at_s * kSecond < stalling.length; ++at_s) {
    const Interval second = SecondOf(stalling, at_s, &rng);
    reader.OnSecond(MakeSeriesPoint(second));
    reader.OnInterval(second);
  }
  return reader.Finish(run);
}

TEST(StallModel, SaysWhenHowLongAndWhatRisesWithThem) {
  const RunFindings soak = SoakOf({.latency = 8});
  ASSERT_THAT(soak.stalls, SizeIs(1));
  EXPECT_THAT(soak.stalls[0].text, AllOf(StartsWith("p99 rises to 4"),
                                         HasSubstr("ms for 2.00s every 30.0 s (60 times of "
                                                   "60); checkpoints_per_s of postgres "
                                                   "rises with it")));
  EXPECT_THAT(soak.stalls[0].with, SizeIs(1)) << "noise and what is constant do not move with them";
  EXPECT_THAT(RenderRunTable(HeadOf({}), {}, soak), HasSubstr("\nstalls    p99 rises to 4"));
  const auto json = nlohmann::json::parse(RenderRunJson(HeadOf({}), soak));
  const auto& stalls = json["stalls"][0];
  EXPECT_EQ(stalls["metric"], "p99");
  EXPECT_NEAR(stalls["period_s"].get<double>(), 30, 0.05);
  EXPECT_EQ(stalls["length_s"], 2);
  EXPECT_EQ(stalls["times"], 60);
  EXPECT_NEAR(stalls["reached_ns"].get<double>(), 40e6, 5e6);
  EXPECT_EQ(stalls["with"][0]["name"], "checkpoints_per_s of postgres");
}

TEST(StallModel, ARateThatFallsIsOneToo) {
  const RunFindings soak = SoakOf({.every_s = 60, .rate = 0});
  ASSERT_THAT(soak.stalls, SizeIs(1));
  EXPECT_THAT(soak.stalls[0].text, StartsWith("rate falls to 0/s for 2.00s every 60.0 s (30 times "
                                              "of 30)"));
}

TEST(StallModel, NothingIsSaidOfASteadySoakOrOfARunThatIsNone) {
  EXPECT_THAT(SoakOf({}).stalls, IsEmpty());
  EXPECT_THAT(SoakOf({.latency = 8, .profile = "ramp"}).stalls, IsEmpty());
  EXPECT_THAT(SoakOf({.length = 29 * kMinute, .latency = 8}).stalls, IsEmpty());
}

TEST(StallModel, LongRunsAreKeptInFewBinsThatHideNoStall) {
  SecondSeriesMaker maker;
  const StallingRun run{.length = 5 * kHour, .every_s = 120, .latency = 8};
  maker.OnHead(HeadOf(run));
  Rng rng(1);
  Interval usual = SecondOf(run, 0, &rng), slow = SecondOf(run, 119, &rng);
  for (int at_s = 0; at_s < 5 * 3600; ++at_s) {
    Interval& second = at_s % 120 == 0 ? slow : usual;
    second.begin = at_s * kSecond;
    second.end = second.begin + kSecond;
    maker.OnInterval(second);
  }
  EXPECT_EQ(maker.Get().bin_s, 2);
  EXPECT_LE(maker.Get().p99_ns.size(), kMostBins);
  const std::vector<StallModel> stalls = FindStallModels(HeadOf(run), maker.Get());
  ASSERT_THAT(stalls, SizeIs(1));
  EXPECT_NEAR(stalls[0].stalls.period_s, 120, 0.1);
  EXPECT_EQ(stalls[0].stalls.times, 150U);
}

TEST(DriftJson, HasSlopesInAnHourWithTheirUnit) {
  RunFindings soak;
  soak.drifts = {
      {.name = "p99", .drift = {.per_s = 0.01, .low = 0.005, .high = 0.02, .level = 3600}},
      {.name = "memory_used of redis",
       .unit = DriftUnit::kBytes,
       .drift = {.per_s = 10, .low = 5, .high = 15},
       .limit = 1e6,
       .full_h = 11}};
  const auto json = nlohmann::json::parse(RenderRunJson(HeadOf({}), soak));
  EXPECT_EQ(json["drift"][0], nlohmann::json({{"metric", "p99"},
                                              {"per_hour_fraction", 0.01},
                                              {"per_hour_low_fraction", 0.005},
                                              {"per_hour_high_fraction", 0.02}}));
  EXPECT_EQ(json["drift"][1]["per_hour_bytes"], 36'000);
  EXPECT_EQ(json["drift"][1]["limit_bytes"], 1e6);
  EXPECT_EQ(json["drift"][1]["full_in_h"], 11);
  EXPECT_FALSE(nlohmann::json::parse(RenderRunJson(HeadOf({}))).contains("drift"));
}

}  // namespace
}  // namespace mbench
