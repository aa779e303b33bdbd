// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "harness/base/rng.h"
#include "harness/result/judge.h"

namespace mbench {
namespace {

// A run of one op and a second one, fed to a judge second by second.
class SloRun {
 public:
  explicit SloRun(std::vector<std::string> slo) {
    std::vector<SloPlan> plans;
    for (const std::string& text : slo) plans.push_back(*ParseSlo(text));
    judge_ =
        std::make_unique<SloJudge>(std::move(plans), std::vector<std::string>{"read", "write"});
  }

  // `count` reads of that latency that end in this second.
  SloRun& Second(std::uint64_t count, Ticks latency, Outcome outcome = Outcome::kOk) {
    return Stretch(kSecond, count, count, latency, outcome);
  }
  // Ends of ops that were due before.
  SloRun& Drain(std::uint64_t count, Ticks latency) {
    return Stretch(kSecond, 0, count, latency, Outcome::kOk);
  }
  SloRun& Stretch(Ticks length, std::uint64_t offered, std::uint64_t count, Ticks latency,
                  Outcome outcome) {
    Interval interval{.begin = at_, .end = at_ + length};
    interval.ops.resize(2);
    if (count != 0)
      interval.ops[0].response[static_cast<std::size_t>(outcome)].RecordMany(latency, count);
    interval.offered = offered;
    judge_->Add(interval);
    total_.Add(interval);
    at_ += length;
    if (offered != 0) measured_ = at_;
    return *this;
  }

  SloResult Judge(Ticks measured = 0) { return All(measured)[0]; }
  std::vector<SloResult> All(Ticks measured = 0) {
    return judge_->Judge(total_, measured != 0 ? measured : measured_);
  }

 private:
  std::unique_ptr<SloJudge> judge_;
  Interval total_;
  Ticks at_ = 0;
  Ticks measured_ = 0;
};

TEST(Slo, OverTheWholeRunIsMeasuredFromMergedHistograms) {
  SloRun run({"p50 < 5ms", "p99 < 5ms", "max(read) <= 11ms", "mean > 1ms"});
  run.Second(90, kMillisecond).Second(10, 10 * kMillisecond);
  const std::vector<SloResult> results = run.All();
  EXPECT_TRUE(results[0].held);
  EXPECT_FALSE(results[1].held);
  EXPECT_NEAR(results[1].measured, 10e6, 10e3);
  EXPECT_TRUE(results[2].held);
  EXPECT_TRUE(results[3].held);
  EXPECT_NEAR(results[3].measured, 1.9e6, 10e3);
}

TEST(Slo, AtTheLimitItselfDependsOnTheComparison) {
  SloRun run({"errors < 50%", "errors <= 50%", "rate > 10/s", "rate >= 10/s"});
  run.Second(10, kMillisecond).Second(10, kMillisecond, Outcome::kFailed);
  run.Second(10, kMillisecond).Second(10, kMillisecond, Outcome::kFailed);
  const std::vector<SloResult> results = run.All(2 * kSecond);
  EXPECT_FALSE(results[0].held);
  EXPECT_TRUE(results[1].held);
  EXPECT_FALSE(results[2].held);
  EXPECT_TRUE(results[3].held);
}

TEST(Slo, CountsEachKindOfOutcome) {
  SloRun run({"errors <= 100%", "timeouts <= 100%", "mismatches <= 100%", "not_found <= 100%"});
  run.Second(4, kMillisecond).Second(3, kMillisecond, Outcome::kTimedOut);
  run.Second(2, kMillisecond, Outcome::kMismatch).Second(1, kMillisecond, Outcome::kNotFound);
  const std::vector<SloResult> results = run.All();
  EXPECT_DOUBLE_EQ(results[0].measured, 0.5);
  EXPECT_DOUBLE_EQ(results[1].measured, 0.3);
  EXPECT_DOUBLE_EQ(results[2].measured, 0.2);
  EXPECT_DOUBLE_EQ(results[3].measured, 0.1);
}

TEST(Slo, WithAWindowIsBrokenByOneBadStretch) {
  SloRun run({"p99(read) < 5ms for 2s", "p99(read) < 5ms for 4s", "p50(read) < 5ms for 4s"});
  for (int i = 0; i < 5; ++i) run.Second(100, kMillisecond);
  run.Second(100, 20 * kMillisecond);
  for (int i = 0; i < 5; ++i) run.Second(100, kMillisecond);
  const std::vector<SloResult> results = run.All();
  EXPECT_FALSE(results[0].held);
  EXPECT_NEAR(results[0].measured, 20e6, 20e3);
  EXPECT_EQ(results[0].worst_at, 4 * kSecond);
  EXPECT_FALSE(results[1].held);
  EXPECT_EQ(results[1].worst_at, 2 * kSecond);
  EXPECT_TRUE(results[2].held);
}

TEST(Slo, EveryWindowIsTheSumOfItsSeconds) {
  // Against sums made anew for every window.
  const std::uint64_t seed = 7;
  SCOPED_TRACE(seed);
  Rng rng(seed);
  SloRun run({"p99 < 1h for 3s"});
  std::vector<Histogram> seconds;
  for (int i = 0; i < 40; ++i) {
    const auto latency = static_cast<Ticks>(rng.Below(kSecond));
    const std::uint64_t count = 1 + rng.Below(50);
    run.Second(count, latency);
    seconds.emplace_back().RecordMany(latency, count);
  }
  Ticks worst = 0;
  for (std::size_t i = 0; i + 3 <= seconds.size(); ++i) {
    Histogram window = seconds[i];
    window.Add(seconds[i + 1]);
    window.Add(seconds[i + 2]);
    worst = std::max(worst, window.ValueAtPercentile(99));
  }
  EXPECT_DOUBLE_EQ(run.Judge().measured, static_cast<double>(worst));
}

TEST(Slo, OfARateHoldsInEveryWindowAndTheDrainDoesNotCount) {
  SloRun run({"rate > 50/s for 2s", "rate > 90/s"});
  for (int i = 0; i < 5; ++i) run.Second(100, kMillisecond);
  run.Drain(20, kMillisecond);
  std::vector<SloResult> results = run.All();
  EXPECT_TRUE(results[0].held);
  EXPECT_DOUBLE_EQ(results[0].measured, 100);
  EXPECT_DOUBLE_EQ(results[1].measured, 100);

  SloRun slow({"rate > 50/s for 2s"});
  slow.Second(100, kMillisecond).Stretch(kSecond, 100, 0, 0, Outcome::kOk);
  slow.Stretch(kSecond, 100, 10, kMillisecond, Outcome::kOk).Second(100, kMillisecond);
  EXPECT_FALSE(slow.Judge().held);
  EXPECT_DOUBLE_EQ(slow.Judge().measured, 5);
}

// A stall at the end of the run: its ops end in the drain, and would be missed otherwise.
TEST(Slo, WithAWindowSeesWhatWasDueInTheLastSecondAndEndedInTheDrain) {
  SloRun run({"p99(read) < 1s for 2s"});
  for (int i = 0; i < 4; ++i) run.Second(100, kMillisecond);
  run.Drain(50, 2 * kSecond);
  const SloResult result = run.Judge();
  EXPECT_FALSE(result.held);
  EXPECT_NEAR(result.measured, 2e9, 2e6);
  EXPECT_EQ(result.worst_at, 2 * kSecond);
}

TEST(Slo, SecondsInWhichNothingWasDueAreNotTheDrainWhenMoreFollow) {
  SloRun run({"rate < 1000/s for 2s", "rate > 1/s for 2s"});
  run.Second(100, kMillisecond).Drain(0, 0).Drain(0, 0).Second(100, kMillisecond);
  const std::vector<SloResult> results = run.All();
  EXPECT_TRUE(results[0].held);
  EXPECT_FALSE(results[1].held);
  EXPECT_EQ(results[1].worst_at, kSecond);
}

TEST(Slo, SecondsCutALittleShortAreWholeOnes) {
  SloRun run({"p99 < 5ms for 2s"});
  for (int i = 0; i < 4; ++i) run.Stretch(980 * kMillisecond, 10, 10, kMillisecond, Outcome::kOk);
  EXPECT_TRUE(run.Judge().judged);
}

TEST(Slo, WithoutAnythingToMeasureIsNeitherHeldNorBroken) {
  SloRun run({"p99(write) < 5ms", "errors(write) < 1%", "p99(read) < 5ms for 10s"});
  run.Second(10, kMillisecond);
  for (const SloResult& result : run.All()) {
    EXPECT_FALSE(result.judged) << result.slo.text;
    EXPECT_FALSE(result.held);
  }
}

TEST(Slo, OfAPartIsMeasuredFromThatPartAlone) {
  SloJudge judge({*ParseSlo("p99(read:cache) < 1ms"), *ParseSlo("errors(read:cache) < 20%"),
                  *ParseSlo("p99(read:store) < 1ms"), *ParseSlo("p99 < 1ms")},
                 {"read"});
  Interval interval{.begin = 0, .end = kSecond};
  interval.ops.resize(1);
  interval.ops[0].response[0].RecordMany(5 * kMillisecond, 100);
  OpStats& cache = interval.parts["read:cache"];
  cache.response[0].RecordMany(kMicrosecond, 9);
  cache.response[static_cast<std::size_t>(Outcome::kFailed)].Record(5 * kMillisecond);
  interval.offered = 100;
  judge.Add(interval);
  const std::vector<SloResult> results = judge.Judge(interval, kSecond);
  EXPECT_TRUE(results[0].held);
  EXPECT_NEAR(results[0].measured, 1e3, 1);
  EXPECT_DOUBLE_EQ(results[1].measured, 0.1);
  EXPECT_FALSE(results[2].judged);
  EXPECT_FALSE(results[3].held) << "all ops together are not faster for a part of them";
}

// Two ops a second, of 10 items and 1 kB each; one of them has a label.
Interval MovingSecond(int second) {
  Interval interval{.begin = second * kSecond, .end = (second + 1) * kSecond};
  interval.ops.resize(1);
  interval.ops[0].response[0].RecordMany(kMillisecond, 2);
  interval.ops[0].moved = {.bytes_sent = 200, .bytes_received = 1800, .items = 20};
  OpStats& cache = interval.parts["read:1 hop"];
  cache.response[0].Record(kMillisecond);
  cache.moved = {.bytes_sent = 100, .bytes_received = 900, .items = 10};
  interval.offered = 2;
  interval.host.client_cpu_s = 4e-6;
  return interval;
}

TEST(Slo, OfItemsBytesSharesAndCpuIsMeasuredFromSums) {
  SloJudge judge({*ParseSlo("items_rate >= 20/s"), *ParseSlo("bytes_rate > 1 KB/s for 2s"),
                  *ParseSlo("share(read:1 hop) >= 50%"),
                  *ParseSlo("bytes_rate(read:1 hop) < 900B/s"), *ParseSlo("client_cpu < 3us")},
                 {"read"});
  Interval total;
  for (int second = 0; second < 3; ++second) {
    judge.Add(MovingSecond(second));
    total.Add(MovingSecond(second));
  }
  Interval drain = MovingSecond(3);
  drain.offered = 0;
  judge.Add(drain);
  total.Add(drain);
  const std::vector<SloResult> results = judge.Judge(total, 3 * kSecond);
  EXPECT_DOUBLE_EQ(results[0].measured, 20) << "without the drain";
  EXPECT_DOUBLE_EQ(results[1].measured, 2000);
  EXPECT_DOUBLE_EQ(results[2].measured, 0.5);
  EXPECT_DOUBLE_EQ(results[3].measured, 1000);
  EXPECT_DOUBLE_EQ(results[4].measured, 2e-6);
  for (std::size_t i = 0; i < results.size(); ++i) EXPECT_EQ(results[i].held, i != 3) << i;
}

TEST(Slo, OfWhatWasNotStoredIsNotJudged) {
  SloJudge judge({*ParseSlo("bytes_rate > 1 KB/s"), *ParseSlo("rate > 1/s")}, {"read"});
  Interval interval = MovingSecond(0);
  interval.ops[0].moved = {.known = false};
  judge.Add(interval);
  const std::vector<SloResult> results = judge.Judge(interval, kSecond);
  EXPECT_FALSE(results[0].judged);
  EXPECT_TRUE(results[1].held);
}

// What a system says of itself in a second that ends there.
Interval Saying(int second, std::map<std::string, double> figures) {
  return {.begin = (second - 1) * kSecond, .end = second * kSecond, .system = std::move(figures)};
}

TEST(Slo, OfALagIsTheLargestThatWasSeen) {
  SloJudge judge({*ParseSlo("lag(billing) < 10k"), *ParseSlo("lag(billing) <= 10k"),
                  *ParseSlo("lag(audit) < 10k"), *ParseSlo("lag(shipping) < 10k")},
                 {"order"});
  judge.Add(Saying(1, {{"group_billing_lag_messages", 20}, {"group_rebilling_lag_messages", 5e6}}));
  judge.Add(
      Saying(2, {{"group_billing_lag_messages", 10'000}, {"bus.group_audit_lag_messages", 7}}));
  judge.Add(Saying(3, {{"group_billing_lag_messages", 0}, {"group_billing_lag_s", 11e6}}));
  const std::vector<SloResult> results = judge.Judge({}, 3 * kSecond);
  EXPECT_DOUBLE_EQ(results[0].measured, 10'000);
  EXPECT_EQ(results[0].worst_at, kSecond);
  EXPECT_FALSE(results[0].held);
  EXPECT_TRUE(results[1].held);
  EXPECT_DOUBLE_EQ(results[2].measured, 7) << "of one of several systems";
  EXPECT_TRUE(results[2].held);
  EXPECT_FALSE(results[3].judged) << "nobody said anything of it";
}

}  // namespace
}  // namespace mbench
