// SPDX-License-Identifier: Apache-2.0
//
// Which acknowledged writes are lost, given what the documents show.
#include "drivers/mongodb/write_log.h"

#include <gtest/gtest.h>

#include <thread>

#include "drivers/common/event_ledger.h"

namespace mbench::mongodb {
namespace {

constexpr std::uint64_t kA = 11, kB = 22;  // documents

struct Rig {
  WriteLog log{5};
  WriteLog::Lane* const lane = log.NewLane();

  // Returns its number.
  std::uint64_t Write(std::uint64_t document, Ticks started, Ticks ended = kNever) {
    const std::uint64_t number = log.NewNumber();
    lane->Add({document, number, started, ended});
    return number;
  }
  void Delete(std::uint64_t document, Ticks started, Ticks ended = kNever) {
    lane->Add({document, 0, started, ended});
  }
};

TEST(WriteLog, AWriteThatADocumentShowsIsThereAndEarlierOnesWereOverwritten) {
  Rig rig;
  rig.Write(kA, 10, 20);
  rig.Write(kA, 30, 40);
  const std::uint64_t last = rig.Write(kA, 50, 60), other = rig.Write(kB, 10, 20);
  const auto found = rig.log.Compare({other, last});
  EXPECT_EQ(found.acknowledged, 4u);
  EXPECT_EQ(found.lost, 0u);
  EXPECT_EQ(found.unacknowledged, 0u);
}

TEST(WriteLog, WhatBeganAfterTheOneThatIsShownHadEndedIsLost) {
  Rig rig;
  const std::uint64_t shown = rig.Write(kA, 10, 20);
  rig.Write(kA, 15, 25);  // at the same time: overwritten by it
  rig.Write(kA, 21, 30);
  rig.Write(kA, 40, 50);
  EXPECT_EQ(rig.log.Compare({shown}).lost, 2u);
}

TEST(WriteLog, ADocumentThatShowsNoWriteHasLostAll) {
  Rig rig;
  rig.Write(kA, 10, 20);
  rig.Write(kA, 30, 40);
  const auto found = rig.log.Compare({});
  EXPECT_EQ(found.acknowledged, 2u);
  EXPECT_EQ(found.lost, 2u);
}

TEST(WriteLog, ADeleteExplainsWhatIsNotThere) {
  Rig rig;
  rig.Write(kA, 10, 20);
  rig.Delete(kA, 15, 30);
  rig.Write(kA, 40, 50);  // after it, and not there
  rig.Write(kB, 10, 20);
  rig.Delete(kB, 30, 40);
  const auto found = rig.log.Compare({});
  EXPECT_EQ(found.acknowledged, 5u);
  EXPECT_EQ(found.lost, 1u);
}

TEST(WriteLog, ADeleteIsLostWhenAnEarlierWriteIsStillThere) {
  Rig rig;
  const std::uint64_t shown = rig.Write(kA, 10, 20);
  rig.Delete(kA, 30, 40);
  EXPECT_EQ(rig.log.Compare({shown}).lost, 1u);
}

TEST(WriteLog, AWriteThatNobodyAcknowledgedMayHaveComeAtAnyTimeLater) {
  Rig rig;
  const std::uint64_t shown = rig.Write(kA, 10);
  rig.Write(kA, 30, 40);
  rig.Write(kB, 10);
  const auto found = rig.log.Compare({shown});
  EXPECT_EQ(found.acknowledged, 1u);
  EXPECT_EQ(found.lost, 0u);
  EXPECT_EQ(found.unacknowledged, 2u);
  EXPECT_EQ(found.present, 1u);
}

TEST(WriteLog, NumbersOfOtherRunsAreNone) {
  Rig rig;
  WriteLog other(6);
  rig.Write(kA, 10, 20);
  EXPECT_EQ(rig.log.Compare({other.NewNumber()}).lost, 1u);
  EXPECT_LT(rig.log.NewNumber(), rig.log.End());
  EXPECT_EQ(rig.log.End(), other.First());
}

TEST(WriteLog, CountsWhatItCannotKeep) {
  WriteLog log(1, 2);
  WriteLog::Lane* const lane = log.NewLane();
  std::vector<std::uint64_t> numbers;
  for (std::uint64_t document = 1; document <= 5; ++document) {
    numbers.push_back(log.NewNumber());
    lane->Add({document, numbers.back(), 10, 20});
  }
  const auto found = log.Compare(numbers);
  EXPECT_EQ(found.acknowledged, 2u);
  EXPECT_EQ(found.lost, 0u);
  EXPECT_EQ(found.not_kept, 3u);
}

TEST(WriteLog, SessionsWriteAtTheSameTime) {
  WriteLog log(1);
  std::vector<std::jthread> threads;
  for (std::uint64_t session = 0; session < 4; ++session) {
    threads.emplace_back([&log, session] {
      WriteLog::Lane* const lane = log.NewLane();
      for (std::uint64_t i = 0; i < 10'000; ++i)
        lane->Add(
            {session << 32 | i, log.NewNumber(), static_cast<Ticks>(i), static_cast<Ticks>(i)});
    });
  }
  threads.clear();
  const auto found = log.Compare({});
  EXPECT_EQ(found.acknowledged, 40'000u);
  EXPECT_EQ(found.lost, 40'000u);
}

}  // namespace
}  // namespace mbench::mongodb
