// SPDX-License-Identifier: Apache-2.0
#include "harness/result/provenance.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/clock.h"

namespace mbench {
namespace {

TEST(Utc, TimesAreWrittenAndReadBack) {
  EXPECT_EQ(FormatUtc(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(FormatUtc(-kMillisecond), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(FormatUtc(1'769'862'896'789'000'000), "2026-01-31T12:34:56.789Z");
  EXPECT_EQ(ParseUtc("2026-01-31T12:34:56.789Z"), 1'769'862'896'789'000'000);
  EXPECT_EQ(ParseUtc("1970-01-01T00:00:00.000Z"), 0);
}

TEST(Utc, WhatIsNotWrittenSoIsNoTime) {
  for (const char* text : {"", "2026-01-31", "2026-01-31T12:34:56Z", "2026-01-31 12:34:56.789Z",
                           "x026-01-31T12:34:56.789Z", "0001-01-31T12:34:56.789Z"})
    EXPECT_EQ(ParseUtc(text), std::nullopt) << text;
}

TEST(HostProvenance, KnowsThisHost) {
  const Provenance provenance = HostProvenance();
  EXPECT_THAT(provenance.mbench_version, ::testing::MatchesRegex("[0-9]+\\.[0-9]+\\.[0-9]+"));
  EXPECT_FALSE(provenance.host.empty());
  EXPECT_THAT(provenance.kernel, ::testing::StartsWith("Linux "));
  EXPECT_GT(provenance.cores, 0u);
  EXPECT_GT(provenance.memory_bytes, 1'000'000u);
  EXPECT_EQ(provenance.clock, Clock::Name());
}

}  // namespace
}  // namespace mbench
