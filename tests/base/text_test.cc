// SPDX-License-Identifier: Apache-2.0
#include "harness/base/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace mbench {
namespace {

using testing::ElementsAre;

TEST(Trim, TakesSpaceOffBothEnds) {
  EXPECT_EQ(Trim(" \t a b\r\n"), "a b");
  EXPECT_EQ(Trim("  "), "");
  EXPECT_EQ(Trim(""), "");
}

TEST(Split, KeepsEmptyParts) {
  EXPECT_THAT(Split("a,,b,", ','), ElementsAre("a", "", "b", ""));
  EXPECT_THAT(Split("", ','), ElementsAre(""));
}

TEST(Join, PutsTheSeparatorBetween) {
  const std::vector<std::string> parts = {"a", "b", "c"};
  EXPECT_EQ(Join(parts, ", "), "a, b, c");
  EXPECT_EQ(Join({}, ", "), "");
}

TEST(ClosestMatch, FindsWhatWasMostLikelyMeant) {
  constexpr std::array<std::string_view, 4> kWords = {"over", "at", "warmup", "connections"};
  EXPECT_EQ(ClosestMatch("ober", kWords), "over");
  EXPECT_EQ(ClosestMatch("oevr", kWords), "over");
  EXPECT_EQ(ClosestMatch("warm_up", kWords), "warmup");
  EXPECT_EQ(ClosestMatch("conections", kWords), "connections");
}

TEST(ClosestMatch, FindsNothingWhereNothingIsNear) {
  constexpr std::array<std::string_view, 2> kWords = {"over", "at"};
  EXPECT_EQ(ClosestMatch("something", kWords), "");
  EXPECT_EQ(ClosestMatch("", kWords), "");
  EXPECT_EQ(ClosestMatch(std::string(100'000, 'x'), kWords), "");
  EXPECT_EQ(ClosestMatch("x", {}), "");
}

TEST(Quote, MakesAnythingSafeToShow) {
  EXPECT_EQ(Quote("plain"), "'plain'");
  EXPECT_EQ(Quote("gr\u00f6\u00dfer"), "'gr\u00f6\u00dfer'");
  EXPECT_EQ(Quote("a\x1b[31m\n"), "'a\\x1b[31m\\x0a'");
  EXPECT_EQ(Quote("a\xff"), "'a\\xff'");
  EXPECT_EQ(Quote("a\xc3"), "'a\\xc3'") << "a character that ends too early";
  EXPECT_EQ(Quote("\xc0\x80"), "'\\xc0\\x80'") << "an overlong zero";
  EXPECT_EQ(Quote("\xed\xa0\x80"), "'\\xed\\xa0\\x80'") << "a surrogate";
  EXPECT_EQ(Quote("\u202e"), "'\\xe2\\x80\\xae'") << "right to left";
  EXPECT_EQ(Quote(std::string_view("a\0b", 3)), "'a\\x00b'");
}

TEST(Quote, CutsBetweenCharacters) {
  EXPECT_EQ(Quote("abcdef", 3), "'abc...'");
  EXPECT_EQ(Quote("abc", 3), "'abc'");
  EXPECT_EQ(Quote("ab\u00f6", 3), "'ab...'");
}

}  // namespace
}  // namespace mbench
