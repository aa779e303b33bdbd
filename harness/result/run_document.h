// SPDX-License-Identifier: Apache-2.0
//
// run.json <-> RunResult, but for the series and the histograms. The schema is in
// reports/README.md.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/result/json_text.h"
#include "harness/result/run_result.h"

namespace mbench {

struct RunDocument {
  RunResult result;             // without histograms
  int schema = kSchemaVersion;  // of the file
  bool running = false;
  std::string log_digest;  // of latency.hlog; "": it was not closed, or the file is an old one
  // latency.hlog and series.jsonl end here, before the run did, because they could not be written.
  std::optional<Ticks> log_ends_at;
  // By op: what latency.hlog has to hold when it is complete.
  std::vector<std::array<std::uint64_t, kOutcomes>> ended;
  std::map<std::string, std::array<std::uint64_t, kOutcomes>> parts_ended;
};

// `running`: the run goes on, and only what is known before its first op is there.
OrderedJson WriteRunDocument(const RunResult& result, bool running,
                             std::optional<Ticks> log_ends_at);

// Fails on a schema that is not kSchemaVersion; `document` may be incomplete otherwise.
Status CheckSchema(const Json& document, const std::string& file);

Result<RunDocument> ReadRunDocument(const Json& document, const std::string& file);

}  // namespace mbench
