// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/due_source.h"

#include <gtest/gtest.h>

#include <thread>

#include "tests/load/stages.h"

namespace mbench {
namespace {

constexpr Ticks kZero = 100 * kSecond;

// Takes everything that is due by `now`; how many.
int TakeDue(DueSource* source, Ticks now) {
  int taken = 0;
  for (; source->NextDue(now) <= now; ++taken) source->Take();
  return taken;
}

TEST(ClosedSource, ClientsAreDueWhenTheyJoin) {
  const std::vector<ClientStep> steps = {{0, 2}, {kSecond, 5}};
  ClosedSource source({.steps = steps, .zero = kZero});
  EXPECT_EQ(source.NextDue(kZero - 1), kZero);
  EXPECT_EQ(TakeDue(&source, kZero), 2);
  EXPECT_EQ(source.NextDue(kZero), kZero + kSecond);
  EXPECT_EQ(TakeDue(&source, kZero + kSecond), 3);
  EXPECT_EQ(source.NextDue(kZero + kSecond), kNever);
}

TEST(ClosedSource, SurplusClientsLeaveWhenTheyAreReadyOrGetTheirReply) {
  const std::vector<ClientStep> steps = {{0, 5}, {kSecond, 1}};
  ClosedSource source({.steps = steps, .zero = kZero});
  EXPECT_EQ(TakeDue(&source, kZero), 5);
  // Three are ready, two still wait for their replies.
  for (int i = 0; i < 3; ++i) source.Replied(kZero + 1);
  EXPECT_EQ(TakeDue(&source, kZero + kSecond), 0);  // the three that are ready leave,
  source.Replied(kZero + kSecond);                  // and one of the two
  source.Replied(kZero + kSecond);
  EXPECT_EQ(TakeDue(&source, kZero + kSecond), 1);
}

TEST(ClosedSource, SharesOfAllWorkersAddUp) {
  const std::vector<ClientStep> steps = {{0, 11}};
  int sum = 0;
  for (std::uint32_t worker = 0; worker < 4; ++worker) {
    ClosedSource source({.steps = steps, .worker = worker, .workers = 4, .zero = kZero});
    sum += TakeDue(&source, kZero);
  }
  EXPECT_EQ(sum, 11);
}

TEST(ClosedSource, AClientThatJoinsIsNotHeldUpByThoseThatThink) {
  const std::vector<ClientStep> steps = {{0, 1}, {kSecond, 2}};
  ClosedSource source({.steps = steps, .think = kMinute, .zero = kZero});
  EXPECT_EQ(TakeDue(&source, kZero), 1);
  source.Replied(kZero + 1);
  EXPECT_EQ(source.NextDue(kZero + kSecond), kZero + kSecond);
  EXPECT_EQ(TakeDue(&source, kZero + kSecond), 1);
  EXPECT_EQ(source.NextDue(kZero + 2 * kSecond), kZero + 1 + kMinute);
}

TEST(ClosedSource, IsExhaustedAfterItsOpsAndTheWarmUpDoesNotCount) {
  const std::vector<ClientStep> steps = {{-kSecond, 1}};
  ClosedSource source({.steps = steps, .zero = kZero, .ops = 2});
  for (int warmup = 0; warmup < 5; ++warmup) {
    ASSERT_EQ(TakeDue(&source, kZero - 1), 1);
    source.Replied(kZero - 1);
  }
  ASSERT_EQ(TakeDue(&source, kZero - 1), 1);
  for (int measured = 0; measured < 2; ++measured) {
    EXPECT_FALSE(source.Exhausted());
    source.Replied(kZero + measured);
    EXPECT_EQ(TakeDue(&source, kZero + measured), 1);
  }
  EXPECT_TRUE(source.Exhausted());
  EXPECT_EQ(source.NextDue(kZero + kSecond), kNever);
}

TEST(ClosedSource, CountsClientsThatWereReadyBeforeTheEndAndNotTaken) {
  const std::vector<ClientStep> steps = {{0, 3}};
  ClosedSource source({.steps = steps, .think = kSecond, .zero = kZero});
  source.NextDue(kZero);
  source.Take();
  source.Replied(kZero);
  EXPECT_EQ(source.Waiting(kZero + kMillisecond), 2u);
  EXPECT_EQ(source.Waiting(kZero + kMinute), 3u);
}

TEST(OpenSource, DrawsAnArrivalOnlyWhenAsked) {
  const LoadCurve curve(OneStage(Steady(1000, kSecond)));
  const ArrivalStream stream(&curve, Arrivals::kConstant, 1, 0, 1);
  SharedArrivals shared(stream);
  OpenSource first(stream, &shared, kZero);
  OpenSource second(stream, &shared, kZero);
  EXPECT_EQ(first.NextDue(kZero), kZero);
  first.Take();  // and is busy with it from here on
  EXPECT_EQ(second.NextDue(kZero), kZero + kMillisecond);
}

TEST(OpenSource, SeveralWorkersTakeEveryArrivalOnce) {
  const LoadCurve curve(OneStage(Steady(100'000, kSecond)));
  const ArrivalStream stream(&curve, Arrivals::kConstant, 1, 0, 1);
  SharedArrivals shared(stream);
  std::atomic<int> taken{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        OpenSource source(stream, &shared, kZero);
        taken += TakeDue(&source, kZero + kSecond);
        EXPECT_TRUE(source.Exhausted());
      });
    }
  }
  EXPECT_EQ(taken, 100'000);
}

}  // namespace
}  // namespace mbench
