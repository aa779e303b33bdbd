// SPDX-License-Identifier: Apache-2.0
//
// One rule after another: a run that is well, and what makes it invalid.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/plan/defaults.h"
#include "harness/result/judge.h"
#include "harness/result/summary.h"

namespace mbench {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// 30 s of 10,000 reads a second at 200 us, on a network driver; nothing is wrong with it.
class Validity : public ::testing::Test {
 protected:
  Validity() {
    result_.open_model = true;
    result_.op_names = {"read"};
    result_.planned_length = result_.measured_length = 30 * kSecond;
    result_.warmup_length = 5 * kSecond;
    result_.provenance.cores = 4;
    result_.provenance.driver = "redis";
    result_.provenance.clock = "tsc";
    Interval& total = result_.total;
    total.end = 30 * kSecond;
    total.ops.resize(1);
    End(Outcome::kOk, 300'000);
    total.ops[0].service.RecordMany(150 * kMicrosecond, 300'000);
    total.lag.RecordMany(50 * kMicrosecond, 300'000);
    total.delay.RecordMany(2 * kMicrosecond, 300'000);
    total.host = {.client_cpu_s = 20, .busy = 0.5, .steal = 0.01, .rss_bytes = 1};
    Offer(300'000);
  }

  void Offer(std::uint64_t count) { result_.account.offered = count; }
  void End(Outcome outcome, std::uint64_t count) {
    Histogram& histogram = result_.total.ops[0].response[static_cast<std::size_t>(outcome)];
    histogram = Histogram();
    histogram.RecordMany(200 * kMicrosecond, count);
    result_.account.ended[static_cast<std::size_t>(outcome)] = count;
  }
  void DelayBy(Ticks delay) {
    result_.total.delay = Histogram();
    result_.total.delay.RecordMany(delay, 300'000);
  }
  const RunResult& Judge(const ValidityInput& input = {}) {
    JudgeValidity(input, &result_);
    return result_;
  }

  RunResult result_;
};

TEST_F(Validity, OfAGoodRunHasNothingToSay) {
  EXPECT_THAT(Judge().invalid, IsEmpty());
  EXPECT_THAT(result_.warnings, IsEmpty());
}

TEST_F(Validity, WarnsOfATailThatIsTheGeneratorsOwn) {
  result_.total.delay.RecordMany(50 * kMillisecond, 900);
  EXPECT_THAT(Judge().invalid, IsEmpty());
  EXPECT_THAT(result_.warnings, ElementsAre(HasSubstr("one op in 1,000 was started 50.")));
}

TEST_F(Validity, OfARunWithoutOpsIsNone) {
  End(Outcome::kOk, 0);
  Offer(0);
  EXPECT_THAT(Judge().invalid, ElementsAre(HasSubstr("no op ended")));
}

TEST_F(Validity, OfALoadPhaseAloneIsNotAsked) {
  RunResult result;
  result.load = {.records = 10};
  JudgeValidity({}, &result);
  EXPECT_TRUE(result.Valid());
  EXPECT_THAT(result.warnings, IsEmpty());
}

TEST_F(Validity, NeedsAFullSecondOfAnInterruptedRun) {
  result_.end = RunEnd::kInterrupted;
  result_.measured_length = 900 * kMillisecond;
  result_.open_model = false;
  EXPECT_THAT(Judge().invalid,
              ElementsAre(AllOf(HasSubstr("900ms"), HasSubstr("one full second"))));
}

TEST_F(Validity, OfAnInterruptedRunStandsWithAWarning) {
  result_.end = RunEnd::kInterrupted;
  result_.planned_length = 60 * kSecond;
  EXPECT_THAT(Judge().invalid, IsEmpty());
  EXPECT_THAT(result_.warnings,
              ElementsAre("the run was interrupted: 30.0s of 1m00s were measured"));
}

TEST_F(Validity, FailsWhenTheAccountDoesNotBalance) {
  Offer(300'007);
  EXPECT_THAT(Judge().invalid,
              ElementsAre(AllOf(HasSubstr("300007 ops were offered"), HasSubstr("300000 ended"))));
}

TEST_F(Validity, FailsWhenTheAccountBalancesOnlyByAnOverflow) {
  result_.account.in_flight = 5;
  result_.account.waiting = UINT64_MAX - 4;
  ASSERT_TRUE(result_.account.Balances());
  EXPECT_THAT(Judge().invalid, ElementsAre(HasSubstr("does not balance")));
}

TEST_F(Validity, FailsWhenLatenciesWereLost) {
  Histogram& ok = result_.total.ops[0].response[0];
  ok = Histogram();
  ok.RecordMany(kMillisecond, 299'000);
  EXPECT_THAT(Judge().invalid, Contains(HasSubstr("299000 latencies were stored")));
}

TEST_F(Validity, FailsAboveTheLimitOfErrors) {
  End(Outcome::kOk, 285'000);
  End(Outcome::kFailed, 15'000);
  EXPECT_THAT(Judge().invalid, IsEmpty());
  End(Outcome::kOk, 284'000);
  End(Outcome::kFailed, 16'000);
  EXPECT_THAT(Judge().invalid, ElementsAre(AllOf(HasSubstr("5.33%"), HasSubstr("5.00%"))));
}

TEST_F(Validity, FailsWhenTheHypervisorTookTheCpu) {
  result_.total.host.steal = 0.12;
  EXPECT_THAT(Judge().invalid, ElementsAre(AllOf(HasSubstr("12.00%"), HasSubstr("10.00%"))));
}

TEST_F(Validity, FailsWhenTheOfferedLoadWasNotReachedBecauseOfTheSystem) {
  Offer(300'000);
  End(Outcome::kOk, 247'200);
  result_.account.waiting = 52'800;
  EXPECT_THAT(Judge().invalid,
              ElementsAre("did not reach its offered load: 8.24k/s of 10.0k/s (82.40%), less than "
                          "99.00%; limited by the system under test"));
}

TEST_F(Validity, BlamesTheGeneratorWhenItsWorkerWasFull) {
  End(Outcome::kOk, 247'200);
  result_.account.waiting = 52'800;
  result_.total.host.busy = 0.99;
  EXPECT_THAT(Judge().invalid,
              ElementsAre(AllOf(HasSubstr("limited by the load generator"), HasSubstr("99.00%"))));
}

TEST_F(Validity, DoesNotBlameTheWorkerOfABlockingDriverForBeingBusy) {
  End(Outcome::kOk, 247'200);
  result_.account.waiting = 52'800;
  result_.total.host.busy = 0.99;
  EXPECT_THAT(Judge({.blocking = true, .threads = 2}).invalid,
              ElementsAre(HasSubstr("limited by the system under test")));
}

TEST_F(Validity, CountsOnlyWhatWasAnsweredInTimeTowardsTheOfferedLoad) {
  result_.in_time = {{.answered = 290'000}};  // the rest came in the drain
  EXPECT_THAT(Judge().invalid, ElementsAre(HasSubstr("9.67k/s of 10.0k/s (96.67%)")));
}

// At 10,000/s a system that needs 50 ms has 500 ops in hand when the time is up; that is no
// backlog.
TEST_F(Validity, ForgivesWhatASlowSystemThatKeepsUpHasInHandAtTheEnd) {
  result_.measured_length = result_.planned_length = 3 * kSecond;
  Offer(30'000);
  End(Outcome::kOk, 30'000);
  result_.total.ops[0].service = Histogram();
  result_.total.ops[0].service.RecordMany(50 * kMillisecond, 30'000);
  result_.in_time = {{.answered = 29'500}};
  EXPECT_THAT(Judge().invalid, IsEmpty());
}

TEST_F(Validity, LeavesErrorsToTheirOwnRule) {
  End(Outcome::kOk, 291'000);
  End(Outcome::kFailed, 9'000);
  EXPECT_THAT(Judge().invalid, IsEmpty());
}

TEST_F(Validity, OfAClosedModelHasNoOfferedLoadToReach) {
  result_.open_model = false;
  End(Outcome::kOk, 247'200);
  result_.account.waiting = 52'800;
  EXPECT_THAT(Judge().invalid, IsEmpty());
}

TEST_F(Validity, FailsWhenTheGeneratorStartedOpsLate) {
  DelayBy(5 * kMillisecond);
  EXPECT_THAT(Judge().invalid,
              ElementsAre(AllOf(HasSubstr("limited by the load generator"), HasSubstr("5.0"),
                                HasSubstr("the limit is 1.00ms"))));
}

// ---- others on the host ----

CpuAccount Cpu(double client, double system, double others) {
  CpuAccount cpu{.span = 30 * kSecond,
                 .used = client + system + others,
                 .client = client,
                 .system = system,
                 .others = others};
  if (system > 0) cpu.place = SystemPlace::kHere;
  if (others > 0) cpu.largest = {{"cc1plus", others / 2}, {"ninja", others / 4}};
  return cpu;
}

TEST_F(Validity, WarnsOfOthersOnTheHostFromFivePercentOn) {
  result_.cpu = Cpu(0.3, 0.3, 0.05);
  EXPECT_THAT(Judge().warnings, IsEmpty());
  result_.cpu = Cpu(0.3, 0.3, 0.08);
  EXPECT_THAT(Judge().warnings,
              ElementsAre(AllOf(HasSubstr("other processes used 8.00% of the host's CPU time"),
                                HasSubstr("(cc1plus 4.00%, ninja 2.00%)"))));
  EXPECT_THAT(result_.invalid, IsEmpty());
}

TEST_F(Validity, FailsWhenOthersHadAFifthOfTheHostInBothModelsAndWithAnyDriver) {
  for (const bool open : {true, false}) {
    for (const bool blocking : {true, false}) {
      result_.invalid.clear();
      result_.open_model = open;
      result_.cpu = Cpu(0.45, 0, 0.5);
      EXPECT_THAT(Judge({.blocking = blocking, .threads = 2}).invalid,
                  ElementsAre(AllOf(HasSubstr("other processes used 50.00%"),
                                    HasSubstr("cc1plus 25.00%"), HasSubstr("more than 20.00%"))));
    }
  }
}

TEST_F(Validity, OnlyWarnsOfOthersInARunOfAFewSeconds) {
  result_.cpu = Cpu(0.1, 0, 0.5);
  result_.cpu.span = 4 * kSecond;
  EXPECT_THAT(Judge().invalid, IsEmpty());
  EXPECT_THAT(result_.warnings, ElementsAre(HasSubstr("other processes used 50.00%")));
}

TEST_F(Validity, TheSystemOnTheSameHostIsNoOther) {
  result_.cpu = Cpu(0.3, 0.65, 0.01);
  EXPECT_THAT(Judge().invalid, IsEmpty());
  EXPECT_THAT(result_.warnings, IsEmpty());
}

TEST_F(Validity, SaysSoWhenNobodyCanTellTheSystemFromOthers) {
  result_.cpu = Cpu(0.3, 0, 0);
  result_.cpu.place = SystemPlace::kUnknown;
  result_.cpu.unknown = 0.6;
  EXPECT_THAT(Judge().invalid, IsEmpty());
  EXPECT_THAT(result_.warnings, ElementsAre(AllOf(HasSubstr("60.00% of the host's CPU time"),
                                                  HasSubstr("nobody can say"))));
}

TEST_F(Validity, DoesNotBlameTheGeneratorForAHostThatIsBusyWithOthers) {
  DelayBy(5 * kMillisecond);
  End(Outcome::kOk, 247'200);
  result_.account.waiting = 52'800;
  result_.cpu = Cpu(0.01, 0, 0.71);
  EXPECT_THAT(Judge().invalid,
              ElementsAre(HasSubstr("other processes used 71.00%"),
                          AllOf(HasSubstr("kept from its CPU"), HasSubstr("1.00% of the host's"),
                                HasSubstr("5.0")),
                          HasSubstr("limited by what else ran on the load generator's host")));
  for (const std::string& reason : result_.invalid)
    EXPECT_THAT(reason, testing::Not(HasSubstr("limited by the load generator:")));
}

TEST_F(Validity, NamesTheSystemThatTookTheGeneratorsCpu) {
  DelayBy(5 * kMillisecond);
  result_.cpu = Cpu(0.05, 0.9, 0.01);
  EXPECT_THAT(Judge().invalid, ElementsAre(AllOf(HasSubstr("kept from its CPU"),
                                                 HasSubstr("90.00% to the system under test"))));
}

TEST_F(Validity, BlamesTheGeneratorOnAHostThatHasNothingElseToDo) {
  DelayBy(5 * kMillisecond);
  result_.cpu = Cpu(0.5, 0.1, 0.02);
  EXPECT_THAT(Judge().invalid, ElementsAre(HasSubstr("limited by the load generator:")));
}

TEST_F(Validity, AllowsATenthOfTheMedianResponseAsDelay) {
  result_.open_model = false;
  Histogram& ok = result_.total.ops[0].response[0];
  ok = Histogram();
  ok.RecordMany(100 * kMillisecond, 300'000);
  DelayBy(5 * kMillisecond);
  EXPECT_THAT(Judge().invalid, IsEmpty());
  DelayBy(11 * kMillisecond);
  EXPECT_THAT(Judge().invalid, ElementsAre(HasSubstr("the limit is 10.0ms")));
}

TEST_F(Validity, TakesAWaitForTheCpuOfAnEmbeddedStoreAsTheStores) {
  DelayBy(5 * kMillisecond);
  Judge({.blocking = true, .threads = 64});
  EXPECT_THAT(result_.invalid, IsEmpty());
  EXPECT_THAT(result_.warnings, ElementsAre(HasSubstr("64 threads share 4 cores")));
}

// 10,000 threads on a few cores: p99 is that of the scheduler's queue.
TEST_F(Validity, FailsWhenP99IsTheWaitOfOurOwnThreadsForOneAnother) {
  result_.open_model = false;
  Histogram& ok = result_.total.ops[0].response[0];
  ok = Histogram();
  ok.RecordMany(12 * kMicrosecond, 290'000);
  ok.RecordMany(292 * kMillisecond, 10'000);
  result_.total.ops[0].service = Histogram();
  result_.total.ops[0].service.RecordMany(12 * kMicrosecond, 300'000);
  DelayBy(292 * kMillisecond);
  EXPECT_THAT(Judge({.blocking = true, .threads = 10'000}).invalid,
              ElementsAre(AllOf(HasSubstr("10000 threads share 4 cores"), HasSubstr("292ms"),
                                HasSubstr("that of the service is 12."))));
}

TEST_F(Validity, TakesAFullHostAsTheStoresToo) {
  DelayBy(5 * kMillisecond);
  result_.total.host.client_cpu_s = 115;
  Judge({.blocking = true, .threads = 4});
  EXPECT_THAT(result_.invalid, IsEmpty());
  EXPECT_THAT(result_.warnings, ElementsAre(HasSubstr("95.83% of the CPU time of 4 cores")));
}

TEST_F(Validity, FailsWhenThreadsThatHadCoresWereKeptFromRunning) {
  DelayBy(5 * kMillisecond);
  Judge({.blocking = true, .threads = 3});
  EXPECT_THAT(result_.invalid, ElementsAre(HasSubstr("limited by the load generator")));
}

TEST_F(Validity, OfANullDriverSaysWhatIsMeasured) {
  DelayBy(5 * kMillisecond);
  End(Outcome::kOk, 247'200);
  result_.account.waiting = 52'800;
  Judge({.is_null_driver = true});
  EXPECT_THAT(result_.invalid, IsEmpty());
  EXPECT_THAT(result_.warnings, Contains(HasSubstr("driver redis has no system behind it")));
  EXPECT_THAT(result_.warnings, Contains(HasSubstr("did not reach its offered load")));
}

TEST_F(Validity, WarnsOfAFullWorkerOfANetworkDriver) {
  result_.total.host.busy = 0.97;
  EXPECT_THAT(Judge().warnings, ElementsAre(AllOf(HasSubstr("97.00%"), HasSubstr("95.00%"))));
  EXPECT_THAT(result_.invalid, IsEmpty());
}

TEST_F(Validity, WarnsOfAClockThatDrifts) {
  result_.provenance.clock_drift_ppm = -250;
  EXPECT_THAT(Judge().warnings,
              ElementsAre(AllOf(HasSubstr("'tsc'"), HasSubstr("-250 ppm"), HasSubstr("100 ppm"))));
}

TEST_F(Validity, WarnsOfMissingWarmUpAndOfShortRuns) {
  result_.warmup_length = 0;
  result_.planned_length = result_.measured_length = 5 * kSecond;
  EXPECT_THAT(Judge().warnings,
              ElementsAre(HasSubstr("no warm-up"), HasSubstr("a short run: 5.00s")));
}

TEST_F(Validity, WarnsOfEventsWhoseCommandFailed) {
  result_.events = {{kSecond, "good", 0}, {kSecond, "marked", {}}, {kSecond, "bad", 3}};
  result_.events[2].end = EventEnd::kFailed;
  result_.events[2].why = "failed with exit code 3";
  EXPECT_THAT(Judge().warnings, ElementsAre("event 'bad' failed with exit code 3"));
}

TEST_F(Validity, AnObjectiveOfAPartRestsOnTheSamplesOfThatPart) {
  result_.total.parts["read:event"].response[0].RecordMany(kMillisecond, 300'000);
  result_.total.parts["read:rare"].response[0].RecordMany(kMillisecond, 300);
  result_.slo = {{.slo = *ParseSlo("p99(read:event) < 1s"), .held = true},
                 {.slo = *ParseSlo("p99(read:rare) < 1s"), .held = true}};
  EXPECT_THAT(Judge().warnings,
              ElementsAre(HasSubstr("'p99(read:rare) < 1s' rests on fewer than 10 samples")));
}

TEST_F(Validity, WarnsOfThinPercentiles) {
  result_.open_model = false;
  End(Outcome::kOk, 900);
  Offer(900);
  result_.slo = {{.slo = *ParseSlo("p99.99(read) < 1s"), .held = true}};
  EXPECT_THAT(Judge().warnings,
              ElementsAre("fewer than 10 samples lie beyond p99, p99.9 of read",
                          HasSubstr("'p99.99(read) < 1s' rests on fewer than 10 samples")));
}

TEST(ThinPercentiles, NeedTenSamplesBeyondThem) {
  EXPECT_FALSE(IsThin(99.9, 10'000));
  EXPECT_TRUE(IsThin(99.9, 9'999));
  EXPECT_FALSE(IsThin(99, 1000));
  EXPECT_TRUE(IsThin(99, 999));
  EXPECT_FALSE(IsThin(95, 200));
  EXPECT_TRUE(IsThin(50, 19));
  EXPECT_TRUE(IsThin(100, 1'000'000));
}

}  // namespace
}  // namespace mbench
