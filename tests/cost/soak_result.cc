// SPDX-License-Identifier: Apache-2.0
//
// soak_result ROOT [HOURS]: writes the result of a made-up run of 24 hours into ROOT: 86,400
// seconds of six ops with some hundred cells in use in each second, as a busy store has them. For
// measuring how long a result of a day takes to read, and its page to write:
//
//   build/cost/tests/cost/soak_result soak && time build/release/mbench report soak/* -o page.html
#include <fmt/format.h>

#include <cmath>
#include <cstdlib>

#include "harness/base/rng.h"
#include "harness/result/judge.h"
#include "harness/result/result_writer.h"

namespace mbench {
namespace {

// Log-normal latencies, an hour of the day that is slower than others, a second of it that stalls.
void FillSecond(Rng* rng, int second, Interval* interval) {
  const double slow = 1 + 0.5 * std::sin(second / 13'751.0) + (second % 7200 == 7199 ? 40 : 0);
  interval->begin = second * kSecond;
  interval->end = interval->begin + kSecond;
  interval->ops.assign(6, {});
  for (OpStats& op : interval->ops) {
    for (int i = 0; i < 200; ++i) {
      const double service = 150'000 * slow * (0.3 + rng->Exponential() * (0.5 + rng->Unit()));
      op.service.RecordMany(static_cast<Ticks>(service), 6);
      op.response[0].RecordMany(static_cast<Ticks>(service + 3'000), 6);
    }
    interval->offered += 1'200;
  }
  for (int i = 0; i < 100; ++i) {
    interval->lag.RecordMany(static_cast<Ticks>(3'000 * rng->Exponential()), 72);
    interval->delay.RecordMany(static_cast<Ticks>(900 * rng->Exponential()), 72);
  }
  interval->planned_level = 7'200;
  interval->in_flight = 3;
  interval->host = {.client_cpu_s = 0.2, .busy = 0.1, .steal = 0, .rss_bytes = 30'000'000};
}

int Write(const std::string& root, int hours) {
  RunResult result;
  result.name = "soak";
  result.about = "a made-up day of six ops";
  result.open_model = true;
  result.op_names = {"read", "update", "insert", "scan", "delete", "rmw"};
  result.total.ops.resize(6);
  result.planned_length = result.measured_length = hours * kHour;
  result.warmup_length = kMinute;
  result.provenance.plan_json = fmt::format(
      R"({{"load":{{"model":"open","stages":[{{"profile":"soak","over_s":{},"from":7200}}]}}}})",
      hours * 3600);
  result.provenance.driver = result.provenance.system = "sim";
  result.provenance.started_at = "2026-01-31T00:00:00.000Z";
  auto writer = ResultWriter::Create(root, result);
  Rng rng(7);
  for (int second = 0; writer && second < hours * 3600; ++second) {
    Interval interval;
    FillSecond(&rng, second, &interval);
    AddInterval(interval, &result);
    if (const Status stored = (*writer)->Append(interval); !stored) return 1;
  }
  for (const OpStats& op : result.total.ops) result.account.ended[0] += op.Count(Outcome::kOk);
  result.account.offered = result.total.offered;
  JudgeValidity({.blocking = true, .threads = 2}, &result);
  if (!writer || !(*writer)->Finish(result)) return 1;
  fmt::print("{}\n", (*writer)->Folder());
  return 0;
}

}  // namespace
}  // namespace mbench

int main(int argc, char** argv) {
  if (argc == 2 || argc == 3) return mbench::Write(argv[1], argc == 3 ? std::atoi(argv[2]) : 24);
  fmt::print(stderr, "usage: soak_result ROOT [HOURS]\n");
  return 2;
}
