// SPDX-License-Identifier: Apache-2.0
#include "harness/load/client_steps.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/load/stages.h"

namespace mbench {
namespace {

TEST(ClientSteps, ARampAddsOneClientAtATime) {
  const auto steps = ClientSteps(LoadCurve(OneStage(Ramp(1, 64, 60 * kSecond))));
  ASSERT_EQ(steps.size(), 64u);
  for (std::uint32_t i = 0; i < steps.size(); ++i) EXPECT_EQ(steps[i].clients, i + 1);
  EXPECT_EQ(steps.front().at, 0);
  EXPECT_NEAR(ToSeconds(steps[1].at), 0.5 * 60 / 63, 1e-5);
}

TEST(ClientSteps, SteadyIsOneStep) {
  const auto steps = ClientSteps(LoadCurve(OneStage(Steady(8, 60 * kSecond))));
  ASSERT_EQ(steps.size(), 1u);
  EXPECT_EQ(steps[0].clients, 8u);
}

TEST(ClientSteps, FollowTheCurveOfEveryProfileAtEveryTime) {
  for (const auto& [name, plan] : EveryProfile()) {
    const LoadCurve curve(plan);
    const auto steps = ClientSteps(curve);
    std::size_t i = 0;
    for (Ticks t = curve.Begin(); t < curve.End(); t += 7 * kMillisecond) {
      while (i + 1 < steps.size() && steps[i + 1].at <= t) ++i;
      // Within rounding, and 1 us of a steep change.
      ASSERT_NEAR(static_cast<double>(steps[i].clients), curve.LevelAt(t), 0.51)
          << name << " at " << t;
    }
  }
}

}  // namespace
}  // namespace mbench
