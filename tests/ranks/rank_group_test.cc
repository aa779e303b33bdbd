// SPDX-License-Identifier: Apache-2.0
#include "harness/ranks/rank_group.h"

#include <gtest/gtest.h>

#include <atomic>

#include "harness/ranks/clock_offset.h"
#include "tests/ranks/thread_ranks.h"

namespace mbench {
namespace {

RankIdentity Identity(std::uint32_t rank, const std::string& version = "1.0") {
  return {.version = version,
          .host = rank < 2 ? "a" : "b",
          .pid = 100 + static_cast<int>(rank),
          .cores = 4};
}

TEST(RankGroup, KnowsWhoIsOnWhichHost) {
  ThreadWorld::Run(3, [](Ranks* ranks) {
    const Result<RankGroup> group = RankGroup::Meet(ranks, Identity(ranks->Rank()));
    ASSERT_TRUE(group);
    EXPECT_EQ(group->NameOf(2), "rank 2 (b)");
    EXPECT_EQ(group->Hosts(), (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(group->Cores(), 8u) << "those of a host count once";
    EXPECT_EQ(group->RanksOn(group->members()[ranks->Rank()].host), ranks->Rank() < 2 ? 2u : 1u);
    EXPECT_EQ(group->Neighbours(),
              ranks->Rank() < 2 ? (std::set<int>{100, 101}) : std::set<int>{102});
  });
}

TEST(RankGroup, RefusesAnotherVersionByName) {
  std::atomic<int> refused = 0;
  ThreadWorld::Run(3, [&](Ranks* ranks) {
    const std::string version = ranks->Rank() == 2 ? "1.1" : "1.0";
    const Result<RankGroup> group = RankGroup::Meet(ranks, Identity(ranks->Rank(), version));
    ASSERT_FALSE(group);
    EXPECT_EQ(
        group.error().message,
        "rank 2 (b) has mbench 1.1, and rank 0 (a) has 1.0; all have to have the same version");
    ++refused;
  });
  EXPECT_EQ(refused, 3);
}

// One of them cannot load the driver, say: all end, and all know why.
TEST(RankGroup, FailsEverywhereWithTheNameOfWhoFailed) {
  ThreadWorld::Run(4, [](Ranks* ranks) {
    const Result<RankGroup> group = RankGroup::Meet(ranks, Identity(ranks->Rank()));
    EXPECT_TRUE(group->All({}));
    const Status mine = ranks->Rank() < 2 ? Status() : Status(Unreachable("no kafka here"));
    const Status all = group->All(mine);
    ASSERT_FALSE(all);
    EXPECT_EQ(all.error().kind, ErrorKind::kUnreachable);
    EXPECT_EQ(all.error().message, "rank 2 (b) and others: no kafka here");
    EXPECT_TRUE(group->All({})) << "the next step is a new one";
  });
}

TEST(RankGroup, NamesWhoHasAnotherPlan) {
  ThreadWorld::Run(3, [](Ranks* ranks) {
    const Result<RankGroup> group = RankGroup::Meet(ranks, Identity(ranks->Rank()));
    EXPECT_TRUE(group->AllSay("plan", "why"));
    const Status same = group->AllSay(ranks->Rank() == 1 ? "other" : "plan", "why");
    ASSERT_FALSE(same);
    EXPECT_EQ(same.error().message, "rank 1 (a) and rank 0 (a) do not have the same plan: why");
  });
}

TEST(RankGroup, HearsOfOneWhoWantsToStop) {
  ThreadWorld::Run(3, [](Ranks* ranks) {
    const Result<RankGroup> group = RankGroup::Meet(ranks, Identity(ranks->Rank()));
    EXPECT_FALSE(group->Any(false));
    EXPECT_TRUE(group->Any(ranks->Rank() == 2));
    EXPECT_FALSE(group->Any(false));
  });
}

// The threads of a test have one clock, so that the offset is nothing but the error.
TEST(ClockOffset, IsWithinTheErrorThatItTells) {
  ThreadWorld::Run(3, [](Ranks* ranks) {
    const ClockOffset found = MeasureOffset(ranks);
    EXPECT_LE(std::abs(found.offset), found.error);
    EXPECT_EQ(found.error == 0, ranks->Rank() == 0);
  });
}

}  // namespace
}  // namespace mbench
