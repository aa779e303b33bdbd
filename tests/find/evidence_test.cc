// SPDX-License-Identifier: Apache-2.0
#include "harness/find/evidence.h"

#include <gtest/gtest.h>

#include <vector>

#include "harness/base/rng.h"
#include "harness/find/belief.h"
#include "harness/find/probe.h"

namespace mbench {
namespace {

std::vector<ShareBlock> Seconds(std::size_t count, double bad, double all) {
  return std::vector<ShareBlock>(count, {bad, all});
}

TEST(ShareEvidence, IsAboveZeroWhenTheShareIsBelowWhatIsAllowed) {
  const ShareEvidence evidence = JudgeShare(Seconds(30, 5, 1000), 0.01);
  EXPECT_DOUBLE_EQ(evidence.share, 0.005);
  EXPECT_GT(evidence.margin, 0);
  EXPECT_EQ(evidence.clarity, kClear);
  EXPECT_LT(JudgeShare(Seconds(30, 20, 1000), 0.01).clarity, -3);
}

TEST(ShareEvidence, OfFewOpsIsNotClear) {
  EXPECT_LT(JudgeShare(Seconds(10, 0, 5), 0.01).clarity, 1);
  EXPECT_GT(JudgeShare(Seconds(10, 0, 5), 0.01).clarity, 0);
}

// One stall: all the slow ops of a window in one of its seconds.
TEST(ShareEvidence, KnowsThatOneStallIsOneEventHoweverManyOpsItHit) {
  std::vector<ShareBlock> blocks = Seconds(30, 0, 1000);
  blocks[12].bad = 600;  // 2 % of all
  EXPECT_GT(JudgeShare(blocks, 0.01).clarity, -2);
  EXPECT_LT(JudgeShare(Seconds(30, 20, 1000), 0.01).clarity, -3);
}

TEST(ShareEvidence, OfAnEmptyWindowSaysNothing) {
  EXPECT_EQ(JudgeShare({}, 0.01).clarity, 0);
  EXPECT_EQ(JudgeShare(Seconds(10, 0, 0), 0.01).clarity, 0);
}

TEST(RatioEvidence, ComparesAMeanWithItsLimit) {
  EXPECT_GT(JudgeRatio(Seconds(20, 900, 1000), 1.0).clarity, 3);
  EXPECT_LT(JudgeRatio(Seconds(20, 1100, 1000), 1.0).clarity, -3);
}

TEST(Unsettled, IsAWindowWhoseBeginAloneIsBad) {
  std::vector<ShareBlock> blocks = Seconds(30, 0, 1000);
  EXPECT_FALSE(IsUnsettled(blocks, 0.01));
  for (std::size_t i = 0; i < 5; ++i) blocks[i].bad = 900;
  EXPECT_TRUE(IsUnsettled(blocks, 0.01));
  for (ShareBlock& block : blocks) block.bad = 900;
  EXPECT_FALSE(IsUnsettled(blocks, 0.01));
}

TEST(Unsettled, IsNoStallInTheMiddle) {
  std::vector<ShareBlock> blocks = Seconds(30, 0, 1000);
  blocks[4].bad = 900;
  EXPECT_FALSE(IsUnsettled(blocks, 0.01));
}

TEST(QueueGrows, WhenOneInAHundredIsNotDone) {
  std::vector<double> backlog;
  for (int second = 0; second < 30; ++second) backlog.push_back(20 + 10 * second);
  EXPECT_TRUE(QueueGrows(backlog, 1000));
}

TEST(QueueGrows, NotByChance) {
  Rng rng(1);
  int grown = 0;
  for (int run = 0; run < 200; ++run) {
    std::vector<double> backlog;
    double level = 20;
    for (int second = 0; second < 30; ++second)
      backlog.push_back(level = 0.7 * level + 12 * rng.Exponential());
    grown += QueueGrows(backlog, 1000) ? 1 : 0;
  }
  EXPECT_LE(grown, 1);
}

TEST(QueueGrows, NotInAQueueThatOnlyStartsEmpty) {
  std::vector<double> backlog(30, 50);
  backlog[0] = 10;
  EXPECT_FALSE(QueueGrows(backlog, 1000));
}

Probe Vote(double level, double clarity) {
  return {.level = level,
          .end = clarity > 0 ? ProbeEnd::kHolds : ProbeEnd::kBreaks,
          .clarity = clarity};
}

TEST(CapacityBelief, LiesBetweenAHoldAndABreak) {
  const std::vector<Probe> probes = {Vote(1000, 3.5), Vote(1100, -3.5)};
  const CapacityBelief belief(probes);
  EXPECT_NEAR(belief.Quantile(0.5), 1050, 10);
  EXPECT_LT(belief.MassBelow(1000), 0.025);
  EXPECT_GT(belief.MassBelow(1100), 0.975);
}

TEST(CapacityBelief, IsWiderWhenVotesContradictOneAnother) {
  const std::vector<Probe> agreeing = {Vote(1000, 3.5), Vote(1100, -3.5), Vote(1040, 3.0),
                                       Vote(1060, -3.0)};
  std::vector<Probe> contrary = agreeing;
  contrary.push_back(Vote(1040, -3.0));
  const CapacityBelief narrow(agreeing), wide(contrary);
  EXPECT_GT(wide.Quantile(0.975) - wide.Quantile(0.025),
            narrow.Quantile(0.975) - narrow.Quantile(0.025));
}

TEST(CapacityBelief, BelievesNoSingleProbeAgainstManyOthers) {
  const std::vector<Probe> probes = {Vote(100, -3.5), Vote(500, 3.5),   Vote(600, 3.5),
                                     Vote(1000, 3.5), Vote(1100, -3.5), Vote(2000, -3.5)};
  EXPECT_NEAR(CapacityBelief(probes).Quantile(0.5), 1050, 50);
}

}  // namespace
}  // namespace mbench
