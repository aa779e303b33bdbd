// SPDX-License-Identifier: Apache-2.0
//
// What systems that keep points say in the bodies of their replies, as far as they say it alike:
// pure functions of their bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mbench {

// A reply to a query. It has status 200 also when a part of it failed.
struct QueryReply {
  std::uint64_t rows = 0;
  std::string error = {};  // the first one; "": none
};

// How a system's replies are read.
struct PointReplies {
  std::string_view system;          // "InfluxDB", for messages
  std::string_view version_header;  // in lower case; ""; none
  QueryReply (*query)(std::string_view body);
  // The text of an error in a body of any kind.
  std::string (*error)(std::string_view body);
  // The same without what differs from op to op.
  std::string (*error_class)(std::string_view text);
  // Points that were not written while the others of the batch were; nothing: it was no such
  // reply.
  std::optional<std::uint64_t> (*dropped)(std::string_view text);
  // Whether it says that the server takes no more for now.
  bool (*is_busy)(std::string_view text);
};

// The string that `rest` begins with, decoded; "error": it begins with none.
std::string JsonStringIn(std::string_view rest);

// The text of {"error": "..."} or of {"message": "..."}; what else came, cut to a line.
std::string JsonErrorText(std::string_view body);

// Up to the first quote, digit, colon or parenthesis: where values of single ops begin.
std::string GeneralPart(std::string_view text);

}  // namespace mbench
