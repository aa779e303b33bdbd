// SPDX-License-Identifier: Apache-2.0
//
// Op names inside tags.
#include <array>
#include <charconv>

#include "harness/stats/interval_log.h"

namespace mbench {
namespace {

constexpr std::string_view kAsTheyAre =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

// -1 when `text` does not start with %XX.
int EscapedByte(std::string_view text) {
  if (text.size() < 3 || text[0] != '%') return -1;
  int byte = 0;
  const char* end = text.data() + 3;
  const auto [stop, error] = std::from_chars(text.data() + 1, end, byte, 16);
  return error == std::errc() && stop == end && byte >= 0 ? byte : -1;
}

}  // namespace

std::string EncodeTag(std::string_view op_name) {
  std::string tag;
  for (const char c : op_name) {
    if (kAsTheyAre.find(c) != std::string_view::npos)
      tag += c;
    else
      tag += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return tag;
}

std::string DecodeTag(std::string_view tag) {
  std::string op_name;
  while (!tag.empty()) {
    const int byte = EscapedByte(tag);
    op_name += byte < 0 ? tag[0] : static_cast<char>(byte);
    tag.remove_prefix(byte < 0 ? 1 : 3);
  }
  return op_name;
}

}  // namespace mbench
