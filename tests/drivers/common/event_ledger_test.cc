// SPDX-License-Identifier: Apache-2.0
//
// Which writes have been seen as events.
#include "drivers/common/event_ledger.h"

#include <gtest/gtest.h>

#include <array>
#include <thread>

namespace mbench {
namespace {

using Fate = EventLedger::Fate;

std::vector<EventLedger::Sighting> Take(EventLedger& ledger) {
  std::vector<EventLedger::Sighting> sightings;
  ledger.TakeSightings(&sightings);
  return sightings;
}

TEST(EventLedger, AnEventIsTimedFromWhenItsWriteWasDueIfThatIsSaid) {
  EventLedger ledger(1, 8);
  const std::uint64_t late = ledger.Begin(3, 500), early = ledger.Begin(3, 600);
  ledger.Acknowledge(late, 1000);
  ledger.See(late, 1700);
  ledger.See(early, 700);
  ledger.Acknowledge(early, 1000);
  const auto told = Take(ledger);
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told[0].seen - told[0].from, 1200);
  EXPECT_EQ(told[1].seen - told[1].from, 100) << "in hand before the reply to its write";
}

TEST(EventLedger, AnEventIsTimedFromTheReplyToItsWrite) {
  EventLedger ledger(1, 8);
  const std::uint64_t number = ledger.Begin(3);
  ledger.Acknowledge(number, 1000);
  EXPECT_EQ(ledger.Missing(), 1u);
  ledger.See(number, 1700);
  const auto told = Take(ledger);
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].statement, 3);
  EXPECT_EQ(told[0].fate, Fate::kSeen);
  EXPECT_EQ(told[0].from, 1000);
  EXPECT_EQ(told[0].seen, 1700);
  EXPECT_EQ(ledger.Missing(), 0u);
  EXPECT_EQ(ledger.Look().seen, 1u);
}

TEST(EventLedger, AnEventBeforeItsReplyTookNoTime) {
  EventLedger ledger(1, 8);
  const std::uint64_t number = ledger.Begin(0);
  ledger.See(number, 900);
  EXPECT_TRUE(Take(ledger).empty()) << "nobody knows yet whether the write was acknowledged";
  ledger.Acknowledge(number, 1000);
  const auto told = Take(ledger);
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].seen - told[0].from, 0);
  EXPECT_EQ(ledger.Look().early, 1u);
  EXPECT_EQ(ledger.Look().seen, 1u);
}

TEST(EventLedger, WhatIsMissingWhenNobodyWaitsAnyLongerIsLost) {
  EventLedger ledger(1, 8);
  const std::uint64_t a = ledger.Begin(0), b = ledger.Begin(1);
  ledger.Acknowledge(a, 10);
  ledger.Acknowledge(b, 20);
  ledger.See(a, 30);
  Take(ledger);
  ledger.GiveUp(true);
  const auto told = Take(ledger);
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].fate, Fate::kLost);
  EXPECT_EQ(told[0].statement, 1);
  EXPECT_EQ(ledger.Look().lost, 1u);
  EXPECT_EQ(ledger.Missing(), 0u);
}

TEST(EventLedger, WhatComesAfterItWasGivenUpIsNeitherSeenNorDoubled) {
  EventLedger ledger(1, 8);
  const std::uint64_t number = ledger.Begin(0);
  ledger.Acknowledge(number, 10);
  ledger.GiveUp(true);
  EXPECT_FALSE(ledger.See(number, 20));
  EXPECT_EQ(Take(ledger).size(), 1u) << "that it is lost was told";
  EXPECT_EQ(ledger.Look().doubled, 0u);
  ledger.See(number, 30);
  EXPECT_EQ(ledger.Look().doubled, 1u) << "this one had come before";
}

TEST(EventLedger, CountsWhatBecameOfTheWritesOfEachStatement) {
  EventLedger ledger(1, 8);
  for (const std::uint16_t statement : std::array<std::uint16_t, 3>{2, 2, 0}) {
    const std::uint64_t number = ledger.Begin(statement);
    ledger.Acknowledge(number, 10);
    if (statement == 0) continue;
    ledger.See(number, 20);
    ledger.See(number, 30);
  }
  ledger.Begin(2);
  ledger.GiveUp(true);
  const std::vector<MessageCounts> counts = ledger.ByStatement();
  ASSERT_EQ(counts.size(), 3u);
  EXPECT_EQ(counts[0], (MessageCounts{.acknowledged = 1, .lost = 1}));
  EXPECT_EQ(counts[1], MessageCounts());
  EXPECT_EQ(counts[2], (MessageCounts{.acknowledged = 2, .doubled = 2}));
}

TEST(EventLedger, WhatWasNotWaitedForIsNotKnownOfAnyStatement) {
  EventLedger ledger(1, 8);
  ledger.Acknowledge(ledger.Begin(0), 10);
  EXPECT_TRUE(ledger.ByStatement()[0].known);
  ledger.GiveUp(false);
  EXPECT_FALSE(ledger.ByStatement()[0].known);
}

TEST(EventLedger, AnInterruptionLosesNothing) {
  EventLedger ledger(1, 8);
  ledger.Acknowledge(ledger.Begin(0), 10);
  ledger.GiveUp(false);
  EXPECT_TRUE(Take(ledger).empty());
  EXPECT_EQ(ledger.Look().lost, 0u);
  EXPECT_EQ(ledger.Look().not_awaited, 1u);
}

TEST(EventLedger, AnEventThatComesAgainIsDoubled) {
  EventLedger ledger(1, 8);
  const std::uint64_t late = ledger.Begin(0), early = ledger.Begin(0);
  ledger.Acknowledge(late, 10);
  ledger.See(late, 20);
  ledger.See(late, 30);
  ledger.See(early, 40);
  ledger.See(early, 50);
  EXPECT_EQ(ledger.Look().doubled, 2u);
  const auto told = Take(ledger);
  ASSERT_EQ(told.size(), 3u);
  EXPECT_EQ(told[1].fate, Fate::kDoubled);
  EXPECT_EQ(told[2].fate, Fate::kDoubled);
}

TEST(EventLedger, AWriteThatNobodyAcknowledgedIsNeitherMissedNorTimed) {
  EventLedger ledger(1, 8);
  const std::uint64_t never = ledger.Begin(0), later = ledger.Begin(0), before = ledger.Begin(0);
  ledger.Abandon(never);
  ledger.Abandon(later);
  ledger.See(later, 10);
  ledger.See(before, 10);
  ledger.Abandon(before);
  EXPECT_TRUE(Take(ledger).empty());
  EXPECT_EQ(ledger.Missing(), 0u);
  EXPECT_EQ(ledger.Look().unacknowledged, 2u);
  EXPECT_EQ(ledger.Look().doubled, 0u);
}

TEST(EventLedger, EventsOfOtherRunsAreNotOurs) {
  EventLedger ledger(1, 8), other(2, 8);
  const std::uint64_t number = other.Begin(0);
  ledger.Acknowledge(ledger.Begin(0), 10);
  ledger.See(number, 20);
  ledger.See(0, 20);
  EXPECT_EQ(ledger.Look().seen, 0u);
  EXPECT_EQ(ledger.Look().doubled, 0u);
  EXPECT_EQ(ledger.Missing(), 1u);
}

TEST(EventLedger, WritesThatAreTooFarBehindAreCountedAndNeitherSeenNorLost) {
  EventLedger ledger(1, 4);
  const std::uint64_t first = ledger.Begin(0);
  ledger.Acknowledge(first, 10);
  const std::uint64_t stuck = ledger.Begin(0);
  for (int i = 0; i < 4; ++i) {
    const std::uint64_t number = ledger.Begin(0);
    ledger.Acknowledge(number, 20 + i);
    ledger.See(number, 30 + i);
  }
  ledger.See(first, 50);
  ledger.Acknowledge(stuck, 60);
  const EventLedger::Counts counts = ledger.Look();
  EXPECT_EQ(counts.untracked, 2u);
  EXPECT_EQ(counts.acknowledged, 6u);
  EXPECT_EQ(counts.seen, 4u);
  EXPECT_EQ(counts.lost + counts.doubled + counts.awaited, 0u);
  ledger.GiveUp(true);
  EXPECT_EQ(ledger.Look().lost, 0u);
}

TEST(EventLedger, TheOldestOfThoseAwaitedSaysHowFarBehindEventsAre) {
  EventLedger ledger(1, 8);
  EXPECT_EQ(ledger.Look().oldest, 0);
  const std::uint64_t a = ledger.Begin(0), b = ledger.Begin(0), c = ledger.Begin(0);
  ledger.Acknowledge(c, 30);
  EXPECT_EQ(ledger.Look().oldest, 30) << "those that are under way are not behind";
  ledger.Acknowledge(a, 10);
  ledger.Acknowledge(b, 20);
  EXPECT_EQ(ledger.Look().oldest, 10);
  ledger.See(a, 40);
  EXPECT_EQ(ledger.Look().oldest, 20);
  ledger.See(b, 40);
  ledger.See(c, 40);
  EXPECT_EQ(ledger.Look().oldest, 0);
}

// Also for the thread sanitizer.
TEST(EventLedger, ManyWritersAndAReaderAgreeOnEveryWrite) {
  constexpr int kWriters = 4, kEach = 5000;
  EventLedger ledger(1, 1 << 15);
  std::vector<std::thread> writers;
  for (int i = 0; i < kWriters; ++i) {
    writers.emplace_back([&ledger] {
      for (int n = 0; n < kEach; ++n) {
        const std::uint64_t number = ledger.Begin(0);
        if (n % 2 == 0) ledger.See(number, n);
        ledger.Acknowledge(number, n);
        if (n % 2 != 0) ledger.See(number, n + 5);
      }
    });
  }
  std::vector<EventLedger::Sighting> told;
  while (told.size() < kWriters * kEach / 2) ledger.TakeSightings(&told);
  for (std::thread& writer : writers) writer.join();
  ledger.TakeSightings(&told);
  EXPECT_EQ(told.size(), std::size_t{kWriters * kEach});
  const EventLedger::Counts counts = ledger.Look();
  EXPECT_EQ(counts.seen, std::uint64_t{kWriters * kEach});
  EXPECT_EQ(counts.early, counts.seen / 2);
  EXPECT_EQ(counts.awaited + counts.doubled + counts.untracked, 0u);
}

TEST(EventLedger, NumbersOfLedgersAreApart) {
  EXPECT_LT(NewRun(), 1u << 23);
  EventLedger high((1u << 23) - 1, 8);
  EXPECT_GT(static_cast<std::int64_t>(high.Begin(0)), 0) << "it is an int64 of BSON";
}

}  // namespace
}  // namespace mbench
