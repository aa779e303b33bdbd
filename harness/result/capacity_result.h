// SPDX-License-Identifier: Apache-2.0
//
// A search for the capacity as it is stored: find.json in the folder of the search, written anew
// after every probe. The probes are results of their own, in the folder beside it.
//
//   results/find-<name>-<UTC time>/find.json
//   results/find-<name>-<UTC time>/probes/<a result per probe>
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/base/clock.h"
#include "harness/base/result.h"
#include "harness/find/headroom.h"
#include "harness/find/search.h"

namespace mbench {

inline constexpr int kCapacitySchema = 1;

struct StoredProbe {
  Probe probe;      // as the search was told
  std::string why;  // it broke, or does not count; "": it held
  std::string run;  // its folder, below that of the search; "": it left none
  Ticks warmup = 0, window = 0;
  double done_per_s = 0;     // answered
  Ticks p99 = 0, p99_9 = 0;  // response, all ops together
  double errors = 0;         // part of the ops that ended
  double client_cores = 0;
  std::optional<double> server_cores;  // when it is on this host and known
  std::string server;                  // its processes
};

struct CapacityResult {
  std::string workload, system, host;
  std::string started_at;  // UTC
  bool open_model = true;  // false: levels are clients
  std::vector<std::string> objectives;
  std::string plan_json;  // of the workload: a search goes on with the same one only
  SearchOptions options;
  Ticks warmup = 0, window = 0, rest = 0;  // of the last probe
  std::vector<StoredProbe> probes;
  CapacityInterval capacity;  // so far
  CapacityNeed need;          // what it is held against
  std::string ended_by;       // why there are no more probes, when that is not the answer itself
  std::string folder;         // where it is stored
};

std::string CapacityJson(const CapacityResult& result);

// `folder`: of a search. Fails with kUsage when there is none, with kInvalid on damage.
Result<CapacityResult> ReadCapacity(const std::string& folder);
Status WriteCapacity(const CapacityResult& result);

}  // namespace mbench
