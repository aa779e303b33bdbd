// SPDX-License-Identifier: Apache-2.0
//
// One second of a run as a line of text: what a chart over time needs, without histograms.
//
// series.jsonl holds these lines while the run goes; run.json holds them as its member `series`
// when the run is over. Fields and units are in reports/README.md.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "harness/result/json_text.h"
#include "harness/stats/interval.h"

namespace mbench {

struct SeriesPoint {
  struct PerOp {
    std::array<std::uint64_t, kOutcomes> ended{};  // by outcome
    std::map<std::string, std::uint64_t> errors;   // class -> count
    Moved moved;
  };
  Ticks begin = 0;  // from the start of the measured phase
  Ticks end = 0;
  std::uint64_t offered = 0;
  std::vector<PerOp> ops;                           // in the order of the run's op names
  std::map<std::string, Moved, std::less<>> parts;  // of those that have moved anything
  Ticks p50 = 0, p99 = 0, max = 0;  // response of answered and timed-out ops, all together
  Ticks lag_p99 = 0, delay_p99 = 0;
  double planned_level = 0;
  std::uint64_t in_flight = 0;
  std::uint64_t warmup_ops = 0;
  HostSample host;
  std::map<std::string, double> system;  // what the system said of itself; units in the names
};

SeriesPoint MakeSeriesPoint(const Interval& interval);

// What the log does not hold of the same second: all but the latencies.
// REQUIRES: as many ops in both.
void AddSeriesPoint(const SeriesPoint& point, Interval* logged);

// Without a newline.
std::string SeriesLine(const SeriesPoint& point);

// What was moved, as `items`, `bytes_sent` and `bytes_received` of an object; none of them where
// it is not known.
void AddMoved(const Moved& moved, OrderedJson* json);
Moved ReadMoved(JsonFields& fields);

// How host and harness fared, as members of an object.
void AddHost(const HostSample& host, OrderedJson* json);
HostSample ReadHost(JsonFields& fields);

// `place`: for messages, "series.jsonl:12" or "run.json: series[11]".
Result<SeriesPoint> ReadSeriesPoint(const Json& line, std::size_t ops, const std::string& place);

}  // namespace mbench
