// SPDX-License-Identifier: Apache-2.0
//
// A search for the capacity with a probe of every kind.
#pragma once

#include <string>

#include "harness/result/capacity_result.h"

namespace mbench {

inline StoredProbe ShownProbe(double level, ProbeEnd end, Ticks p99, double cores,
                              const std::string& why = {}, bool scout = false) {
  StoredProbe stored;
  stored.probe = {.level = level, .scout = scout, .end = end};
  stored.why = why;
  stored.run = "redis-" + std::to_string(static_cast<int>(level));
  stored.warmup = 5 * kSecond;
  stored.window = scout ? 22 * kSecond : 89 * kSecond;
  stored.done_per_s = std::min(level, 86'000.0);
  stored.p99 = p99;
  stored.p99_9 = 3 * p99;
  stored.client_cores = level / 100'000;
  stored.server_cores = cores;
  stored.server = "redis-server";
  return stored;
}

inline CapacityResult ShownSearch() {
  CapacityResult search;
  search.workload = "redis";
  search.system = "Redis 7.0.15";
  search.host = "A CPU, 4 cores";
  search.started_at = "2026-01-31T12:34:56.789Z";
  search.objectives = {"p99 < 5ms", "errors < 0.1%"};
  search.plan_json = "{}";
  search.options.start = 10'000;
  search.warmup = 5 * kSecond;
  search.window = 89 * kSecond;
  search.rest = kSecond;
  search.need = {.peak = 50'000, .growth_per_month = 0.04, .cost_per_hour = 0.52};
  search.probes = {
      ShownProbe(10'000, ProbeEnd::kHolds, 310'000, 0.2, {}, true),
      ShownProbe(40'000, ProbeEnd::kHolds, 520'000, 0.51, {}, true),
      ShownProbe(160'000, ProbeEnd::kGenerator, 900 * kMillisecond, 0.99,
                 "the load generator was full: busiest worker 99.00%", true),
      ShownProbe(100'000, ProbeEnd::kBreaks, 800 * kMillisecond, 0.99,
                 "p99 is 800ms, the queue grows by 13.9k/s", true),
      ShownProbe(82'900, ProbeEnd::kHolds, 3'900'000, 0.97),
      ShownProbe(85'500, ProbeEnd::kBreaks, 7'200'000, 0.99, "p99 is 7.20ms"),
      ShownProbe(82'900, ProbeEnd::kHost, 6'100'000, 0.9, "others had 44.00% of the host's CPU"),
      ShownProbe(82'900, ProbeEnd::kHolds, 4'100'000, 0.97),
      ShownProbe(82'900, ProbeEnd::kHolds, 4'000'000, 0.97),
  };
  search.capacity = {.end = SearchEnd::kFound, .low = 82'900, .high = 85'500};
  return search;
}

}  // namespace mbench
