// SPDX-License-Identifier: Apache-2.0
#include "reports/text/load_drawing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "tests/reports/golden.h"

namespace mbench {
namespace {

using ::testing::HasSubstr;

// As `mbench check` asks for it: points in the middle of equal stretches.
std::vector<LevelPoint> Sample(Ticks begin, Ticks end, std::size_t count,
                               const std::function<double(Ticks)>& level) {
  std::vector<LevelPoint> points;
  for (std::size_t i = 0; i < count; ++i) {
    const Ticks at =
        begin + (end - begin) * static_cast<Ticks>(2 * i + 1) / static_cast<Ticks>(2 * count);
    points.push_back({at, level(at)});
  }
  return points;
}

double Ramp(Ticks at) { return at < 0 ? 1 : 1 + 63 * ToSeconds(at) / 60; }
double Spike(Ticks at) { return at >= 30 * kSecond && at < 40 * kSecond ? 20'000 : 2'000; }

TEST(LoadDrawing, OfARampWithWarmUp) {
  ExpectGolden("ramp.txt",
               DrawLoad(Sample(-5 * kSecond, 60 * kSecond, 72, Ramp), "clients", 5 * kSecond));
}

TEST(LoadDrawing, OfASpike) {
  ExpectGolden("spike.txt", DrawLoad(Sample(0, 90 * kSecond, 72, Spike), "ops/s", 0));
}

TEST(LoadDrawing, OfPointsThatLeaveTheWarmUpOut) {
  ExpectGolden(
      "warmup_apart.txt",
      DrawLoad(Sample(0, 60 * kSecond, 60, [](Ticks) { return 500.0; }), "ops/s", 6 * kSecond));
}

TEST(LoadDrawing, ASpikeOfOnePointIsSeen) {
  std::vector<LevelPoint> points;
  for (int i = 0; i < 10'000; ++i) points.push_back({i * kMillisecond, i == 4321 ? 100.0 : 0.0});
  EXPECT_THAT(DrawLoad(points, "ops/s", 0), HasSubstr("█"));
}

TEST(LoadDrawing, OfNothingIsDrawnToo) {
  EXPECT_EQ(DrawLoad({}, "ops/s", kSecond), "");
  EXPECT_THAT(DrawLoad({{0, 0}}, "ops/s", 0), HasSubstr("ops/s |"));
  EXPECT_THAT(DrawLoad({{0, 0}, {kSecond, 0}}, "clients", 0), HasSubstr("clients |"));
}

}  // namespace
}  // namespace mbench
