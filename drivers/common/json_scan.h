// SPDX-License-Identifier: Apache-2.0
//
// One pass over the bytes of a JSON text, which builds nothing: to count what is in a long reply.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace mbench {

// The end of the string that begins behind `at`, or the end of all.
inline std::size_t EndOfJsonString(std::string_view body, std::size_t at) {
  while (at < body.size() && body[at] != '"') at += body[at] == '\\' ? 2 : 1;
  return std::min(at, body.size());
}

// Calls open(depth) at each { and [, which is the depth-th that is open, and key(depth, name, rest)
// at each name of a member, as it is written; `rest` begins behind its colon. Any bytes will do.
template <class Open, class Key>
void ScanJson(std::string_view body, Open open, Key key) {
  int depth = 0;
  for (std::size_t at = 0; at < body.size(); ++at) {
    const char c = body[at];
    if (c == '{' || c == '[') {
      open(++depth);
    } else if (c == '}' || c == ']') {
      --depth;
    } else if (c == '"') {
      const std::size_t end = EndOfJsonString(body, at + 1);
      const std::string_view text = body.substr(at + 1, end - at - 1);
      at = end;
      std::size_t colon = end + 1;
      while (colon < body.size() && (body[colon] == ' ' || body[colon] == '\n')) ++colon;
      if (colon < body.size() && body[colon] == ':') key(depth, text, body.substr(colon + 1));
    }
  }
}

}  // namespace mbench
