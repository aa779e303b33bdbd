// SPDX-License-Identifier: Apache-2.0
#include "reports/html/html_text.h"

#include <fmt/format.h>

#include <bit>
#include <cctype>
#include <cstdint>
#include <cstring>

#include "harness/base/text.h"
#include "harness/stats/base64.h"

namespace mbench {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

// Of a whole character that is harmless; "" says that it stays as it is.
std::string_view EntityOf(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return {};
  }
}

}  // namespace

std::string EscapeHtml(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 16);
  while (!text.empty()) {
    const std::size_t length = Utf8Length(text);
    const std::string_view character = text.substr(0, length == 0 ? 1 : length);
    text.remove_prefix(character.size());
    const std::string_view entity = length == 1 ? EntityOf(character[0]) : std::string_view();
    if (!entity.empty())
      out += entity;
    else if (character == "\n" || character == "\t")
      out += character;
    else
      out += length == 0 || IsControl(character) ? kReplacement : character;
  }
  return out;
}

std::string EscapeUrlPath(std::string_view path) {
  std::string out = "./";
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain =
        byte < 0x80 && (std::isalnum(byte) != 0 || std::strchr("/-_.", c) != nullptr);
    out += plain && c != 0 ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  return out;
}

std::string EscapeScript(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (c == '<') {
      out += "\\u003c";
    } else if (c == '>') {
      out += "\\u003e";
    } else if (c == '&') {
      out += "\\u0026";
    } else if (json.substr(i).starts_with("\xe2\x80\xa8") ||
               json.substr(i).starts_with("\xe2\x80\xa9")) {
      out += json[i + 2] == '\xa8' ? "\\u2028" : "\\u2029";
      i += 2;
    } else {
      out += c;
    }
  }
  return out;
}

std::string Float32Base64(std::span<const double> values) {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(values.size() * 4);
  for (const double value : values) {
    const auto bits = std::bit_cast<std::uint32_t>(static_cast<float>(value));
    for (int shift = 0; shift < 32; shift += 8)
      bytes.push_back(static_cast<std::uint8_t>(bits >> shift));
  }
  std::string text;
  AppendBase64(bytes, &text);
  return text;
}

std::string Base64(std::string_view bytes) {
  std::string text;
  AppendBase64({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, &text);
  return text;
}

}  // namespace mbench
