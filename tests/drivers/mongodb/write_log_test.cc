// SPDX-License-Identifier: Apache-2.0
//
// Which acknowledged writes are lost, given what the documents show.
#include "drivers/mongodb/write_log.h"

#include <gtest/gtest.h>

#include "drivers/common/event_ledger.h"

namespace mbench::mongodb {
namespace {

constexpr std::uint64_t kA = 11, kB = 22;  // documents

struct Rig {
  WriteLog log{5};
  Ledger::Lane* const lane = log.NewLane();

  // Returns its number.
  std::uint64_t Write(std::uint64_t document, Ticks started, Ticks ended,
                      LedgerKind kind = LedgerKind::kAcknowledged) {
    const std::uint64_t number = log.NewNumber();
    lane->Add(MakeWrite(document, number, kind, started, ended));
    return number;
  }
  void Delete(std::uint64_t document, Ticks started, Ticks ended,
              LedgerKind kind = LedgerKind::kAcknowledged) {
    lane->Add(MakeWrite(document, 0, kind, started, ended));
  }
  LedgerFindings::OfOp Compare(std::vector<std::uint64_t> seen) {
    return log.Compare(std::move(seen))->Of(0);
  }
};

TEST(WriteLog, AWriteThatADocumentShowsIsThereAndEarlierOnesWereOverwritten) {
  Rig rig;
  rig.Write(kA, 10, 20);
  rig.Write(kA, 30, 40);
  const std::uint64_t last = rig.Write(kA, 50, 60), other = rig.Write(kB, 10, 20);
  const auto found = rig.Compare({other, last});
  EXPECT_EQ(found.acknowledged, 4u);
  EXPECT_EQ(found.lost, 0u);
  EXPECT_EQ(found.in_doubt, 0u);
}

TEST(WriteLog, ADocumentThatShowsNoWriteHasLostAll) {
  Rig rig;
  rig.Write(kA, 10, 20);
  rig.Write(kA, 30, 40);
  const auto found = rig.Compare({});
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
  const auto found = rig.Compare({});
  EXPECT_EQ(found.acknowledged, 5u);
  EXPECT_EQ(found.lost, 1u);
}

TEST(WriteLog, ADeleteIsLostWhenAnEarlierWriteIsStillThere) {
  Rig rig;
  const std::uint64_t shown = rig.Write(kA, 10, 20);
  rig.Delete(kA, 30, 40);
  EXPECT_EQ(rig.Compare({shown}).lost, 1u);
}

TEST(WriteLog, ADeleteThatNobodyAcknowledgedMayHaveComeAtAnyTimeLater) {
  Rig rig;
  rig.Delete(kA, 10, 20, LedgerKind::kInDoubt);
  rig.Write(kA, 30, 40);
  EXPECT_EQ(rig.Compare({}).lost, 0u);
}

TEST(WriteLog, AWriteThatNobodyAcknowledgedMayHaveComeAtAnyTimeLater) {
  Rig rig;
  const std::uint64_t shown = rig.Write(kA, 10, 20, LedgerKind::kInDoubt);
  rig.Write(kA, 30, 40);
  rig.Write(kB, 10, 20, LedgerKind::kInDoubt);
  const auto found = rig.Compare({shown});
  EXPECT_EQ(found.acknowledged, 1u);
  EXPECT_EQ(found.lost, 0u);
  EXPECT_EQ(found.in_doubt, 2u);
  EXPECT_EQ(found.in_doubt_there, 1u);
}

TEST(WriteLog, NumbersOfOtherRunsAreNone) {
  Rig rig;
  WriteLog other(6);
  rig.Write(kA, 10, 20);
  EXPECT_EQ(rig.Compare({other.NewNumber()}).lost, 1u);
  EXPECT_LT(rig.log.NewNumber(), rig.log.End());
  EXPECT_EQ(rig.log.End(), other.First());
}

}  // namespace
}  // namespace mbench::mongodb
