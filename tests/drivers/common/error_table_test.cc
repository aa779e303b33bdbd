// SPDX-License-Identifier: Apache-2.0
#include "drivers/common/error_table.h"

#include <gtest/gtest.h>

namespace mbench {
namespace {

TEST(ErrorTable, KeepsTheCodeOfAName) {
  ErrorTable table({"busy"});
  EXPECT_EQ(table.Code("busy"), 1);
  const std::uint16_t lost = table.Code("connection lost");
  EXPECT_EQ(lost, 2);
  EXPECT_EQ(table.Code("busy"), 1);
  EXPECT_EQ(table.Code("connection lost"), lost);
  EXPECT_EQ(table.Name(lost), "connection lost");
}

TEST(ErrorTable, CountsNamesBeyondItsBoundTogether) {
  ErrorTable table;
  for (std::size_t i = 0; i < ErrorTable::kMost; ++i) table.Code("error " + std::to_string(i));
  const std::uint16_t other = table.Code("one more");
  EXPECT_EQ(table.Name(other), "other error");
  EXPECT_EQ(table.Code("yet another"), other);
  EXPECT_EQ(table.Name(table.Code("error 63")), "error 63");
}

TEST(ErrorTable, ZeroIsNoError) { EXPECT_EQ(ErrorTable().Name(0), "no error"); }

}  // namespace
}  // namespace mbench
