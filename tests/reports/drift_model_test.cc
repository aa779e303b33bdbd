// SPDX-License-Identifier: Apache-2.0
//
// Whole soaks, second by second, and what is said to have grown.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "reports/compare/random.h"
#include "reports/model/run_findings.h"
#include "reports/text/run_table.h"
#include "tests/reports/shown_runs.h"

namespace mbench {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

constexpr double kMiB = 1 << 20;
constexpr Ticks kStep = 5 * kSecond;  // a fifth of the work of every second

// Growth of each, per hour, as a part of the first value; the limit of the store in bytes.
struct Soak {
  Ticks length = kHour;
  double latency = 0, memory = 0, store = 0;
  double limit = 0;
  std::string profile = "soak";
};

std::vector<std::string> Said(const Soak& soak) {
  RunResult run;
  run.op_names = {"read"};
  run.planned_length = run.measured_length = soak.length;
  run.provenance.driver = "redis";
  run.provenance.plan_json =
      fmt::format(R"({{"load": {{"stages": [{{"profile": "{}", "over_s": {}, "from": 100}}]}}}})",
                  soak.profile, ToSeconds(soak.length));
  FindingsReader timeline;
  timeline.OnHead(run);
  Rng rng(1);
  for (Ticks at = 0; at < soak.length; at += kStep) {
    const double hours = ToSeconds(at) / 3600;
    Interval second{.begin = at, .end = at + kStep};
    second.ops.resize(1);
    for (int i = 0; i < 20; ++i) {
      const double latency = 1e6 * (1 + soak.latency * hours) * std::exp(0.1 * DrawNormal(&rng));
      second.ops[0].response[0].Record(static_cast<Ticks>(latency));
    }
    const double noise = 1 + 0.01 * DrawNormal(&rng);
    second.host.rss_bytes =
        static_cast<std::uint64_t>(200 * kMiB * (1 + soak.memory * hours) * noise);
    second.system["memory_used_bytes"] = 1000 * kMiB * (1 + soak.store * hours) * noise;
    second.system["commands_per_s"] = 100 * (1 + hours);  // grows, and is no state
    if (soak.limit > 0) second.system["memory_limit_bytes"] = soak.limit;
    timeline.OnSecond(MakeSeriesPoint(second));
    timeline.OnInterval(second);
  }
  std::vector<std::string> said;
  for (const DriftModel& drift : timeline.Finish(run).drifts) said.push_back(drift.text);
  return said;
}

TEST(DriftModel, OfASteadySoakNothingIsSaid) { EXPECT_THAT(Said({}), IsEmpty()); }

TEST(DriftModel, LatencyGrowsInPercent) {
  const std::vector<std::string> said = Said({.latency = 0.1});
  ASSERT_THAT(said, SizeIs(2));
  EXPECT_THAT(said[0], StartsWith("p50 grows "));
  EXPECT_THAT(said[1], AllOf(StartsWith("p99 grows "), HasSubstr(" % an hour ("), EndsWith(")")));
  EXPECT_THAT(Said({.latency = -0.1})[0], StartsWith("p50 falls "));
}

TEST(DriftModel, MemoryGrowsInBytesUpToItsLimit) {
  EXPECT_THAT(Said({.memory = 0.2}),
              ElementsAre(AllOf(StartsWith("memory of mbench grows "), HasSubstr(" MiB an hour"))));
  EXPECT_THAT(Said({.store = 0.2, .limit = 2200 * kMiB}),
              ElementsAre(AllOf(StartsWith("memory_used of redis grows "),
                                EndsWith(": the limit of 2.15 GiB is reached in 5 h"))));
}

TEST(DriftModel, ShortRunsAndThoseWhoseLoadChangesAreNoSoaks) {
  EXPECT_THAT(Said({.length = 29 * kMinute, .latency = 1}), IsEmpty());
  EXPECT_THAT(Said({.latency = 1, .profile = "ramp"}), IsEmpty());
  EXPECT_THAT(Said({.length = 30 * kMinute, .latency = 1}), SizeIs(2));
}

TEST(DriftModel, TheTableHasALineForEach) {
  const RunFindings soak{
      .drifts = {{.name = "p99", .text = "p99 grows 2.1 % an hour (0.8 to 3.4)"}}, .stalls = {}};
  EXPECT_THAT(RenderRunTable(GoodRun(), {}, soak),
              HasSubstr("\ndrift     p99 grows 2.1 % an hour (0.8 to 3.4)\n"));
}

}  // namespace
}  // namespace mbench
