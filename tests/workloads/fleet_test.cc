// SPDX-License-Identifier: Apache-2.0
//
// The points of a fleet, and how statements get them.
#include "workloads/fleet/fleet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <charconv>
#include <cmath>
#include <map>
#include <set>
#include <string>

#include "workloads/workload.h"

namespace mbench {
namespace {

using ::testing::ElementsAre;

constexpr std::int64_t kStart = 1'700'000'000'000'000'000;

// Two sites, three machines: six series.
FleetPlan SmallFleet() {
  FleetPlan plan;
  plan.tags = {{"site", {"north", "south"}}, {"machine", {"m-1", "m-2", "m-3"}}};
  plan.fields = {
      {.name = "value", .kind = SignalKind::kWalk, .start = 20, .step = 0.5, .min = 0, .max = 100}};
  plan.every = kSecond;
  plan.start = kStart;
  return plan;
}

std::string TextOf(const Fleet& fleet, const FleetPoint& point, std::size_t column) {
  std::string room(fleet.MostBytes() + 64, '\0');
  char* to = room.data();
  return std::string(fleet.Write(point, column, kStart, &to));
}

double NumberOf(const Fleet& fleet, std::uint64_t series, std::uint64_t n, std::size_t column = 2) {
  const std::string text = TextOf(fleet, {series, n}, column);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  EXPECT_TRUE(error == std::errc() && end == text.data() + text.size()) << text;
  return value;
}

std::vector<FleetPoint> SentAt(const Fleet& fleet, std::uint64_t place) {
  std::array<FleetPoint, Fleet::kMostOfPlace> points;
  const std::size_t count = fleet.SentAt(fleet.At(place), points);
  return {points.begin(), points.begin() + static_cast<std::ptrdiff_t>(count)};
}

// How often each point of `places` is sent, and at which place.
std::map<std::pair<std::uint64_t, std::uint64_t>, std::vector<std::uint64_t>> SentBy(
    const Fleet& fleet, std::uint64_t places) {
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::vector<std::uint64_t>> sent;
  for (std::uint64_t place = 0; place < places; ++place) {
    for (const FleetPoint& point : SentAt(fleet, place))
      sent[{point.series, point.number}].push_back(place);
  }
  return sent;
}

TEST(Fleet, GoesThroughAllSeriesOnceForEachTick) {
  const Fleet fleet(SmallFleet(), 1);
  EXPECT_EQ(fleet.Series(), 6u);
  std::set<std::string> names;
  for (std::uint64_t place = 0; place < 6; ++place) {
    const FleetPoint point = SentAt(fleet, place).at(0);
    names.insert(TextOf(fleet, point, 0) + " " + TextOf(fleet, point, 1));
    EXPECT_EQ(TextOf(fleet, point, 3), "1700000000000000000");
  }
  EXPECT_EQ(names.size(), 6u);
  EXPECT_EQ(TextOf(fleet, SentAt(fleet, 13).at(0), 3), "1700000002000000000");
}

TEST(Fleet, APointIsTheSameWhoeverMakesItInWhateverOrder) {
  const Fleet one(SmallFleet(), 7), other(SmallFleet(), 7), another_seed(SmallFleet(), 8);
  int different = 0;
  for (std::uint64_t n = 1'000'000; n-- > 999'900;) {
    const std::string text = TextOf(one, {3, n}, 2);
    EXPECT_EQ(text, TextOf(other, {3, n}, 2));
    different += text != TextOf(another_seed, {3, n}, 2);
  }
  EXPECT_GT(different, 90);
}

TEST(Fleet, AWalkBeginsAtItsStartMovesInSmallStepsAndStaysWithinItsLimits) {
  const Fleet fleet(SmallFleet(), 3);
  double squares = 0, least = 1e9, most = -1e9;
  constexpr std::uint64_t kPoints = 100'000;
  double before = NumberOf(fleet, 2, 0);
  EXPECT_NEAR(before, 20, 0.51);
  for (std::uint64_t n = 1; n < kPoints; ++n) {
    const double value = NumberOf(fleet, 2, n);
    squares += (value - before) * (value - before);
    EXPECT_LT(std::abs(value - before), 3);
    least = std::min(least, value);
    most = std::max(most, value);
    before = value;
  }
  EXPECT_NEAR(std::sqrt(squares / kPoints), 0.5, 0.1);
  EXPECT_GE(least, 0);
  EXPECT_LE(most, 100);
  EXPECT_GT(most - least, 40) << "it wanders";
}

TEST(Fleet, SignalsGoAsTheyAreCalled) {
  FleetPlan plan = SmallFleet();
  plan.fields = {{.name = "sine",
                  .kind = SignalKind::kSine,
                  .mean = 50,
                  .amplitude = 10,
                  .period = 100 * kSecond},
                 {.name = "steps",
                  .kind = SignalKind::kSteps,
                  .period = 10 * kSecond,
                  .levels = {1, 2.5, -3},
                  .decimals = 1},
                 {.name = "counter", .kind = SignalKind::kCounter, .start = 5, .step = 3},
                 {.name = "spike",
                  .kind = SignalKind::kSpike,
                  .mean = 1,
                  .amplitude = 49,
                  .part = 0.1,
                  .period = 5 * kSecond,
                  .decimals = 0},
                 {.name = "pick", .kind = SignalKind::kPick, .picks = {{"good", 9}, {"bad", 1}}}};
  const Fleet fleet(plan, 5);
  int up = 0, bad = 0;
  constexpr std::uint64_t kPoints = 20'000;
  for (std::uint64_t n = 0; n < kPoints; ++n) {
    EXPECT_NEAR(NumberOf(fleet, 1, n, 2), NumberOf(fleet, 1, n + 100, 2), 0.011);
    EXPECT_NEAR(NumberOf(fleet, 1, n, 2) + NumberOf(fleet, 1, n + 50, 2), 100, 0.021);
    if (n % 10 != 0) {
      EXPECT_EQ(TextOf(fleet, {1, n}, 3), TextOf(fleet, {1, n - 1}, 3));
    }
    EXPECT_GE(NumberOf(fleet, 1, n, 4), 5 + 3.0 * static_cast<double>(n));
    EXPECT_LT(NumberOf(fleet, 1, n, 4), 5 + 3.0 * static_cast<double>(n + 1));
    up += TextOf(fleet, {1, n}, 5) == "50";
    bad += TextOf(fleet, {1, n}, 6) == "bad";
  }
  EXPECT_NEAR(up, kPoints / 10, kPoints / 50);
  EXPECT_NEAR(bad, kPoints / 10, kPoints / 50);
  std::set<std::string> levels;
  for (std::uint64_t n = 0; n < 1000; n += 10) levels.insert(TextOf(fleet, {1, n}, 3));
  EXPECT_THAT(levels, ElementsAre("-3.0", "1.0", "2.5"));
}

TEST(Fleet, MissingPointsNeverComeAndDuplicatesComeTwice) {
  FleetPlan plan = SmallFleet();
  plan.missing = 0.05;
  plan.duplicate = 0.02;
  const Fleet fleet(plan, 11);
  constexpr std::uint64_t kPlaces = 60'000;
  const auto sent = SentBy(fleet, kPlaces);
  std::size_t twice = 0;
  for (const auto& [point, places] : sent) twice += places.size() == 2;
  EXPECT_NEAR(static_cast<double>(kPlaces - sent.size()), kPlaces * 0.05, kPlaces * 0.005);
  EXPECT_NEAR(static_cast<double>(twice), kPlaces * 0.95 * 0.02, kPlaces * 0.003);
}

TEST(Fleet, LatePointsComeOnceAndAsMuchLaterAsTheFileSays) {
  FleetPlan plan = SmallFleet();
  plan.late = 0.1;
  plan.late_by = 30 * kSecond;
  const Fleet fleet(plan, 13);
  constexpr std::uint64_t kPlaces = 60'000, kBehind = 30 * 6;
  const auto sent = SentBy(fleet, kPlaces + kBehind);
  std::size_t late = 0;
  for (std::uint64_t place = 0; place < kPlaces; ++place) {
    const FleetPoint point = fleet.At(place);
    const auto& places = sent.at({point.series, point.number});
    ASSERT_EQ(places.size(), 1u);
    EXPECT_TRUE(places[0] == place || places[0] == place + kBehind);
    late += places[0] != place;
  }
  EXPECT_NEAR(static_cast<double>(late), kPlaces * 0.1, kPlaces * 0.01);
}

TEST(Fleet, ChurnReplacesAValueOfATagByANewOneAtATime) {
  FleetPlan plan = SmallFleet();
  plan.churn_tag = 1;
  plan.churn_every = 100 * kSecond;
  const Fleet fleet(plan, 17);
  std::set<std::string> names;
  for (std::uint64_t n = 0; n < 400; ++n) {
    names.insert(TextOf(fleet, {0, n}, 1));
    EXPECT_EQ(TextOf(fleet, {0, n}, 0), "north");
    EXPECT_EQ(TextOf(fleet, {0, n}, 1), TextOf(fleet, {3, n}, 1)) << "the same machine elsewhere";
  }
  EXPECT_THAT(names, ::testing::IsSupersetOf({"m-1", "m-1.1", "m-1.2", "m-1.3"}));
  EXPECT_LE(names.size(), 5u);
}

TEST(Fleet, JitterMovesTimesAndNotTheirOrderBySeries) {
  FleetPlan plan = SmallFleet();
  plan.jitter = 100 * kMillisecond;
  const Fleet fleet(plan, 19);
  std::set<std::int64_t> offsets;
  for (std::uint64_t n = 0; n < 100; ++n) {
    const std::int64_t at = std::stoll(TextOf(fleet, {4, n}, 3)) - kStart;
    const std::int64_t offset = at - static_cast<std::int64_t>(n) * kSecond;
    EXPECT_GE(offset, 0);
    EXPECT_LT(offset, 100 * kMillisecond);
    offsets.insert(offset);
  }
  EXPECT_GT(offsets.size(), 90u);
}

// ---- as the arguments of statements ----

RunPlan PlanWith(FleetPlan fleet, std::uint32_t batch) {
  RunPlan plan;
  plan.mix.fleet = std::make_shared<FleetPlan>(std::move(fleet));
  plan.mix.statements = {{.name = "ingest",
                          .weight = 1,
                          .arguments = {"value", "machine", "time", "site"},
                          .batch = batch}};
  return plan;
}

TEST(FleetArguments, OpsOfAllWorkersTogetherSendEachPointOnce) {
  const RunPlan plan = PlanWith(SmallFleet(), 5);
  const auto records = MakeSharedRecords(plan);
  Workload one(plan, records, 0, 2), other(plan, records, 1, 2);
  Request request;
  std::multiset<std::string> seen;
  for (int i = 0; i < 60; ++i) {
    (i % 3 == 0 ? one : other).Next(&request);
    ASSERT_EQ(request.op.arguments.size(), 20u);
    for (std::size_t at = 0; at < 20; at += 4) {
      seen.insert(fmt::format("{} {} {}", request.op.arguments[at + 3],
                              request.op.arguments[at + 1], request.op.arguments[at + 2]));
    }
  }
  EXPECT_EQ(seen.size(), 300u);
  EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), 300u);
  EXPECT_EQ(seen.count("south m-3 1700000049000000000"), 1u);
}

TEST(FleetArguments, AnOpHasAsManySetsAsItsPlacesSendPoints) {
  FleetPlan fleet = SmallFleet();
  fleet.missing = 0.3;
  fleet.duplicate = 0.3;
  fleet.late = 0.3;
  fleet.late_by = 2 * kSecond;
  const RunPlan plan = PlanWith(fleet, 10);
  Workload workload(plan, MakeSharedRecords(plan), 0);
  Request request;
  std::set<std::size_t> sizes;
  for (int i = 0; i < 100; ++i) {
    workload.Next(&request);
    EXPECT_EQ(request.op.arguments.size() % 4, 0u);
    sizes.insert(request.op.arguments.size() / 4);
    for (const std::string_view value : request.op.arguments) EXPECT_FALSE(value.empty());
  }
  EXPECT_GT(sizes.size(), 3u);
}

TEST(FleetArguments, TagsAloneAskAboutSeriesAndSendNothing) {
  RunPlan plan = PlanWith(SmallFleet(), 1);
  plan.mix.statements[0].arguments = {"machine", "site"};
  const auto records = MakeSharedRecords(plan);
  Workload workload(plan, records, 0);
  Request request;
  std::set<std::string> seen;
  for (int i = 0; i < 200; ++i) {
    workload.Next(&request);
    seen.insert(fmt::format("{} {}", request.op.arguments[1], request.op.arguments[0]));
  }
  EXPECT_EQ(seen.size(), 6u);
  EXPECT_EQ(records->Fleet()->Taken(), 0u);
}

}  // namespace
}  // namespace mbench
