// SPDX-License-Identifier: Apache-2.0
//
// Runs that show every part of a report. Made of powers of two and constants, so that they are the
// same on every machine.
#pragma once

#include "harness/result/judge.h"
#include "harness/result/run_result.h"

namespace mbench {

// Latencies from `fastest` on: half of all at once, then a tail that doubles and gets rarer.
inline void FillTail(Histogram* histogram, Ticks fastest, std::uint64_t count) {
  Ticks latency = fastest;
  for (std::uint64_t left = count; left > 0; latency += latency / 2) {
    const std::uint64_t now = left < 4 ? left : left / 2;
    histogram->RecordMany(latency, now);
    left -= now;
  }
}

inline Histogram& Of(RunResult* result, std::size_t op, Outcome outcome) {
  return result->total.ops[op].response[static_cast<std::size_t>(outcome)];
}

inline void CloseAccount(RunResult* result) {
  Account& account = result->account;
  for (const OpStats& op : result->total.ops)
    for (std::size_t i = 0; i < kOutcomes; ++i) account.ended[i] += op.response[i].TotalCount();
  if (account.offered == 0) account.offered = account.Ended() + account.in_flight + account.waiting;
}

// Closed model on an embedded store; all is well.
inline RunResult GoodRun() {
  RunResult result;
  result.name = "ramp";
  result.about = "95 % reads, zipfian keys; clients grow from 1 to 64 on the embedded store";
  result.folder = "results/ramp-20260131T123456Z";
  result.op_names = {"read", "update"};
  result.planned_length = result.measured_length = result.total.end = 60 * kSecond;
  result.warmup_length = 5 * kSecond;
  result.provenance.driver = "rocksdb";
  result.provenance.system = "RocksDB 7.8.3";
  result.provenance.seed = 42;
  result.provenance.cores = 8;
  result.provenance.started_at = "2026-01-31T12:34:56.789Z";
  result.provenance.plan_json = R"({"service_level": "intermediate"})";
  result.load = {.records = 100'000, .took = 1'340 * kMillisecond};
  Interval& total = result.total;
  total.ops.resize(2);
  FillTail(&Of(&result, 0, Outcome::kOk), 9'000, 1'234'000);
  FillTail(&Of(&result, 0, Outcome::kNotFound), 8'000, 567);
  FillTail(&Of(&result, 1, Outcome::kOk), 21'000, 64'977);
  FillTail(&total.ops[0].service, 8'800, 1'234'567);
  FillTail(&total.ops[1].service, 20'600, 64'977);
  total.ops[0].moved = {
      .bytes_sent = 49'382'680, .bytes_received = 1'285'419'240, .items = 1'234'000};
  total.ops[1].moved = {.bytes_sent = 70'824'930, .bytes_received = 324'885, .items = 64'977};
  FillTail(&total.lag, 150, 1'299'544);
  FillTail(&total.delay, 120, 1'299'544);
  total.warmup_ops = 102'400;
  total.host = {.client_cpu_s = 80.4, .busy = 0.67, .steal = 0.001, .rss_bytes = 187'000'000};
  CloseAccount(&result);
  result.slo = {{.slo = *ParseSlo("p99(read) < 10ms"), .held = true, .measured = 230'399},
                {.slo = *ParseSlo("errors < 0.1%"), .held = true, .measured = 0},
                {.slo = *ParseSlo("p99.9 < 1ms for 10s"),
                 .held = false,
                 .measured = 1'250'000,
                 .worst_at = 42 * kSecond},
                {.slo = *ParseSlo("p99(scan) < 1s"), .held = false, .judged = false}};
  JudgeValidity({.blocking = true, .threads = 8}, &result);
  return result;
}

// Open model, overloaded: errors, waiting ops, service far from response, thin percentiles.
inline RunResult OverloadedRun() {
  RunResult result;
  result.name = "spike";
  result.about = "a peak of ten times the load";
  result.folder = "results/spike-20260131T123456Z";
  result.open_model = true;
  result.end = RunEnd::kInterrupted;
  result.op_names = {"read", "get_product_with_a_long_name", "scan"};
  result.planned_length = 90 * kSecond;
  result.measured_length = result.total.end = 45 * kSecond;
  result.provenance.driver = "sim";
  result.provenance.system = "simulated server";
  result.provenance.seed = 7;
  result.provenance.cores = 4;
  result.provenance.plan_json = R"({"service_level": "beginner"})";
  result.load.reused = true;
  Interval& total = result.total;
  total.ops.resize(3);
  FillTail(&Of(&result, 0, Outcome::kOk), 250 * kMillisecond, 150'000);
  FillTail(&Of(&result, 0, Outcome::kTimedOut), 10 * kSecond, 1'234);
  FillTail(&Of(&result, 0, Outcome::kFailed), 1 * kMillisecond, 12'345);
  FillTail(&Of(&result, 0, Outcome::kRejected), 1 * kMillisecond, 55);
  FillTail(&Of(&result, 1, Outcome::kOk), 260 * kMillisecond, 800);
  FillTail(&Of(&result, 1, Outcome::kMismatch), 260 * kMillisecond, 3);
  FillTail(&total.ops[0].service, 2 * kMillisecond, 151'234);
  FillTail(&total.ops[1].service, 2 * kMillisecond, 800);
  total.ops[0].errors = {{"connection lost", 12'000}, {"disk full", 345}, {"overloaded", 55}};
  for (OpStats& op : total.ops) op.moved = {.known = false};  // stored by an older version
  FillTail(&total.lag, 200 * kMillisecond, 164'000);
  FillTail(&total.delay, 2'000, 164'000);
  total.host = {.client_cpu_s = 31, .busy = 0.41, .steal = 0, .rss_bytes = 64'000'000};
  result.account.in_flight = 64;
  result.account.waiting = 60'321;
  CloseAccount(&result);
  result.connections = {.known = true, .made = 12'064, .lost = 12'000, .sent_again = 7};
  result.events = {{30 * kSecond, "primary stopped", 0}};
  result.events[0].took = 120 * kMillisecond;
  result.events.push_back({.at = 40 * kSecond,
                           .name = "promoted",
                           .exit_code = 3,
                           .end = EventEnd::kFailed,
                           .took = 31 * kMillisecond,
                           .output = "connecting\nno such host\n",
                           .output_bytes = 24,
                           .why = "failed with exit code 3"});
  result.events.push_back({.name = "switched",
                           .end = EventEnd::kSkipped,
                           .why = "did not begin before the end of the run"});
  result.outages = {{.event = "primary stopped",
                     .op = "read",
                     .state = OutageState::kRecovered,
                     .event_at = 30 * kSecond,
                     .at_most = kMinute,
                     .from = 30'060 * kMillisecond,
                     .to = 40'128 * kMillisecond,
                     .first_error = 30'061 * kMillisecond,
                     .last_error = 40'120 * kMillisecond,
                     .silence = 10 * kSecond,
                     .before = {90'000, 0, 2 * kMillisecond},
                     .during = {12'000, 12'000, 0},
                     .after = {48'000, 0, 3 * kMillisecond}},
                    {.event = "primary stopped",
                     .op = "scan",
                     .state = OutageState::kNeverEnded,
                     .event_at = 30 * kSecond,
                     .at_most = kMinute,
                     .from = 30'060 * kMillisecond,
                     .to = 45 * kSecond,
                     .silence = 14 * kSecond},
                    {.op = "get_product_with_a_long_name",
                     .state = OutageState::kRecovered,
                     .event_at = 40 * kSecond,
                     .from = 41 * kSecond,
                     .to = 42 * kSecond,
                     .silence = kSecond,
                     .note = "promoted"}};
  result.slo = {{.slo = *ParseSlo("errors < 0.1%"), .held = false, .measured = 0.083}};
  JudgeValidity({}, &result);
  return result;
}

// Statements: a transaction with its steps, an op split by labels.
inline RunResult StatementsRun() {
  RunResult result;
  result.name = "shop";
  result.op_names = {"get_product", "transfer"};
  result.planned_length = result.measured_length = result.total.end = 10 * kSecond;
  result.provenance.system = "PostgreSQL 15.6";
  result.provenance.plan_json = R"({"mix": {"statements": [{"name": "get_product"},
      {"name": "transfer", "steps": [{"name": "debit"}, {"name": "credit"}, {"name": "audit"}]}]}})";
  Interval& total = result.total;
  total.ops.resize(2);
  FillTail(&Of(&result, 0, Outcome::kOk), 200'000, 90'000);
  FillTail(&total.ops[0].service, 200'000, 90'000);
  FillTail(&Of(&result, 1, Outcome::kOk), 900'000, 10'000);
  FillTail(&total.ops[1].service, 900'000, 10'000);
  FillTail(&total.parts["get_product:cache"].response[0], 200'000, 70'000);
  FillTail(&total.parts["get_product:replica-1\n"].response[0], 300'000, 20'000);
  FillTail(&total.parts["transfer:credit"].response[0], 310'000, 10'000);
  FillTail(&total.parts["transfer:debit"].response[0], 290'000, 10'000);
  FillTail(&total.parts["transfer:audit"].response[0], 100'000, 10'000);
  FillTail(&total.parts["transfer:committed"].response[0], 900'000, 10'000);
  total.ops[0].moved = {.bytes_sent = 9'000'000, .bytes_received = 45'000'000, .items = 90'000};
  total.ops[1].moved = {.bytes_sent = 3'000'000, .bytes_received = 1'000'000, .items = 30'000};
  for (auto& [name, part] : total.parts) {
    part.service = part.response[0];
    part.moved = {.bytes_sent = 100 * part.Ended(),
                  .bytes_received = 500 * part.Ended(),
                  .items = part.Ended()};
    result.parts_in_time[name] = {part.Ended(), part.moved};
  }
  FillTail(&total.lag, 200, 100'000);
  FillTail(&total.delay, 150, 100'000);
  CloseAccount(&result);
  JudgeValidity({}, &result);
  return result;
}

// Nothing happened; and the names try to play tricks with the terminal.
inline RunResult HostileRun() {
  RunResult result;
  result.name = "\x1b[2Jname\n\xff";
  result.about =
      "two\r\nlines \xc2\x9b"
      "31m";
  result.op_names = {
      "r\x07"
      "ead"};
  result.total.ops.resize(1);
  result.total.ops[0].errors = {{"\x1b]0;title\x07", 3}};
  result.planned_length = kSecond;
  result.end = RunEnd::kEndedEarly;
  JudgeValidity({}, &result);
  return result;
}

}  // namespace mbench
