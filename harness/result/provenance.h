// SPDX-License-Identifier: Apache-2.0
//
// Where a run took place.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "harness/result/run_result.h"

namespace mbench {

// What the host says of itself: mbench's version, host, OS, kernel, CPU, cores that this process
// may use, memory, clock. What it does not say stays empty. The rest of Provenance is the caller's.
Provenance HostProvenance();

// Nanoseconds since the Unix epoch -> "2026-01-31T12:34:56.789Z", and back; nothing: it is not
// written so.
std::string FormatUtc(std::int64_t unix_ns);
std::optional<std::int64_t> ParseUtc(std::string_view text);
std::int64_t UtcNow();

}  // namespace mbench
