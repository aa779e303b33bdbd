// SPDX-License-Identifier: Apache-2.0
#include "harness/run/rounds.h"

#include <gtest/gtest.h>

#include <string>

namespace mbench {
namespace {

std::string Order(std::size_t rounds, std::size_t sides) {
  std::string order;
  for (std::size_t round = 0; round < rounds; ++round)
    for (std::size_t place = 0; place < sides; ++place)
      order += SideAt(round, place, sides) == 0 ? 'A' : 'B';
  return order;
}

TEST(Rounds, TakeTurnsInBothDirections) { EXPECT_EQ(Order(4, 2), "ABBAABBA"); }

TEST(Rounds, OfOnePlanAreThatPlan) { EXPECT_EQ(Order(5, 1), "AAAAA"); }

// The sum of the places of a side is what a steady drift of the host adds to it.
TEST(Rounds, LetASteadyDriftCancel) {
  const std::string order = Order(8, 2);
  std::size_t a = 0;
  std::size_t b = 0;
  for (std::size_t i = 0; i < order.size(); ++i) (order[i] == 'A' ? a : b) += i;
  EXPECT_EQ(a, b);
}

}  // namespace
}  // namespace mbench
