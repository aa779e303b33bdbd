// SPDX-License-Identifier: Apache-2.0
#include "harness/load/arrivals.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "tests/load/stages.h"

namespace mbench {
namespace {

std::vector<Ticks> All(const LoadCurve& curve, Arrivals arrivals, std::uint32_t streams,
                       std::uint64_t seed = 7) {
  std::vector<Ticks> times;
  for (std::uint32_t i = 0; i < streams; ++i) {
    ArrivalStream stream(&curve, arrivals, seed, i, streams);
    for (Ticks due = stream.Next(); due != kNever; due = stream.Next()) times.push_back(due);
  }
  std::sort(times.begin(), times.end());
  return times;
}

TEST(Arrivals, AreAsManyAsTheIntegralOfTheRateForEveryProfile) {
  for (const auto& [name, plan] : EveryProfile()) {
    const LoadCurve curve(plan);
    for (const std::uint32_t streams : {1u, 3u, 64u}) {
      const auto times = All(curve, Arrivals::kConstant, streams);
      EXPECT_NEAR(static_cast<double>(times.size()), curve.TotalArea(), 1)
          << name << ", streams " << streams;
      // And not only in the end: at every time so far.
      for (Ticks t = curve.Begin(); t < curve.End(); t += 37 * kMillisecond) {
        const auto due = std::lower_bound(times.begin(), times.end(), t) - times.begin();
        ASSERT_NEAR(static_cast<double>(due), curve.AreaAt(t), 1) << name << " at " << t;
      }
    }
  }
}

// Taken one by one and passed over, in steps of all lengths, they are the same arrivals.
TEST(Arrivals, CanBePassedOver) {
  for (const auto& [name, plan] : EveryProfile()) {
    const LoadCurve curve(plan);
    for (const Arrivals arrivals : {Arrivals::kConstant, Arrivals::kPoisson}) {
      for (const std::uint32_t streams : {1u, 3u}) {
        ArrivalStream taken(&curve, arrivals, 7, streams - 1, streams);
        ArrivalStream passed(&curve, arrivals, 7, streams - 1, streams);
        Ticks next = taken.Next();
        Ticks step = kMicrosecond;
        for (Ticks t = curve.Begin(); t < curve.End() + kSecond; t += step = step * 5 / 4) {
          std::uint64_t count = 0;
          for (; next < t; next = taken.Next()) ++count;
          ASSERT_EQ(passed.PassUntil(t), count) << name << " at " << t;
        }
        EXPECT_EQ(passed.Next(), next) << name;
      }
    }
  }
}

TEST(Arrivals, OfASteadyRateAreEvenlySpaced) {
  const LoadCurve curve(OneStage(Steady(1000, 10 * kSecond)));
  const auto times = All(curve, Arrivals::kConstant, 4);
  ASSERT_EQ(times.size(), 10'000u);
  for (std::size_t n = 0; n < times.size(); ++n) {
    ASSERT_NEAR(static_cast<double>(times[n]), static_cast<double>(n) * 1e6, 1) << n;
  }
}

TEST(Arrivals, AMillionthCarriesTheRoundingErrorOfOne) {
  const LoadCurve curve(OneStage(Steady(300, 3600 * kSecond)));
  ArrivalStream stream(&curve, Arrivals::kConstant, 1, 0, 1);
  Ticks last = 0;
  for (int n = 0; n <= 1'000'000; ++n) last = stream.Next();
  EXPECT_NEAR(static_cast<double>(last), 1e6 / 300 * 1e9, 1);
}

TEST(Arrivals, OfAPoissonProcessHaveItsMeanAndVariance) {
  const LoadCurve curve(OneStage(Steady(20'000, 10 * kSecond)));
  for (const std::uint32_t streams : {1u, 8u}) {
    const auto times = All(curve, Arrivals::kPoisson, streams);
    // Counts of 1 ms cells: mean 20, variance 20. Ten thousand cells: standard errors 0.045 and
    // 0.29.
    std::vector<int> cells(10'000);
    for (const Ticks t : times) ++cells[static_cast<std::size_t>(t / kMillisecond)];
    double sum = 0, squares = 0;
    for (const int cell : cells) sum += cell, squares += cell * cell;
    const double mean = sum / 10'000;
    EXPECT_NEAR(mean, 20, 0.2) << "streams " << streams << ", seed 7";
    EXPECT_NEAR(squares / 10'000 - mean * mean, 20, 1.2) << "streams " << streams << ", seed 7";
  }
}

TEST(Arrivals, RepeatForTheSameSeedAndDifferForAnother) {
  const LoadCurve curve(OneStage(Ramp(0, 5000, 2 * kSecond)));
  EXPECT_EQ(All(curve, Arrivals::kPoisson, 2, 1), All(curve, Arrivals::kPoisson, 2, 1));
  EXPECT_NE(All(curve, Arrivals::kPoisson, 2, 1), All(curve, Arrivals::kPoisson, 2, 2));
}

}  // namespace
}  // namespace mbench
