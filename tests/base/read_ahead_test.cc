// SPDX-License-Identifier: Apache-2.0
#include "harness/base/read_ahead.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <vector>

namespace mbench {
namespace {

ReadAhead<int>::Source CountTo(int last, int* count) {
  return [last, count](int* item) -> Result<bool> {
    if (*count == last) return false;
    *item = ++*count;
    return true;
  };
}

TEST(ReadAhead, GivesEverythingInOrderAndThenNoMore) {
  int count = 0;
  ReadAhead<int> ahead(CountTo(10'000, &count));
  int item = 0;
  for (int i = 1; i <= 10'000; ++i) {
    ASSERT_TRUE(ahead.Next(&item).value());
    ASSERT_EQ(item, i);
  }
  EXPECT_FALSE(ahead.Next(&item).value());
  EXPECT_FALSE(ahead.Next(&item).value());
}

TEST(ReadAhead, GivesWhatCameBeforeAnErrorAndThenTheError) {
  int count = 0;
  ReadAhead<int> ahead([&](int* item) -> Result<bool> {
    if (count == 3) return Invalid("torn");
    *item = ++count;
    return true;
  });
  int item = 0;
  for (int i = 1; i <= 3; ++i) ASSERT_TRUE(ahead.Next(&item).value());
  for (int i = 0; i < 2; ++i) {
    const Result<bool> more = ahead.Next(&item);
    ASSERT_FALSE(more);
    EXPECT_EQ(more.error().message, "torn");
  }
}

TEST(ReadAhead, EndsWhenNobodyWantsMoreOfAnEndlessSource) {
  std::atomic<int> asked = 0;
  {
    ReadAhead<int> ahead([&](int* /*item*/) -> Result<bool> {
      ++asked;
      return true;
    });
    int item = 0;
    ASSERT_TRUE(ahead.Next(&item).value());
  }
  EXPECT_LE(asked, 18) << "no more than fit, the one taken and one under way";
}

TEST(ReadAhead, GivesBackWhatWasTakenToBeFilledAgain) {
  ReadAhead<std::vector<int>> ahead([&](std::vector<int>* item) -> Result<bool> {
    item->assign(100, 1);
    return true;
  });
  std::vector<int> item;
  std::vector<const int*> seen;
  int again = 0;
  for (int i = 0; i < 200; ++i) {
    ASSERT_TRUE(ahead.Next(&item).value());
    again += static_cast<int>(std::ranges::count(seen, item.data()));
    seen.push_back(item.data());
  }
  EXPECT_GT(again, 150) << "buffers are not made anew for every item";
}

}  // namespace
}  // namespace mbench
