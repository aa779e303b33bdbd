// SPDX-License-Identifier: Apache-2.0
//
// Which acknowledged writes are lost and which reads are stale: by example, and against every
// history of a store whose state at every moment is known.
#include "drivers/common/ledger_judge.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "harness/base/rng.h"

namespace mbench {
namespace {

constexpr Ticks kZero = 0;

// The history of one key.
class History {
 public:
  History& Write(std::uint64_t version, Ticks started, Ticks ended, std::uint64_t client = 1) {
    return Add(LedgerKind::kAcknowledged, version, started, ended, client);
  }
  History& Fail(std::uint64_t version, Ticks started, Ticks ended) {
    return Add(LedgerKind::kFailed, version, started, ended, 1);
  }
  History& Doubt(std::uint64_t version, Ticks started, Ticks ended) {
    return Add(LedgerKind::kInDoubt, version, started, ended, 1);
  }
  History& Read(std::uint64_t version, Ticks started, Ticks ended, std::uint64_t client = 2,
                std::uint64_t label = 0) {
    Add(LedgerKind::kRead, version, started, ended, client);
    entries_.back().SetLabel(label);
    return *this;
  }
  History& Final(std::uint64_t version) { return Add(LedgerKind::kFinal, version, 0, 0, 0); }

  LedgerFindings Judge(Ticks zero = kZero) {
    std::ranges::stable_sort(
        entries_, [](const LedgerEntry& a, const LedgerEntry& b) { return a.started < b.started; });
    LedgerFindings findings;
    JudgeKey(entries_, zero, &findings);
    findings.Of(0);
    return findings;
  }

 private:
  History& Add(LedgerKind kind, std::uint64_t version, Ticks started, Ticks ended,
               std::uint64_t client) {
    LedgerEntry& entry = entries_.emplace_back();
    entry.key = 5;
    entry.version = version;
    entry.SetKind(kind);
    entry.SetTimes(started, ended);
    entry.SetClient(client);
    return *this;
  }

  std::vector<LedgerEntry> entries_;
};

// ---- writes ----

TEST(LedgerJudge, AWriteThatIsThereHasOverwrittenThoseBeforeIt) {
  const auto found =
      History().Write(11, 10, 20).Write(12, 30, 40).Write(13, 50, 60).Final(13).Judge();
  EXPECT_EQ(found.ops[0].acknowledged, 3u);
  EXPECT_EQ(found.ops[0].lost, 0u);
  EXPECT_EQ(found.keys, 1u);
}

TEST(LedgerJudge, WhatBeganAfterTheOneThatIsThereHadEndedIsLostFromThenOn) {
  const auto found = History()
                         .Write(11, 10, 20)
                         .Write(12, 15, 25)  // at the same time: overwritten by it
                         .Write(13, 21, 30)
                         .Write(14, 40, 50)
                         .Final(11)
                         .Judge();
  EXPECT_EQ(found.ops[0].lost, 2u);
  ASSERT_EQ(found.lost.size(), 2u);
  EXPECT_EQ(found.lost[0].started, 21);
  EXPECT_EQ(found.lost[1].ended, 50);
}

TEST(LedgerJudge, AKeyThatIsAsItWasOrGoneHasLostAll) {
  EXPECT_EQ(History().Write(11, 10, 20).Write(12, 30, 40).Final(0).Judge().ops[0].lost, 2u);
  EXPECT_EQ(History().Write(11, 10, 20).Final(kAbsentVersion).Judge().ops[0].lost, 1u);
  EXPECT_EQ(History().Write(11, 10, 20).Final(kNoVersion).Judge().ops[0].lost, 1u);
}

TEST(LedgerJudge, ADeleteExplainsWhatIsNotThereAndIsLostWhenItIs) {
  History gone;
  gone.Write(11, 10, 20).Write(kAbsentVersion, 15, 30).Write(12, 40, 50).Final(kAbsentVersion);
  EXPECT_EQ(gone.Judge().ops[0].lost, 1u) << "what came after the delete";
  EXPECT_EQ(History().Write(11, 10, 20).Write(kAbsentVersion, 30, 40).Final(11).Judge().ops[0].lost,
            1u);
}

TEST(LedgerJudge, AWriteInDoubtMayHaveComeAtAnyTimeLater) {
  const auto found = History().Doubt(11, 10, 15).Write(12, 30, 40).Final(11).Judge();
  EXPECT_EQ(found.ops[0].acknowledged, 1u);
  EXPECT_EQ(found.ops[0].lost, 0u);
  EXPECT_EQ(found.ops[0].in_doubt, 1u);
  EXPECT_EQ(found.ops[0].in_doubt_there, 1u);
}

TEST(LedgerJudge, FailedWritesAreKeptApartAlsoWhenTheyAreThereAfterAll) {
  const auto found =
      History().Fail(11, 10, 15).Fail(12, 20, 25).Write(13, 30, 40).Final(12).Judge();
  EXPECT_EQ(found.ops[0].failed, 2u);
  EXPECT_EQ(found.ops[0].failed_there, 1u);
  EXPECT_EQ(found.ops[0].in_doubt, 0u);
  EXPECT_EQ(found.ops[0].lost, 0u) << "it may have been done after what was acknowledged";
}

TEST(LedgerJudge, VersionsMayGoBackwards) {
  const auto found = History()
                         .Write(30, 10, 20)
                         .Write(20, 30, 40)
                         .Read(20, 45, 46)
                         .Write(10, 50, 60)
                         .Read(10, 65, 66)
                         .Read(20, 70, 71)
                         .Final(10)
                         .Judge();
  EXPECT_EQ(found.ops[0].lost, 0u);
  EXPECT_EQ(found.ops[0].reads.stale, 1u);
  EXPECT_EQ(found.repeated_versions, 0u);
}

TEST(LedgerJudge, VersionsThatRepeatAreToldAndTheLaterWriteIsBelieved) {
  const auto found =
      History().Write(11, 10, 20).Write(12, 30, 40).Write(11, 50, 60).Final(11).Judge();
  EXPECT_EQ(found.ops[0].lost, 0u);
  EXPECT_EQ(found.repeated_versions, 1u);
}

TEST(LedgerJudge, KeysThatNobodyCouldLookAtAreTold) {
  const auto found = History().Write(11, 10, 20).Judge();
  EXPECT_EQ(found.not_looked_for, 1u);
  EXPECT_EQ(found.ops[0].lost, 0u);
}

// ---- reads ----

TEST(LedgerJudge, AReadIsStaleWhenSomethingNewerWasAcknowledgedBeforeItBegan) {
  const auto found = History()
                         .Write(11, 10, 20)
                         .Read(11, 25, 26)
                         .Write(12, 30, 40)
                         .Read(11, 35, 60)  // began before the reply to 12
                         .Read(11, 45, 46)  // stale
                         .Read(12, 50, 51)
                         .Judge();
  EXPECT_EQ(found.ops[0].reads.judged, 4u);
  EXPECT_EQ(found.ops[0].reads.stale, 1u);
  EXPECT_EQ(found.ops[0].oldest, 5);
}

TEST(LedgerJudge, OfTwoWritesAtTheSameTimeEitherMayBeRead) {
  const auto found =
      History().Write(11, 10, 30).Write(12, 15, 25).Read(11, 40, 41).Read(12, 50, 51).Judge();
  EXPECT_EQ(found.ops[0].reads.stale, 0u);
}

TEST(LedgerJudge, WhatWasThereBeforeIsStaleOnceItIsOverwritten) {
  const auto found = History()
                         .Read(99, 1, 2)  // of an earlier run
                         .Write(11, 10, 20)
                         .Read(99, 25, 26)
                         .Read(0, 27, 28)
                         .Read(kAbsentVersion, 29, 30)
                         .Judge();
  EXPECT_EQ(found.ops[0].reads.stale, 3u);
  EXPECT_EQ(found.ops[0].never_written, 0u);
}

TEST(LedgerJudge, TwoThingsCannotHaveBeenThereBefore) {
  const auto found = History().Read(99, 1, 2).Read(98, 3, 4).Read(kNoVersion, 5, 6).Judge();
  EXPECT_EQ(found.ops[0].never_written, 2u);
  EXPECT_EQ(found.ops[0].reads.judged, 3u);
}

TEST(LedgerJudge, AVersionIsNotReadBeforeItIsWritten) {
  const auto found = History().Read(98, 1, 2).Read(11, 3, 4).Write(11, 10, 20).Judge();
  EXPECT_EQ(found.ops[0].never_written, 1u);
}

TEST(LedgerJudge, AClientThatReadsBackwardsOrMissesItsOwnWriteIsTold) {
  const auto found = History()
                         .Write(11, 10, 20, 7)
                         .Write(12, 30, 40, 7)
                         .Read(12, 41, 42, 8)
                         .Read(11, 43, 44, 8)  // back, and stale
                         .Read(11, 45, 46, 9)  // stale alone
                         .Read(11, 47, 48, 7)  // not its own
                         .Judge();
  EXPECT_EQ(found.ops[0].reads.stale, 3u);
  EXPECT_EQ(found.ops[0].backwards, 1u);
  EXPECT_EQ(found.ops[0].not_own, 1u);
}

TEST(LedgerJudge, ReadingBackwardsIsToldAlsoOfWhatNobodyAcknowledged) {
  const auto found =
      History().Write(11, 10, 20).Doubt(12, 30, 40).Read(12, 50, 51).Read(11, 60, 61).Judge();
  EXPECT_EQ(found.ops[0].reads.stale, 0u);
  EXPECT_EQ(found.ops[0].backwards, 1u);
}

TEST(LedgerJudge, ClientsThatCannotBeToldApartAreNotHeldToTheirOwn) {
  const auto found = History()
                         .Write(11, 10, 20, 0)
                         .Write(12, 30, 40, 0)
                         .Read(12, 41, 42, 0)
                         .Read(11, 43, 44, 0)
                         .Judge();
  EXPECT_EQ(found.ops[0].reads.stale, 1u);
  EXPECT_EQ(found.ops[0].backwards + found.ops[0].not_own, 0u);
}

TEST(LedgerJudge, CountsByLabelAndLeavesTheWarmUpOut) {
  const auto found = History()
                         .Write(11, 10, 20)
                         .Write(12, 30, 40)
                         .Read(11, 50, 51, 2, 1)
                         .Read(11, 60, 61, 2, 1)
                         .Read(12, 70, 71, 2, 2)
                         .Judge(55);
  EXPECT_EQ(found.ops[0].reads.judged, 2u);
  EXPECT_EQ(found.ops[0].by_label.at(1).stale, 1u);
  EXPECT_EQ(found.ops[0].by_label.at(2).stale, 0u);
  EXPECT_EQ(found.ops[0].by_label.at(2).judged, 1u);
}

// ---- every history ----

// A store of one key that does what it is told at one moment within each op, and loses what it did
// in [lost_from, lost_until). What is certain by the times of start and end alone is what a judge
// may say; it is found here by trying all pairs.
struct Op {
  std::uint64_t version;
  Ticks started, moment, ended;
  bool writes;
};

struct Expected {
  std::uint64_t lost = 0, stale = 0;
};

Expected TryAllPairs(const std::vector<Op>& ops, std::uint64_t final_version) {
  Expected expected;
  const auto end_of = [&ops](std::uint64_t version) {
    for (const Op& op : ops)
      if (op.writes && op.version == version) return op.ended;
    return Ticks{-1};
  };
  for (const Op& op : ops) {
    if (op.writes) {
      expected.lost += op.started > end_of(final_version) ? 1 : 0;
      continue;
    }
    const bool stale = std::ranges::any_of(ops, [&](const Op& write) {
      return write.writes && write.ended < op.started && write.started > end_of(op.version);
    });
    expected.stale += stale ? 1 : 0;
  }
  return expected;
}

class Store {
 public:
  explicit Store(std::uint64_t seed, bool loses) : rng_(seed) {
    Ticks now = 10;
    for (std::uint64_t i = 1; i <= 60; ++i) {
      now += static_cast<Ticks>(rng_.Below(6));
      const Ticks moment = now + 1 + static_cast<Ticks>(rng_.Below(9));
      const Ticks ended = moment + 1 + static_cast<Ticks>(rng_.Below(9));
      ops.push_back({i, now, moment, ended, rng_.Below(2) == 0});
    }
    std::ranges::sort(ops, {}, &Op::moment);
    // In its middle, so that reads are stale, or at its end, so that writes are lost.
    const std::size_t crash = rng_.Below(2) == 0 ? 20 + rng_.Below(20) : ops.size();
    std::vector<std::uint64_t> states = {0};
    for (std::size_t i = 0; i < ops.size(); ++i) {
      if (loses && i == crash) states.resize(1 + rng_.Below(states.size()));
      if (ops[i].writes) {
        states.push_back(ops[i].version);
      } else {
        ops[i].version = states.back();
      }
    }
    if (loses && crash == ops.size()) states.resize(1 + rng_.Below(states.size()));
    final_version = states.back();
  }

  // Its ops overlap, so they are of no one client.
  LedgerFindings Judge() const {
    History history;
    for (const Op& op : ops) {
      if (op.writes) {
        history.Write(op.version, op.started, op.ended, 0);
      } else {
        history.Read(op.version, op.started, op.ended, 0);
      }
    }
    return history.Final(final_version).Judge();
  }

  std::vector<Op> ops;
  std::uint64_t final_version = 0;

 private:
  Rng rng_;
};

TEST(LedgerJudge, NothingIsLostOrStaleInAStoreThatIsSound) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const LedgerFindings found = Store(seed, false).Judge();
    const LedgerFindings::OfOp& op = found.ops[0];
    ASSERT_EQ(op.lost + op.reads.stale + op.never_written + op.backwards + op.not_own, 0u)
        << "seed " << seed;
  }
}

TEST(LedgerJudge, SaysOfAStoreThatForgetsAllThatIsCertainAndNoMore) {
  std::uint64_t lost = 0, stale = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const Store store(seed, true);
    const LedgerFindings found = store.Judge();
    const Expected expected = TryAllPairs(store.ops, store.final_version);
    ASSERT_EQ(found.ops[0].lost, expected.lost) << "seed " << seed;
    ASSERT_EQ(found.ops[0].reads.stale, expected.stale) << "seed " << seed;
    lost += expected.lost;
    stale += expected.stale;
  }
  EXPECT_GT(lost, 100u);
  EXPECT_GT(stale, 50u);
}

}  // namespace
}  // namespace mbench
