// SPDX-License-Identifier: Apache-2.0
//
// known_log FILE: writes a histogram log of made-up intervals to FILE, then prints what a reader
// must find in it, one line per tag over all intervals, from what was recorded and not from the
// file:
//
//   tag count p50 p90 p99 p99.9 max mean        ("-" is the untagged total)
#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <map>

#include "harness/base/rng.h"
#include "harness/stats/interval_log.h"

namespace mbench {
namespace {

constexpr std::uint64_t kSeed = 20'260'131;
const std::array<std::string, 3> kNames = {"read", "get item, 100%", "edges"};

using Sums = std::map<std::string, Histogram>;

// Latencies of a store: most around 200 us, one in a hundred around 20 ms.
void RecordStore(Rng* rng, OpStats* op) {
  for (int i = 0; i < 5000; ++i) {
    const double scale = rng->Below(100) == 0 ? 20e6 : 200e3;
    const auto service = static_cast<Ticks>(scale * (0.2 + rng->Exponential()));
    const auto wait = static_cast<Ticks>(rng->Below(50'000));
    const auto outcome = static_cast<std::size_t>(rng->Below(20) == 0 ? rng->Below(kOutcomes) : 0);
    op->response[outcome].Record(service + wait);
    op->service.Record(service);
  }
}

// Both sides of every border of the format: of cells, of the range, of the bytes of a count.
void RecordEdges(OpStats* op) {
  for (int bit = 0; bit < 42; ++bit) {
    const Ticks power = Ticks{1} << bit;
    op->response[0].RecordMany(power - 1, 1);
    op->response[0].RecordMany(power, 63);
    op->response[0].RecordMany(power + 1, 64);
  }
  op->response[0].Record(kHour);
  // Not among the answered ops, whose total they would drown.
  Histogram& counts = op->response[static_cast<std::size_t>(Outcome::kFailed)];
  for (int bit = 0; bit < 40; ++bit) counts.RecordMany(1000 + bit, (std::uint64_t{1} << bit) - 1);
}

Interval MakeInterval(Rng* rng, Ticks begin) {
  Interval interval{.begin = begin, .end = begin + kSecond};
  interval.ops.resize(kNames.size());
  RecordStore(rng, &interval.ops[0]);
  RecordStore(rng, &interval.ops[1]);
  RecordEdges(&interval.ops[2]);
  RecordStore(rng, &interval.parts["read:a, b"]);
  for (int i = 0; i < 100; ++i) interval.lag.Record(static_cast<Ticks>(rng->Below(100'000)));
  interval.delay.RecordMany(0, 100);
  return interval;
}

void AddTo(const std::string& tag, const Histogram& histogram, Sums* sums) {
  if (!histogram.Empty()) (*sums)[tag].Add(histogram);
}

void AddStats(const std::string& tag, const OpStats& op, Sums* sums) {
  for (std::size_t k = 0; k < kOutcomes; ++k)
    AddTo(fmt::format("{}.{}", tag, Name(static_cast<Outcome>(k))), op.response[k], sums);
  AddTo(tag + ".service", op.service, sums);
}

void Add(const Interval& interval, Sums* sums) {
  // Written by hand, so that the tags are checked too.
  const std::array<std::string, 3> tags = {"read", "get%20item%2C%20100%25", "edges"};
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    AddStats(tags[i], interval.ops[i], sums);
    AddTo("-", interval.ops[i].Answered(), sums);
  }
  AddStats("read%3Aa%2C%20b", interval.parts.at("read:a, b"), sums);
  AddTo("run.lag", interval.lag, sums);
  AddTo("run.delay", interval.delay, sums);
}

void Print(const Sums& sums) {
  for (const auto& [tag, h] : sums)
    fmt::print("{} {} {} {} {} {} {} {}\n", tag, h.TotalCount(), h.ValueAtPercentile(50),
               h.ValueAtPercentile(90), h.ValueAtPercentile(99), h.ValueAtPercentile(99.9), h.Max(),
               h.Mean());
}

int Run(const std::string& path) {
  Rng rng(kSeed);
  Sums sums;
  IntervalLogWriter writer;
  Status status =
      writer.Open(path, std::chrono::system_clock::time_point(std::chrono::hours(500'000)));
  for (Ticks begin = 0; status && begin < 10 * kSecond; begin += kSecond) {
    const Interval interval = MakeInterval(&rng, begin);
    status = writer.Append(interval, kNames);
    Add(interval, &sums);
  }
  if (!status) fmt::print(stderr, "{}\n", status.error().message);
  Print(sums);
  return status ? 0 : 1;
}

}  // namespace
}  // namespace mbench

int main(int argc, char** argv) {
  if (argc == 2) return mbench::Run(argv[1]);
  fmt::print(stderr, "usage: known_log FILE\n");
  return 2;
}
