// SPDX-License-Identifier: Apache-2.0
#include "drivers/common/expectation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mbench {
namespace {

using ::testing::HasSubstr;

bool Holds(std::string_view text, double measured) {
  const auto expectation = ParseExpectation(text);
  EXPECT_TRUE(expectation) << text;
  return expectation && expectation->Holds(measured);
}

TEST(Expectation, HoldsOnItsSideOfTheNumber) {
  for (const auto& [text, below, at, above] : {std::tuple{"54654", false, true, false},
                                               {"= 54654", false, true, false},
                                               {"== 54654", false, true, false},
                                               {"< 54654", true, false, false},
                                               {"<=54654", true, true, false},
                                               {" > 54654 ", false, false, true},
                                               {">= 54654", false, true, true}}) {
    EXPECT_EQ(Holds(text, 54653), below) << text;
    EXPECT_EQ(Holds(text, 54654), at) << text;
    EXPECT_EQ(Holds(text, 54655), above) << text;
  }
  EXPECT_TRUE(Holds("-0.5", -0.5));
}

TEST(Expectation, IsToldAsPeopleWriteNumbers) {
  EXPECT_EQ(ParseExpectation("54654")->Text(), "= 54,654");
  EXPECT_EQ(ParseExpectation(">=1e6")->Text(), ">= 1,000,000");
  EXPECT_EQ(ParseExpectation("< 0.25")->Text(), "< 0.25");
}

TEST(Expectation, WhatIsNoNumberIsRefused) {
  for (const char* text : {"", "many", "5 6", ">", "=> 5", "5%", "nan", "inf", ">= "}) {
    const auto expectation = ParseExpectation(text);
    ASSERT_FALSE(expectation) << text;
    EXPECT_THAT(expectation.error().message, HasSubstr("expected a number such as 54654")) << text;
    EXPECT_EQ(expectation.error().kind, ErrorKind::kUsage);
  }
}

}  // namespace
}  // namespace mbench
