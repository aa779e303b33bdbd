// SPDX-License-Identifier: Apache-2.0
//
// What a report says about one run, before it is text, JSON or a page.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "harness/result/reached_level.h"
#include "harness/result/run_result.h"
#include "reports/model/number.h"

namespace mbench {

// Of one histogram.
struct LatencyModel {
  Number samples;
  std::vector<Number> percentiles;  // as kPercentiles of harness/result/summary.h
  Number max;
  Number mean;
};

// What ops have moved: in all, and per second of the measured phase. Nothing is known of results of
// older versions.
struct MovedModel {
  Number items, sent, received;
  Number items_rate, sent_rate, received_rate, bytes_rate;
  // Not known, or as many as ops, so that there is nothing to say; the same of bytes.
  bool ItemsShown() const { return items.known && items_differ; }
  bool BytesShown() const { return sent.known && sent.value + received.value > 0; }
  bool items_differ = false;
};

struct OpModel {
  std::string name;
  Number count;   // of ops that ended
  Number rate;    // answered per second of the measured phase
  Number errors;  // failed, timed out, rejected, mismatched
  LatencyModel response;
  LatencyModel service;
  MovedModel moved;
  std::vector<std::pair<std::string, Number>> error_classes;  // the most frequent first
  std::vector<OpModel> parts = {};  // steps and labels, called by their label; views of this op
};

struct SloModel {
  enum class State { kHeld, kBroken, kNotJudged };
  std::string text;
  State state = State::kNotJudged;
  Number limit;
  Number measured;
  bool windowed = false;
  Number worst_at;  // seconds from the start; with a window
};

// One of several systems of a run.
struct SystemModel {
  std::string what;              // what answered there, or its driver
  std::vector<std::string> ops;  // that went there; empty: it was observed
  OpModel all;                   // of these together, called as the system
  ConnectionCounts connections;
};

// What the driver found out about the system: before the run, and after it.
struct FactModel {
  std::string name;
  std::string before, after;  // "": nothing was said then
  bool Changed() const { return !before.empty() && !after.empty() && before != after; }
};

// Of one phase of an outage.
struct OutagePhaseModel {
  Number ended, errors, p99;
};

// What an event did to a kind of op, or a time without an answer that was found.
struct OutageModel {
  std::string event;  // "primary stopped"; "none declared"; "none declared, after primary stopped"
  std::string op;
  std::string state;  // "recovered", "never ended", "longer than 30.0s", "not seen" ...
  bool is_bad = false;
  Number first_error, last_error;  // seconds from the start
  Number from, to;
  Number rto;
  OutagePhaseModel before, during, after;
  // What the ledger says of its event, in the first row of that; "": not known.
  std::string in_doubt;  // "12"
  std::string lost;      // "32 of 280": of all writes that were acknowledged
  std::string rpo;       // "2.8s"
  std::string stale;     // "470 (13.5 %)": of the reads behind the event
};

struct RunModel {
  std::string name;
  std::string about;
  std::string system;
  std::string model;  // "open" or "closed"
  std::string end;    // "complete", "interrupted", "ended early"
  std::string started_at;
  std::string folder;
  std::uint64_t seed = 0;
  Number planned_length, measured_length, warmup_length;

  std::vector<OpModel> ops;
  OpModel all;
  bool service_differs = false;  // so much that a reader has to see both

  Number offered, in_flight, waiting;
  std::vector<std::pair<std::string, Number>> outcomes;  // in the order of Outcome, zeros too
  bool balances = true;
  Number warmup_ops;
  ConnectionCounts connections;
  std::vector<SystemModel> systems;  // empty: there is one
  std::vector<RankRecord> ranks;     // processes that shared it; empty: there was one

  LatencyModel lag, delay;
  Number cpu_cores, busy, steal, rss;
  std::vector<std::pair<std::string, Number>> host;  // the whole of it: means over the run
  std::string cpu;  // who had the CPU of it; "": it was not counted
  std::vector<FactModel> facts;

  LoadPhase load;
  std::vector<EventRecord> events;
  std::vector<OutageModel> outages;
  bool writes_followed = false, reads_followed = false;  // the ledger knows what became of them
  std::vector<SloModel> slo;
  std::vector<CheckResult> checks;
  ReachedLevel service_level;
  bool valid = true;
  std::vector<std::string> invalid, warnings;
};

RunModel MakeRunModel(const RunResult& result);

// "mbench 12.10%, the system under test (nginx) 30.02%, others 44.00% (cc1plus 40.10%)"
std::string HostCpuText(const CpuAccount& cpu);

// "859 made, 855 of them lost; 12 ops sent again"; "" when it is not known.
std::string ConnectionsText(const ConnectionCounts& counts);
// "Redis 7.0.15: get, put; connections: 50 made"
std::string SystemText(const SystemModel& system);
// "2 workers, 12,000 ops, 0 errors, lag p99 12us, ..., began within 3us"
std::string RankText(const RankRecord& rank);
// "100,000 records in 1.34s (74.6k/s)"; "" when nothing was loaded.
std::string LoadText(const LoadPhase& load);
// "stopped 120ms (exit code 0)" of each event with a command, or that did not go well.
std::string CommandsText(const std::vector<EventRecord>& events);
// "stopped", "backup, round 2".
std::string NameOf(const EventRecord& event);
// "after_load 1 in 1.2s, ..."; "" when there were no such statements.
std::string SetUpText(const LoadPhase& load);

}  // namespace mbench
