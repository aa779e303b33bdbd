// SPDX-License-Identifier: Apache-2.0
//
// What InfluxDB says in the bodies of its replies: pure functions of their bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "drivers/common/point_reply.h"

namespace mbench::influx {

// One pass over the bytes, which builds nothing of the rows.
QueryReply ReadQueryReply(std::string_view body);

// The number that a query for one count was answered with; 0: there was nothing to count.
std::uint64_t ReadCount(std::string_view body);

// Of an error's text, what does not differ from op to op: `partial write: field type conflict:
// input field "value" ... dropped=5` -> "partial write: field type conflict".
std::string ErrorClass(std::string_view text);

// Points that were not written while the others of the batch were; nothing: it was no such reply.
std::optional<std::uint64_t> DroppedPoints(std::string_view text);

// Whether it says that the server takes no more for now.
bool SaysOverloaded(std::string_view text);

inline constexpr PointReplies kReplies = {.system = "InfluxDB",
                                          .version_header = "x-influxdb-version",
                                          .query = ReadQueryReply,
                                          .error = JsonErrorText,
                                          .error_class = ErrorClass,
                                          .dropped = DroppedPoints,
                                          .is_busy = SaysOverloaded};

}  // namespace mbench::influx
