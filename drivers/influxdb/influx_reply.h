// SPDX-License-Identifier: Apache-2.0
//
// What InfluxDB says in the bodies of its replies: pure functions of their bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mbench::influx {

// A reply to a query. It has status 200 also when a statement of it failed.
struct QueryReply {
  std::uint64_t rows = 0;  // of all series
  std::string error = {};  // the first one; "": none
};
// One pass over the bytes, which builds nothing of the rows.
QueryReply ReadQueryReply(std::string_view body);

// The number that a query for one count was answered with; 0: there was nothing to count.
std::uint64_t ReadCount(std::string_view body);

// The text of {"error": "..."}, or of {"message": "..."} as version 2 says it; what else came, cut
// to a line.
std::string ErrorText(std::string_view body);

// The same without what differs from op to op: `partial write: field type conflict: input field
// "value" ... dropped=5` -> "partial write: field type conflict".
std::string ErrorClass(std::string_view text);

// Points that were not written while the others of the batch were; nothing: it was no such reply.
std::optional<std::uint64_t> DroppedPoints(std::string_view text);

// Whether it says that the server takes no more for now.
bool SaysOverloaded(std::string_view text);

}  // namespace mbench::influx
