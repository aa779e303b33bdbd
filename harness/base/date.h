// SPDX-License-Identifier: Apache-2.0
//
// Points in time as ISO 8601 writes them, in UTC: 2026-01-31, 2026-01-31T12:00:00.250Z.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace mbench {

inline constexpr std::int64_t kDayMs = 24LL * 3600 * 1000;

// Milliseconds since 1970. A day, alone (its midnight) or with a time: hours and minutes at least,
// behind a T or a blank, in UTC unless an offset such as +02:00 follows. Years 1 to 9999.
std::optional<std::int64_t> ParseDate(std::string_view text);

// Writes 2026-01-31, or 2026-01-31T12:00:00.250Z, to `out`, which has room for kDateSize; how many
// bytes. REQUIRES: within the years 1 to 9999.
inline constexpr std::size_t kDateSize = 24;
std::size_t WriteDate(std::int64_t ms, bool with_time, char* out);

}  // namespace mbench
