// SPDX-License-Identifier: Apache-2.0
#include "harness/ranks/interval_wire.h"

#include <gtest/gtest.h>

#include "harness/base/rng.h"
#include "harness/ranks/interval_spool.h"

namespace mbench {
namespace {

Interval Second(std::uint64_t seed, Ticks begin = 0) {
  Rng rng(seed);
  Interval second{.begin = begin, .end = begin + kSecond};
  for (int op = 0; op < 2; ++op) {
    OpStats& stats = second.ops.emplace_back();
    for (int i = 0; i < 500; ++i) {
      const auto latency = static_cast<Ticks>(rng.Below(1'000'000'000) >> rng.Below(30));
      stats.response[rng.Below(kOutcomes)].Record(latency);
      stats.service.Record(latency / 2);
      second.lag.Record(latency / 3);
      second.delay.Record(latency / 4);
    }
    stats.errors = {{"timeout", 2 + seed}, {"refused", 1}};
    stats.moved = {.bytes_sent = 1 << 20, .bytes_received = seed, .items = 77};
    stats.marks.Answer(begin + 5);
  }
  second.parts["read:replica"] = second.ops[0];
  second.offered = 1000 + seed;
  second.planned_level = 12.5;
  second.in_flight = 3;
  second.warmup_ops = 4;
  second.host = {.client_cpu_s = 0.5, .busy = 0.25, .steal = 0.01, .rss_bytes = 1 << 24};
  second.host.figures = {{"cpu_fraction", 0.75}};
  second.system = {{"dirty_bytes", 1e9}};
  return second;
}

std::string BytesOf(const Interval& interval) {
  WireWriter writer;
  WriteInterval(interval, &writer);
  return writer.Take();
}

void ExpectSameStats(const OpStats& a, const OpStats& b) {
  for (std::size_t i = 0; i < kOutcomes; ++i) EXPECT_EQ(a.response[i], b.response[i]);
  EXPECT_EQ(a.service, b.service);
  EXPECT_EQ(a.errors, b.errors);
  EXPECT_EQ(a.moved, b.moved);
  EXPECT_EQ(a.marks.first_answer, b.marks.first_answer);
  EXPECT_EQ(a.marks.last_answer, b.marks.last_answer);
  EXPECT_EQ(a.marks.error_since, b.marks.error_since);
}

TEST(IntervalWire, HoldsEverythingOfASecond) {
  const Interval written = Second(1, -3 * kSecond);
  const std::string bytes = BytesOf(written);
  WireReader reader(bytes);
  const Interval read = ReadInterval(&reader);
  EXPECT_TRUE(reader.Ok());
  EXPECT_TRUE(reader.AtEnd());
  EXPECT_EQ(read.begin, written.begin);
  EXPECT_EQ(read.end, written.end);
  ASSERT_EQ(read.ops.size(), written.ops.size());
  for (std::size_t i = 0; i < read.ops.size(); ++i) ExpectSameStats(read.ops[i], written.ops[i]);
  ASSERT_EQ(read.parts.size(), 1u);
  ExpectSameStats(read.parts.at("read:replica"), written.parts.at("read:replica"));
  EXPECT_EQ(read.lag, written.lag);
  EXPECT_EQ(read.delay, written.delay);
  EXPECT_EQ(read.offered, written.offered);
  EXPECT_EQ(read.planned_level, written.planned_level);
  EXPECT_EQ(read.in_flight, written.in_flight);
  EXPECT_EQ(read.warmup_ops, written.warmup_ops);
  EXPECT_EQ(read.host.client_cpu_s, written.host.client_cpu_s);
  EXPECT_EQ(read.host.figures, written.host.figures);
  EXPECT_EQ(read.system, written.system);
  EXPECT_EQ(BytesOf(read), bytes);
}

TEST(IntervalWire, SaysThatBytesWereCutOff) {
  const std::string bytes = BytesOf(Second(1));
  for (std::size_t size = 0; size < bytes.size(); size += 1 + size / 7) {
    WireReader reader(std::string_view(bytes).substr(0, size));
    (void)ReadInterval(&reader);
    EXPECT_FALSE(reader.Ok()) << size;
  }
}

// What one process would have measured is what its parts come to, cell by cell.
TEST(IntervalWire, PartsOfASecondAddUpToTheWhole) {
  Interval whole = Second(1), expected = Second(1);
  AddBeside(Second(2), &whole);
  for (std::size_t op = 0; op < 2; ++op) {
    expected.ops[op].Add(Second(2).ops[op]);
    ExpectSameStats(whole.ops[op], expected.ops[op]);
  }
  EXPECT_EQ(whole.lag.TotalCount(), 2000u);
  EXPECT_EQ(whole.offered, 2003u);
  EXPECT_EQ(whole.in_flight, 6u);
  EXPECT_EQ(whole.host.client_cpu_s, 1.0);
  EXPECT_EQ(whole.host.busy, 0.25) << "of the busiest, and no sum";
  EXPECT_EQ(whole.planned_level, 12.5) << "it is that of the whole already";
  EXPECT_EQ(whole.begin, 0);
  EXPECT_EQ(whole.end, kSecond) << "the same second, and no second one";
}

TEST(IntervalSpool, GivesBackWhatBeginsBeforeATime) {
  IntervalSpool spool;
  for (int i = -1; i < 4; ++i) ASSERT_TRUE(spool.Append(Second(7, i * kSecond)));
  int taken = 0;
  for (; *spool.TakeBefore(2 * kSecond); ++taken) {
  }
  EXPECT_EQ(taken, 3) << "seconds -1, 0 and 1";
  EXPECT_FALSE(spool.AtEnd());
  EXPECT_EQ(**spool.TakeBefore(3 * kSecond), BytesOf(Second(7, 2 * kSecond)));
  EXPECT_TRUE(*spool.TakeBefore(kNever));
  EXPECT_TRUE(spool.AtEnd());
  EXPECT_FALSE(*spool.TakeBefore(kNever));
}

}  // namespace
}  // namespace mbench
