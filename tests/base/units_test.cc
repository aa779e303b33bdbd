// SPDX-License-Identifier: Apache-2.0
#include "harness/base/units.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tuple>

namespace mbench {
namespace {

using testing::HasSubstr;

template <class T>
T ValueOf(const Result<T>& result) {
  EXPECT_TRUE(result) << result.error().message;
  return result.value_or(T{-1});
}
template <class T>
std::string MessageOf(const Result<T>& result) {
  return result ? fmt::format("no error but {}", *result) : result.error().message;
}

TEST(ParseCount, TakesPlainNumbersAndDecimalMultipliers) {
  EXPECT_EQ(ValueOf(ParseCount("0")), 0);
  EXPECT_EQ(ValueOf(ParseCount(" 1000 ")), 1000);
  EXPECT_EQ(ValueOf(ParseCount("100k")), 100'000);
  EXPECT_EQ(ValueOf(ParseCount("1.1K")), 1'100);
  EXPECT_EQ(ValueOf(ParseCount("1.5M")), 1'500'000);
  EXPECT_EQ(ValueOf(ParseCount("+2G")), 2'000'000'000);
  EXPECT_EQ(ValueOf(ParseCount("1e6")), 1'000'000);
  EXPECT_EQ(ValueOf(ParseCount("9007199254740992")), 9'007'199'254'740'992);
}

TEST(ParseInteger, IsExactWith64BitsAndMayHaveASign) {
  EXPECT_EQ(ValueOf(ParseInteger("9007199254740993")), 9'007'199'254'740'993);
  EXPECT_EQ(ValueOf(ParseInteger("9223372036854775807")), INT64_MAX);
  EXPECT_EQ(ValueOf(ParseInteger(" -9223372036854775808 ")), INT64_MIN);
  EXPECT_EQ(ValueOf(ParseInteger("-5k")), -5'000);
  EXPECT_EQ(ValueOf(ParseInteger("1.5M")), 1'500'000);
  EXPECT_FALSE(ParseInteger("9223372036854775808"));
  EXPECT_FALSE(ParseInteger("0.5"));
  EXPECT_FALSE(ParseInteger("--5"));
  EXPECT_FALSE(ParseInteger(""));
}

TEST(ParseCount, RefusesWithTheReason) {
  EXPECT_THAT(MessageOf(ParseCount("")),
              HasSubstr("not a count: ''; expected something like 1000"));
  EXPECT_THAT(MessageOf(ParseCount("ten")), HasSubstr("not a count: 'ten'"));
  EXPECT_THAT(MessageOf(ParseCount("nan")), HasSubstr("not a count"));
  EXPECT_THAT(MessageOf(ParseCount("inf")), HasSubstr("not a count"));
  EXPECT_THAT(MessageOf(ParseCount("-1")), HasSubstr("cannot be negative"));
  EXPECT_THAT(MessageOf(ParseCount("1.5")), HasSubstr("must be whole"));
  EXPECT_THAT(MessageOf(ParseCount("5q")), HasSubstr("unknown unit"));
  EXPECT_THAT(MessageOf(ParseCount("1,000")), HasSubstr("unknown unit"));
  EXPECT_THAT(MessageOf(ParseCount("1e30")), HasSubstr("too large"));
  EXPECT_THAT(MessageOf(ParseCount("1e999")), HasSubstr("too large"));
}

TEST(ParseBytes, TellsDecimalFromBinaryUnits) {
  EXPECT_EQ(ValueOf(ParseBytes("100")), 100);
  EXPECT_EQ(ValueOf(ParseBytes("100B")), 100);
  EXPECT_EQ(ValueOf(ParseBytes("4KB")), 4'000);
  EXPECT_EQ(ValueOf(ParseBytes("4 KiB")), 4'096);
  EXPECT_EQ(ValueOf(ParseBytes("1.5MiB")), 1'572'864);
  EXPECT_EQ(ValueOf(ParseBytes("2GiB")), 2'147'483'648);
  EXPECT_THAT(MessageOf(ParseBytes("4k")), HasSubstr("unknown unit"));
  EXPECT_THAT(MessageOf(ParseBytes("0.5B")), HasSubstr("must be whole"));
}

TEST(ParseDuration, TakesOneOrMoreUnitsFromLargeToSmall) {
  EXPECT_EQ(ValueOf(ParseDuration("0")), 0);
  EXPECT_EQ(ValueOf(ParseDuration("250us")), 250 * kMicrosecond);
  EXPECT_EQ(ValueOf(ParseDuration("250\u00b5s")), 250 * kMicrosecond);
  EXPECT_EQ(ValueOf(ParseDuration("1.5s")), 1500 * kMillisecond);
  EXPECT_EQ(ValueOf(ParseDuration("1h30m")), 90 * kMinute);
  EXPECT_EQ(ValueOf(ParseDuration("1m 30s")), 90 * kSecond);
  EXPECT_EQ(ValueOf(ParseDuration("366d")), 366 * 24 * kHour);
}

TEST(ParseDuration, RefusesWithTheReason) {
  EXPECT_THAT(MessageOf(ParseDuration("10")), HasSubstr("has no unit"));
  EXPECT_THAT(MessageOf(ParseDuration("10sec")), HasSubstr("unknown unit"));
  EXPECT_THAT(MessageOf(ParseDuration("30m1h")), HasSubstr("larger units first"));
  EXPECT_THAT(MessageOf(ParseDuration("1h-30m")), HasSubstr("cannot be negative"));
  EXPECT_THAT(MessageOf(ParseDuration("-1s")), HasSubstr("cannot be negative"));
  EXPECT_THAT(MessageOf(ParseDuration("367d")), HasSubstr("too large"));
  EXPECT_THAT(MessageOf(ParseDuration("s")), HasSubstr("not a duration"));
  EXPECT_THAT(MessageOf(ParseDuration("")), HasSubstr("not a duration"));
}

TEST(ParseRate, NeedsItsUnit) {
  EXPECT_EQ(ValueOf(ParseRate("500/s")), 500);
  EXPECT_EQ(ValueOf(ParseRate("12k/s")), 12'000);
  EXPECT_EQ(ValueOf(ParseRate("0.5 /s")), 0.5);
  EXPECT_THAT(MessageOf(ParseRate("500")), HasSubstr("the unit of a rate is /s"));
  EXPECT_THAT(MessageOf(ParseRate("500/m")), HasSubstr("the unit of a rate is /s"));
  EXPECT_THAT(MessageOf(ParseRate("-5/s")), HasSubstr("cannot be negative"));
  EXPECT_THAT(MessageOf(ParseRate("5q/s")), HasSubstr("unknown unit"));
}

TEST(ParseFraction, TakesPartsAndPercentages) {
  EXPECT_DOUBLE_EQ(ValueOf(ParseFraction("0.1%")), 0.001);
  EXPECT_DOUBLE_EQ(ValueOf(ParseFraction("0.25")), 0.25);
  EXPECT_DOUBLE_EQ(ValueOf(ParseFraction("100%")), 1);
  EXPECT_THAT(MessageOf(ParseFraction("25")), HasSubstr("out of range"));
  EXPECT_THAT(MessageOf(ParseFraction("-1%")), HasSubstr("out of range"));
  EXPECT_THAT(MessageOf(ParseFraction("5 parts")), HasSubstr("not a fraction"));
}

TEST(ParseNumber, TakesFiniteDecimalNumbersOnly) {
  EXPECT_EQ(ValueOf(ParseNumber("-2.5")), -2.5);
  EXPECT_THAT(MessageOf(ParseNumber("5k")), HasSubstr("not a number"));
  EXPECT_THAT(MessageOf(ParseNumber("infinity")), HasSubstr("not a number"));
  EXPECT_THAT(MessageOf(ParseNumber("1e999")), HasSubstr("too large"));
}

TEST(FormatDuration, ShowsThreeDigitsAndCarriesIntoTheNextUnit) {
  const std::vector<std::pair<Ticks, std::string>> cases = {
      {0, "0ns"},
      {950, "950ns"},
      {12'340, "12.3us"},
      {1'050'000, "1.05ms"},
      {9'996'000, "10.0ms"},
      {999'400'000, "999ms"},
      {999'600'000, "1.00s"},
      {59'900'000'000, "59.9s"},
      {59'960'000'000, "1m00s"},
      {125 * kSecond, "2m05s"},
      {90 * kMinute, "1h30m"},
      {99 * kHour + 59 * kMinute + 59 * kSecond, "4d04h"},
      {-12'340, "-12.3us"}};
  for (const auto& [ticks, text] : cases) EXPECT_EQ(FormatDuration(ticks), text) << ticks;
}

TEST(FormatCount, ShowsThreeDigitsAndCarriesIntoTheNextUnit) {
  EXPECT_EQ(FormatCount(0), "0");
  EXPECT_EQ(FormatCount(999), "999");
  EXPECT_EQ(FormatCount(0.25), "0.25");
  EXPECT_EQ(FormatCount(999.7), "1.00k");
  EXPECT_EQ(FormatCount(12'345), "12.3k");
  EXPECT_EQ(FormatCount(1'200'000), "1.20M");
  EXPECT_EQ(FormatCount(-5), "-5");
  EXPECT_EQ(FormatRate(12'345), "12.3k/s");
}

TEST(FormatBytes, UsesBinaryUnits) {
  EXPECT_EQ(FormatBytes(100), "100 B");
  EXPECT_EQ(FormatBytes(4096), "4.00 KiB");
  EXPECT_EQ(FormatBytes(1'572'864), "1.50 MiB");
}

TEST(FormatPercent, ShowsTwoDecimalsButNeverHidesWhatIsThere) {
  EXPECT_EQ(FormatPercent(0), "0.00%");
  EXPECT_EQ(FormatPercent(0.001), "0.10%");
  EXPECT_EQ(FormatPercent(0.12345), "12.35%");
  EXPECT_EQ(FormatPercent(0.00001), "0.001%");
}

TEST(Format, WholeNumbersHaveAllTheirDigits) {
  EXPECT_EQ(NumberText(0), "0");
  EXPECT_EQ(NumberText(999), "999");
  EXPECT_EQ(NumberText(-1234), "-1,234");
  EXPECT_EQ(NumberText(0.25), "0.25");
  EXPECT_EQ(NumberText(1e300), "1e+300");
  EXPECT_EQ(WithCommas(18'446'744'073'709'551'615U), "18,446,744,073,709,551,615");
}

TEST(ByteRate, IsReadAndWrittenInBytesPerSecond) {
  EXPECT_EQ(ParseByteRate("40 MB/s").value(), 40e6);
  EXPECT_EQ(ParseByteRate("3MiB/s").value(), 3 * 1024 * 1024);
  EXPECT_FALSE(ParseByteRate("40 MB"));
  EXPECT_FALSE(ParseByteRate("40k/s"));
  EXPECT_EQ(FormatByteRate(12'345'678), "12.3 MB/s");
  EXPECT_EQ(FormatByteRate(999), "999 B/s");
}

}  // namespace
}  // namespace mbench
