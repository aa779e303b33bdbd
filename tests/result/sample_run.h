// SPDX-License-Identifier: Apache-2.0
//
// A run as an engine would hand it on: a few seconds of two ops, the drain, and what is known at
// the end.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "harness/base/rng.h"
#include "harness/result/judge.h"
#include "harness/result/run_result.h"

namespace mbench {

// Removed with everything in it.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "mbench-result-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

inline std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void WriteFile(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
}

inline Histogram& Responses(Interval* interval, std::size_t op, Outcome outcome) {
  return interval->ops[op].response[static_cast<std::size_t>(outcome)];
}

struct SampleRun {
  // Ops "read" and "get item, all"; open model; `seconds` of 1000 reads and 100 of the other.
  // `parts`: reads from a cache or not, some of which fail.
  explicit SampleRun(int seconds = 5, std::uint64_t seed = 42, bool parts = false)
      : with_parts(parts), rng_(seed) {
    head.name = "sample";
    head.about = "two ops, a few errors";
    head.open_model = true;
    head.op_names = {"read", "get item, all"};
    head.total.ops.resize(2);
    head.planned_length = seconds * kSecond;
    head.warmup_length = 2 * kSecond;
    head.judged_as = {.is_null_driver = false, .blocking = true, .threads = 2};
    head.provenance.mbench_version = "0.1.0";
    head.provenance.command_line = {"mbench", "run", "sample.yaml"};
    head.provenance.file = "sample.yaml";
    head.provenance.source_text = "name: sample\nabout: \"two ops, a few errors\"\n";
    head.provenance.plan_json = R"({"name":"sample","data":{"records":1000}})";
    head.provenance.seed = 18446744073709551615u;
    head.provenance.driver = "memory";
    head.provenance.system = "memory";
    head.provenance.system_facts = {{"storage", "a map"}, {"records", "10"}};
    head.provenance.system_after = {{"records", "1000"}};
    head.provenance.host = "host";
    head.provenance.os = "Debian GNU/Linux 12 (bookworm)";
    head.provenance.kernel = "Linux 6.1.0";
    head.provenance.cpu = "A CPU";
    head.provenance.cores = 4;
    head.provenance.memory_bytes = 8'000'000'000;
    head.provenance.clock = "tsc";
    head.provenance.started_at = "2026-01-31T12:34:56.789Z";
    for (int second = 0; second < seconds; ++second) intervals.push_back(Second(second));
    intervals.push_back(Drain(seconds));
  }

  RunResult Finished() const {
    RunResult result = head;
    SloJudge judge(slo, head.op_names);
    for (const Interval& interval : intervals) {
      AddInterval(interval, &result);
      judge.Add(interval);
    }
    result.measured_length = result.planned_length;
    result.account.offered = result.total.offered;
    for (const OpStats& op : result.total.ops)
      for (std::size_t i = 0; i < kOutcomes; ++i)
        result.account.ended[i] += op.response[i].TotalCount();
    result.connections = {.known = true, .made = 70, .lost = 6, .sent_again = 2};
    result.account.in_flight = 1;
    result.account.waiting = result.account.offered - result.account.Ended() - 1;
    result.load = load;
    result.events = {{2 * kSecond, "primary stopped", 0}, {3 * kSecond, "marked", {}}};
    result.events.push_back({.at = 4 * kSecond,
                             .name = "promoted",
                             .exit_code = 3,
                             .end = EventEnd::kFailed,
                             .round = 2,
                             .took = 120 * kMillisecond,
                             .output = "no such host\n",
                             .output_bytes = 9'000,
                             .why = "failed with exit code 3"});
    result.outages = outages;
    result.slo = judge.Judge(result.total, result.measured_length);
    result.checks = checks;
    result.systems = systems;
    JudgeValidity(result.judged_as, &result);
    return result;
  }

  RunResult head;
  LoadPhase load = {.records = 1000, .took = 250 * kMillisecond};
  std::vector<CheckResult> checks;
  std::vector<SystemRecord> systems;
  // One that recovered, one of which nothing was seen, one that nobody declared.
  std::vector<OutageResult> outages = {{.event = "primary stopped",
                                        .op = "read",
                                        .state = OutageState::kRecovered,
                                        .event_at = 2 * kSecond,
                                        .at_most = 10 * kSecond,
                                        .from = 2'100'000'001,
                                        .to = 3 * kSecond,
                                        .first_error = 2'200'000'000,
                                        .last_error = 2'900'000'000,
                                        .silence = 700 * kMillisecond,
                                        .relapses = 1,
                                        .before = {1'000, 1, kMillisecond},
                                        .during = {500, 490, 0},
                                        .after = {2'000, 0, 2 * kMillisecond}},
                                       {.event = "primary stopped",
                                        .op = "get item, all",
                                        .event_at = 2 * kSecond,
                                        .at_most = 10 * kSecond},
                                       {.op = "read",
                                        .state = OutageState::kNeverEnded,
                                        .event_at = 3 * kSecond,
                                        .from = 4 * kSecond,
                                        .to = 5 * kSecond,
                                        .silence = kSecond,
                                        .note = "marked"}};
  std::vector<Interval> intervals;
  std::vector<SloPlan> slo;
  bool with_parts;

 private:
  void AddParts(Interval* interval) {
    OpStats& cache = interval->parts["read:cache"];
    cache.response[0].RecordMany(Latency(), 600);
    cache.response[static_cast<std::size_t>(Outcome::kFailed)].Record(Latency());
    cache.service.RecordMany(9000, 600);
    cache.errors["connection lost"] = 1;
    cache.moved = {.bytes_sent = 6010, .bytes_received = 90'000, .items = 1800};
    interval->parts["read:a, b:c"].response[0].RecordMany(Latency(), 30);
  }
  Ticks Latency() { return static_cast<Ticks>(20'000 * (0.5 + rng_.Exponential())); }

  Interval Second(int second) {
    Interval interval{.begin = second * kSecond, .end = (second + 1) * kSecond};
    interval.ops.resize(2);
    for (int i = 0; i < 1100; ++i) {
      const Ticks latency = Latency();
      const std::size_t op = i % 11 == 0 ? 1 : 0;
      Outcome outcome = i % 100 == 7 ? Outcome::kNotFound : Outcome::kOk;
      if (i % 500 == 9) outcome = Outcome::kFailed;
      Responses(&interval, op, outcome).Record(latency);
      if (outcome != Outcome::kFailed) interval.ops[op].service.Record(latency - 1000);
      if (outcome == Outcome::kFailed) ++interval.ops[op].errors["connection lost"];
      interval.ops[op].moved.bytes_sent += 20;
      interval.ops[op].moved.bytes_received += outcome == Outcome::kFailed ? 0 : 100;
      interval.ops[op].moved.items += outcome == Outcome::kOk ? 1 + 2 * op : 0;
      interval.lag.Record(1000);
      interval.delay.Record(700);
    }
    if (with_parts) AddParts(&interval);
    interval.offered = 1102;
    interval.planned_level = 1102;
    interval.in_flight = 2;
    interval.warmup_ops = second == 0 ? 17 : 0;
    interval.host = {.client_cpu_s = 0.5, .busy = 0.25, .steal = 0.01, .rss_bytes = 50'000'000};
    interval.host.figures = {{"cpu_fraction", 0.125 * (second % 4)},
                             {"disk_read_bytes_per_s", 4096}};
    return interval;
  }

  Interval Drain(int second) {
    Interval interval{.begin = second * kSecond, .end = second * kSecond + 300 * kMillisecond};
    interval.ops.resize(2);
    Responses(&interval, 0, Outcome::kOk).Record(250 * kMillisecond);
    Responses(&interval, 0, Outcome::kTimedOut).Record(300 * kMillisecond);
    interval.ops[0].moved = {.bytes_sent = 40, .bytes_received = 100, .items = 1};
    interval.host.rss_bytes = 50'000'000;
    return interval;
  }

  Rng rng_;
};

// The first folder in `root`.
inline std::string OnlyFolder(const std::string& root) {
  for (const auto& entry : std::filesystem::directory_iterator(root)) return entry.path().string();
  return {};
}

}  // namespace mbench
