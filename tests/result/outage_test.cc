// SPDX-License-Identifier: Apache-2.0
//
// Outages found in slices of ops whose times are made up: no clock, no threads.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "harness/result/judge.h"
#include "harness/result/outage_judge.h"

namespace mbench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// What becomes of an op that ends at that time.
struct Fate {
  Outcome outcome = Outcome::kOk;
  Ticks took = kMillisecond;
  bool comes = true;
};

class Outages : public ::testing::Test {
 protected:
  Outages() {
    event_ = {.at = 10 * kSecond, .name = "stopped"};
    event_.outage = OutagePlan{.of = {"update"}, .at_most = 10 * kSecond};
    recovered_ = {.errors = 0.001, .lasts = kSecond};
  }

  // One op each `every_`, from 0 to `length`, in slices of 10 ms; the event begins at its time.
  const RunResult& Run(Ticks length, const std::function<Fate(Ticks at)>& fate) {
    result_.op_names = {"read", "update"};
    OutageJudge judge({event_}, recovered_, result_.op_names);
    bool began = false;
    Ticks due = every_;
    for (Ticks begin = 0; begin < length; begin += slice_) {
      Interval slice{.begin = begin, .end = begin + slice_};
      slice.ops.resize(2);
      slice.planned_level = level_(slice.end - 1);
      for (; due < slice.end; due += every_) Put(due, fate(due), &slice);
      if (!began && event_.at < slice.end) judge.OnEvent(0, 1, event_.at);
      began |= event_.at < slice.end;
      judge.Add(slice);
      result_.total.Add(slice);
      down_.push_back(judge.TakeDown()[1]);
    }
    judge.Finish(length, &result_);
    return result_;
  }
  const OutageResult& Only(Ticks length, const std::function<Fate(Ticks at)>& fate) {
    Run(length, fate);
    EXPECT_EQ(result_.outages.size(), 1u);
    if (result_.outages.empty()) result_.outages.emplace_back();
    return result_.outages[0];
  }

  static void Put(Ticks at, const Fate& fate, Interval* slice) {
    if (!fate.comes) return;
    OpStats& op = slice->ops[1];
    op.response[static_cast<std::size_t>(fate.outcome)].Record(fate.took);
    if (IsAnswer(fate.outcome))
      op.marks.Answer(at);
    else
      op.marks.Error(at - fate.took, at);
  }

  static std::function<Fate(Ticks)> FailsWithin(Ticks from, Ticks to) {
    return [=](Ticks at) {
      return at >= from && at < to ? Fate{Outcome::kFailed, kMillisecond} : Fate{};
    };
  }

  EventPlan event_;
  RecoveredPlan recovered_;
  Ticks every_ = kMillisecond;
  Ticks slice_ = 10 * kMillisecond;
  std::function<double(Ticks)> level_ = [](Ticks) { return 1000.0; };
  RunResult result_;
  std::vector<bool> down_;  // by slice
};

// ---- declared ----

TEST_F(Outages, AreTimedByTheStampsOfOpsAndNotBySlices) {
  every_ = 700 * kMicrosecond;
  const Ticks from = 10'033 * kMillisecond, to = 12'457 * kMillisecond;
  const OutageResult& outage = Only(20 * kSecond, FailsWithin(from, to));
  EXPECT_EQ(outage.state, OutageState::kRecovered);
  EXPECT_NEAR(ToSeconds(outage.from), ToSeconds(from), 0.001);
  EXPECT_NEAR(ToSeconds(outage.to), ToSeconds(to), 0.001);
  EXPECT_GE(outage.first_error, from);
  EXPECT_NEAR(ToSeconds(outage.first_error), ToSeconds(from), 0.001);
  EXPECT_LT(outage.last_error, to);
  EXPECT_NEAR(ToSeconds(outage.last_error), ToSeconds(to), 0.001);
  EXPECT_NEAR(ToSeconds(outage.silence), ToSeconds(to - from), 0.002);
  EXPECT_FALSE(outage.Broken());
}

TEST_F(Outages, JudgeBeforeDuringAndAfterApart) {
  const OutageResult& outage = Only(20 * kSecond, [](Ticks at) {
    if (at < 10 * kSecond) return Fate{};
    if (at < 12 * kSecond) return Fate{Outcome::kFailed};
    return Fate{.took = 3 * kMillisecond};
  });
  EXPECT_EQ(outage.before.ended, 9'999u);
  EXPECT_EQ(outage.before.errors, 0u);
  EXPECT_EQ(outage.during.ended, 2'000u);
  EXPECT_EQ(outage.during.errors, 2'000u);
  EXPECT_EQ(outage.during.p99, 0);
  EXPECT_EQ(outage.after.errors, 0u);
  EXPECT_EQ(outage.after.ended, 8'000u);
  EXPECT_NEAR(static_cast<double>(outage.before.p99), kMillisecond, kMillisecond / 100);
  EXPECT_NEAR(static_cast<double>(outage.after.p99), 3 * kMillisecond, kMillisecond / 10);
}

// A server that stands still fails nothing; its ops only come late.
TEST_F(Outages, OfASystemThatHangsNeedNoErrors) {
  const OutageResult& outage = Only(20 * kSecond, [](Ticks at) {
    return Fate{.comes = at < 10'200 * kMillisecond || at >= 13 * kSecond};
  });
  EXPECT_EQ(outage.state, OutageState::kRecovered);
  EXPECT_NEAR(ToSeconds(outage.from), 10.2, 0.002);
  EXPECT_NEAR(ToSeconds(outage.to), 13, 0.002);
  EXPECT_FALSE(outage.HasErrors());
}

TEST_F(Outages, ThatNothingCameOfAreNotSeen) {
  const OutageResult& outage = Only(20 * kSecond, [](Ticks) { return Fate{}; });
  EXPECT_EQ(outage.state, OutageState::kNotSeen);
  EXPECT_EQ(outage.Rto(), 0);
  EXPECT_FALSE(outage.Broken());
}

TEST_F(Outages, AreNoneForAFewErrorsAsThereAreAlways) {
  const OutageResult& outage = Only(20 * kSecond, [](Ticks at) {
    return at % (3 * kSecond) == 0 ? Fate{Outcome::kFailed} : Fate{};
  });
  EXPECT_EQ(outage.state, OutageState::kNotSeen);
}

TEST_F(Outages, ThatFlapAreOneUntilItIsOverForLongEnough) {
  const OutageResult& outage = Only(20 * kSecond, [](Ticks at) {
    const bool first = at >= 10'100 * kMillisecond && at < 10'500 * kMillisecond;
    const bool second = at >= 11 * kSecond && at < 11'300 * kMillisecond;
    return first || second ? Fate{Outcome::kFailed} : Fate{};
  });
  EXPECT_NEAR(ToSeconds(outage.from), 10.1, 0.002);
  EXPECT_NEAR(ToSeconds(outage.to), 11.3, 0.002);
  EXPECT_EQ(outage.relapses, 0u);
}

TEST_F(Outages, ThatComeBackWithinTheirTimeAreRelapses) {
  const OutageResult& outage = Only(25 * kSecond, [](Ticks at) {
    const bool first = at >= 10'100 * kMillisecond && at < 10'500 * kMillisecond;
    const bool second = at >= 14 * kSecond && at < 15 * kSecond;
    return first || second ? Fate{Outcome::kFailed} : Fate{};
  });
  EXPECT_EQ(outage.state, OutageState::kRecovered);
  EXPECT_EQ(outage.relapses, 1u);
  EXPECT_NEAR(ToSeconds(outage.to), 15, 0.002);
  EXPECT_EQ(outage.during.errors, 1'400u);
}

TEST_F(Outages, ThatNeverEndAreBroken) {
  const OutageResult& outage = Only(15 * kSecond, FailsWithin(11 * kSecond, kHour));
  EXPECT_EQ(outage.state, OutageState::kNeverEnded);
  EXPECT_TRUE(outage.Broken());
  EXPECT_NEAR(ToSeconds(outage.Rto()), 4, 0.01);
}

TEST_F(Outages, ThatTakeLongerThanDeclaredAreBrokenAndTimedAllTheSame) {
  const OutageResult& outage = Only(30 * kSecond, FailsWithin(11 * kSecond, 25 * kSecond));
  EXPECT_EQ(outage.state, OutageState::kRecovered);
  EXPECT_TRUE(outage.TooLong());
  EXPECT_TRUE(outage.Broken());
  EXPECT_NEAR(ToSeconds(outage.Rto()), 14, 0.002);
}

TEST_F(Outages, WhoseEndIsTooNearToThatOfTheRunAreNotProven) {
  const OutageResult& outage = Only(13 * kSecond, FailsWithin(11 * kSecond, 12'500 * kMillisecond));
  EXPECT_EQ(outage.state, OutageState::kUnproven);
  EXPECT_NEAR(ToSeconds(outage.to), 12.5, 0.002);
}

TEST_F(Outages, AreOverWhenLatenciesAreWellAgainToo) {
  recovered_.p99_times = 2;
  const OutageResult& outage = Only(20 * kSecond, [](Ticks at) {
    if (at >= 10'500 * kMillisecond && at < 11 * kSecond) return Fate{Outcome::kFailed};
    if (at >= 11 * kSecond && at < 13 * kSecond) return Fate{.took = 5 * kMillisecond};
    return Fate{};
  });
  EXPECT_EQ(outage.state, OutageState::kRecovered);
  EXPECT_NEAR(ToSeconds(outage.to), 13, 0.02);
}

// They ended ten seconds after the fault, and began right at it.
TEST_F(Outages, OfOpsThatTimeOutBeginWhenTheseBegan) {
  const OutageResult& outage = Only(40 * kSecond, [](Ticks at) {
    const bool was_hit = at % (4 * kMillisecond) == 0 && at >= 15 * kSecond && at < 18 * kSecond;
    return was_hit ? Fate{Outcome::kTimedOut, 5 * kSecond} : Fate{};
  });
  EXPECT_NEAR(ToSeconds(outage.from), 10, 0.01);
}

TEST_F(Outages, InATimeWithoutLoadAreNone) {
  level_ = [](Ticks at) { return at >= 12 * kSecond && at < 14 * kSecond ? 0.0 : 1000.0; };
  const RunResult& result = Run(20 * kSecond, [](Ticks at) {
    return Fate{.comes = at < 12 * kSecond || at >= 14 * kSecond};
  });
  ASSERT_EQ(result.outages.size(), 1u);
  EXPECT_EQ(result.outages[0].state, OutageState::kNotSeen);
}

TEST_F(Outages, TellWhileTheyLast) {
  Run(20 * kSecond, FailsWithin(11 * kSecond, 12 * kSecond));
  EXPECT_FALSE(down_[1'090]);
  EXPECT_TRUE(down_[1'150]);
  EXPECT_FALSE(down_[1'350]);  // over for longer than a second
}

// ---- found ----

TEST_F(Outages, ThatNobodyDeclaredAreFound) {
  event_.outage.reset();
  const OutageResult& gap = Only(20 * kSecond, [](Ticks at) {
    return Fate{.comes = at < 10'100 * kMillisecond || at >= 11'400 * kMillisecond};
  });
  EXPECT_FALSE(gap.Declared());
  EXPECT_EQ(gap.op, "update");
  EXPECT_EQ(gap.note, "stopped");  // right behind it
  EXPECT_NEAR(ToSeconds(gap.from), 10.1, 0.002);
  EXPECT_NEAR(ToSeconds(gap.to), 11.4, 0.002);
  EXPECT_FALSE(gap.Broken());
}

// As runs cut them where no outage is declared: no slice is without an answer.
TEST_F(Outages, ThatNobodyDeclaredAreFoundInSecondsToo) {
  event_.outage.reset();
  slice_ = kSecond;
  const OutageResult& gap = Only(20 * kSecond, [](Ticks at) {
    return Fate{.comes = at < 10'633 * kMillisecond || at >= 11'767 * kMillisecond};
  });
  EXPECT_NEAR(ToSeconds(gap.Rto()), 1.134, 0.002);
}

TEST_F(Outages, WithoutLoadInSecondsAreNone) {
  event_.outage.reset();
  slice_ = kSecond;
  const auto is_idle = [](Ticks at) {
    return at >= 10'200 * kMillisecond && at < 11'700 * kMillisecond;
  };
  level_ = [is_idle](Ticks at) { return is_idle(at) ? 0.0 : 1000.0; };
  EXPECT_THAT(
      Run(20 * kSecond, [is_idle](Ticks at) { return Fate{.comes = !is_idle(at)}; }).outages,
      IsEmpty());
}

// Behind the load comes the drain, for which nothing is planned.
TEST_F(Outages, UpToTheEndOfTheLoadAreFoundThoughNothingIsPlannedBehindIt) {
  event_.outage.reset();
  slice_ = kSecond;
  level_ = [](Ticks at) { return at < 20 * kSecond ? 1000.0 : 0.0; };
  const OutageResult& gap =
      Only(24 * kSecond, [](Ticks at) { return Fate{.comes = at < 15 * kSecond}; });
  EXPECT_NEAR(ToSeconds(gap.from), 15, 0.002);
  EXPECT_EQ(gap.state, OutageState::kNeverEnded);
}

TEST_F(Outages, ThatNobodyDeclaredAndAreShortAreNotTold) {
  event_.outage.reset();
  slice_ = kSecond;
  EXPECT_THAT(Run(20 * kSecond,
                  [](Ticks at) {
                    return Fate{.comes = at < 10'633 * kMillisecond || at >= 11'567 * kMillisecond};
                  })
                  .outages,
              IsEmpty());
}

TEST_F(Outages, AreNoneWhereAnOpIsRareOrTheLoadSmall) {
  event_.outage.reset();
  every_ = 400 * kMillisecond;
  EXPECT_THAT(Run(60 * kSecond, [](Ticks) { return Fate{}; }).outages, IsEmpty());
  every_ = kMillisecond;
  level_ = [](Ticks at) { return at < 10 * kSecond ? 1000.0 : 1.0; };
  EXPECT_THAT(Run(20 * kSecond,
                  [](Ticks at) { return Fate{.comes = at < 10 * kSecond || at % kSecond == 0}; })
                  .outages,
              IsEmpty());
}

TEST_F(Outages, ThatWereFoundAndNeverEndBreakNothing) {
  event_.outage.reset();
  const OutageResult& gap =
      Only(20 * kSecond, [](Ticks at) { return Fate{.comes = at < 15 * kSecond}; });
  EXPECT_EQ(gap.state, OutageState::kNeverEnded);
  EXPECT_FALSE(gap.Broken());
}

// ---- what is judged ----

TEST_F(Outages, LeaveTheirOpsOutOfWhatMakesARunInvalid) {
  Run(20 * kSecond, FailsWithin(11 * kSecond, 14 * kSecond));
  result_.planned_length = result_.measured_length = 20 * kSecond;
  for (std::size_t i = 0; i < kOutcomes; ++i)
    result_.account.ended[i] = result_.total.ops[1].response[i].TotalCount();
  result_.account.offered = result_.account.Ended();
  JudgeValidity({}, &result_);
  EXPECT_THAT(result_.invalid, IsEmpty());
}

TEST_F(Outages, ThatWereNotDeclaredDoMakeARunInvalid) {
  event_.outage.reset();
  Run(20 * kSecond, FailsWithin(11 * kSecond, 14 * kSecond));
  result_.planned_length = result_.measured_length = 20 * kSecond;
  for (std::size_t i = 0; i < kOutcomes; ++i)
    result_.account.ended[i] = result_.total.ops[1].response[i].TotalCount();
  result_.account.offered = result_.account.Ended();
  JudgeValidity({}, &result_);
  EXPECT_THAT(result_.invalid, ElementsAre(HasSubstr("15.00% of the ops ended in errors")));
}

TEST_F(Outages, LeaveTheirOpsOutOfObjectives) {
  Run(20 * kSecond, FailsWithin(11 * kSecond, 14 * kSecond));
  SloJudge judge(
      {*ParseSlo("errors < 0.1%"), *ParseSlo("rto(stopped) < 5s"), *ParseSlo("rto(stopped) < 2s")},
      result_.op_names);
  const auto slos = judge.Judge(result_.total, 20 * kSecond, result_.outages, result_.outside);
  EXPECT_TRUE(slos[0].held) << slos[0].measured;
  EXPECT_TRUE(slos[1].held);
  EXPECT_NEAR(slos[1].measured, 3, 0.002);
  EXPECT_TRUE(slos[2].judged);
  EXPECT_FALSE(slos[2].held);
}

TEST_F(Outages, HaveNoTimeToRecoverWhenTheyNeverEnd) {
  Run(15 * kSecond, FailsWithin(14 * kSecond, kHour));
  SloJudge judge({*ParseSlo("rto(stopped) < 30s")}, result_.op_names);
  const auto slos = judge.Judge(result_.total, 15 * kSecond, result_.outages, result_.outside);
  EXPECT_TRUE(slos[0].judged);
  EXPECT_FALSE(slos[0].held);
}

TEST_F(Outages, HaveNoTimeToRecoverWhenTheirEventNeverCame) {
  event_.at = kHour;
  Run(5 * kSecond, [](Ticks) { return Fate{}; });
  SloJudge judge({*ParseSlo("rto(stopped) < 30s")}, result_.op_names);
  EXPECT_FALSE(judge.Judge(result_.total, 5 * kSecond, result_.outages, {})[0].judged);
}

}  // namespace
}  // namespace mbench
