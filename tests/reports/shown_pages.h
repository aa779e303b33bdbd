// SPDX-License-Identifier: Apache-2.0
//
// Runs for pages: a few seconds of two ops, the same a little slower, a day of six ops, and one
// whose names try to get out of the page.
#pragma once

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "reports/compare/shift.h"
#include "reports/model/page_model.h"
#include "tests/result/sample_run.h"

namespace mbench {

inline PageRun PageRunOf(const SampleRun& run) {
  const RunResult result = run.Finished();
  PageRunMaker maker;
  maker.OnHead(result);
  for (const Interval& interval : run.intervals) {
    maker.OnSecond(MakeSeriesPoint(interval));
    maker.OnInterval(interval);
  }
  return maker.Finish(result);
}

// The load grows: intervals say so, and the plan does.
inline SampleRun RampRun(std::uint64_t seed = 42, double slower = 1) {
  SampleRun run(12, seed, true);
  run.head.name = "ramp";
  run.head.provenance.plan_json =
      R"({"driver":{"use":"memory"},"load":{"model":"open","stages":[
          {"profile":"ramp","over_s":8,"from":100,"to":900},
          {"profile":"steady","over_s":4,"from":900}]}})";
  run.slo = {*ParseSlo("p99(read) < 1s"), *ParseSlo("errors < 50%")};
  run.checks = {
      {"acknowledged writes", "none lost", "none of 5,400 lost", true},
      {"writes without acknowledgement", "told", "12, 3 of them seen in a document", true}};
  for (std::size_t i = 0; i < run.intervals.size(); ++i) {
    Interval& interval = run.intervals[i];
    interval.planned_level = std::min(900.0, 100 * static_cast<double>(i + 2));
    interval.offered += 20 * interval.ops.size();
    interval.system = {{"cache_used_bytes", slower * 1e6 * static_cast<double>(i + 1)},
                       {"queries_per_s", 100.0 * static_cast<double>(i)},
                       {"replication_lag_s", 0.25},
                       {"network_out_bytes_per_s", 5e6},
                       {"page_faults_per_s", 0}};
    for (OpStats& op : interval.ops)  // a tail that grows with the load
      op.response[0].RecordMany(
          static_cast<Ticks>(slower * 40'000 * std::exp2(static_cast<double>(i))), 20);
  }
  return run;
}

inline PageRun HostilePageRun() {
  SampleRun run(3);
  const std::string bad = "</script><script>document.title='owned'</script>\"'&\x01\xff<b>";
  run.head.name = bad;
  run.head.about = bad;
  run.head.op_names = {bad, "javascript:alert(1)"};
  run.head.provenance.source_text = bad + "\n<!-- " + bad;
  run.head.provenance.command_line = {bad};
  run.head.provenance.system = bad;
  for (Interval& interval : run.intervals) {
    interval.ops[0].errors[bad] = 3;
    interval.system[bad] = 1;
    interval.parts[PartName(bad, bad)].response[0].Record(5'000);
  }
  PageRun page = PageRunOf(run);
  page.result.events = {{kSecond, bad, 0}};
  page.result.checks = {{bad, bad, bad, false}};
  page.result.folder = "results/" + bad;
  return page;
}

// 86,400 seconds of six ops. Histograms come a minute at a time, because their number makes no
// difference to the page and a test does not have all day.
inline PageRun DayPageRun() {
  constexpr int kMinutes = 24 * 60;
  RunResult result;
  result.name = "soak";
  result.about = "a day of six ops";
  result.op_names = {"read", "update", "insert", "scan", "delete", "rmw"};
  result.open_model = true;
  result.planned_length = result.measured_length = kMinutes * kMinute;
  result.provenance.plan_json =
      R"({"load":{"model":"open","stages":[{"profile":"soak","over_s":86400,"from":6000}]}})";
  result.provenance.source_text = "name: soak\n";
  result.provenance.started_at = "2026-01-31T00:00:00.000Z";
  result.total.ops.resize(6);
  PageRunMaker maker;
  maker.OnHead(result);
  Rng rng(7);
  for (int minute = 0; minute < kMinutes; ++minute) {
    Interval interval{.begin = minute * kMinute, .end = (minute + 1) * kMinute};
    interval.ops.resize(6);
    for (std::size_t op = 0; op < 6; ++op) {
      for (int i = 0; i < 200; ++i)
        Responses(&interval, op, Outcome::kOk)
            .RecordMany(static_cast<Ticks>(100'000 * (0.5 + rng.Exponential())), 300);
      interval.ops[op].service = interval.ops[op].response[0];
    }
    if (minute % 97 == 0) {
      Responses(&interval, 1, Outcome::kFailed).Record(1'000);
      interval.ops[1].errors["connection lost"] = 1;
    }
    interval.offered = 360'000;
    interval.planned_level = 6000;
    interval.in_flight = 12;
    maker.OnInterval(interval);
    SeriesPoint second = MakeSeriesPoint(interval);
    second.offered /= 60;
    for (SeriesPoint::PerOp& op : second.ops)
      for (std::uint64_t& ended : op.ended) ended = (ended + 59) / 60;
    for (int i = 0; i < 60; ++i) {
      second.begin = minute * kMinute + i * kSecond;
      second.end = second.begin + kSecond;
      maker.OnSecond(second);
    }
    AddInterval(interval, &result);
  }
  for (const OpStats& op : result.total.ops)
    for (std::size_t i = 0; i < kOutcomes; ++i)
      result.account.ended[i] += op.response[i].TotalCount();
  result.account.offered = result.account.Ended();
  JudgeValidity({}, &result);
  return maker.Finish(std::move(result));
}

inline PageModel PageOf(PageRun run) {
  PageSource source{.version = "0.1.0"};
  source.b.push_back(std::move(run));
  return MakePageModel(source);
}

// Some ops fail, in two classes and at different times; the rest of them takes as long as ever.
inline SampleRun ErrorRun() {
  SampleRun run = RampRun();
  for (std::size_t second : {3, 4, 9}) {
    Interval& interval = run.intervals[second];
    Responses(&interval, 0, Outcome::kFailed).RecordMany(30 * kMillisecond, 40);
    interval.ops[0].errors["connection <b>lost</b>"] += 40;
    Responses(&interval, 1, Outcome::kRejected).RecordMany(2 * kMillisecond, 7);
    interval.ops[1].errors["too busy"] += 7;
    interval.offered += 47;
  }
  return run;
}

// Two runs a side, those of B invalid.
inline PageModel InvalidComparisonPage() {
  PageSource source{.version = "0.1.0"};
  std::vector<RunSample> a, b;
  for (std::uint64_t seed = 1; seed <= 2; ++seed) {
    source.a.push_back(PageRunOf(RampRun(seed)));
    source.b.push_back(PageRunOf(RampRun(seed + 10, 1.4)));
    source.b.back().result.invalid = {"the load generator was full: busiest worker 99.00%"};
    a.push_back(SampleOf(source.a.back(), {}));
    b.push_back(SampleOf(source.b.back(), {}));
  }
  const ComparisonSubject subject{.title = "ramp", .a = "a.yaml", .b = "b.yaml"};
  source.comparison = MakeComparisonModel(Compare(a, b), subject);
  return MakePageModel(source);
}

// Three runs a side, B slower.
inline PageModel ComparisonPage() {
  PageSource source{.version = "0.1.0"};
  std::vector<RunSample> a, b;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    source.a.push_back(PageRunOf(RampRun(seed)));
    source.b.push_back(PageRunOf(RampRun(seed + 10, 1.4)));
    a.push_back(SampleOf(source.a.back(), {}));
    b.push_back(SampleOf(source.b.back(), {}));
  }
  const CompareOptions options{.compared = {"driver.cache"}};
  const ComparisonSubject subject{.title = "ramp",
                                  .a = "a.yaml",
                                  .b = "b.yaml",
                                  .compared = {{"driver.cache", "\"1G\"", "\"4G\""}}};
  source.comparison =
      MakeComparisonModel(Compare(a, b, options), subject, ComputeShift(a, b, options));
  return MakePageModel(source);
}

}  // namespace mbench
