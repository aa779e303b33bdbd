// SPDX-License-Identifier: Apache-2.0
//
// What VictoriaMetrics says in the bodies of its replies: pure functions of their bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "drivers/common/point_reply.h"

namespace mbench::victoria {

// Of /api/v1/query and /api/v1/query_range. Rows are the values of all series. An error is what
// stands beside `status: error`; a reply of which a part is missing is one, too.
QueryReply ReadQueryReply(std::string_view body);

// The number that a query for one was answered with; 0: there was nothing.
std::uint64_t ReadCount(std::string_view body);

// `remoteAddr: "..."; requestURI: /write?db=a; cannot read ...` -> what comes behind.
std::string ErrorText(std::string_view body);

// `error when executing query="up{" for (time=1, step=2): unexpected token ""` ->
// "error when executing query: unexpected token".
std::string ErrorClass(std::string_view text);

inline constexpr PointReplies kReplies = {
    .system = "VictoriaMetrics",
    .version_header = "",
    .query = ReadQueryReply,
    .error = ErrorText,
    .error_class = ErrorClass,
    // It skips lines silently (server_page.h), and says 503 when it is busy.
    .dropped = [](std::string_view) -> std::optional<std::uint64_t> { return std::nullopt; },
    .is_busy = [](std::string_view) { return false; }};

}  // namespace mbench::victoria
