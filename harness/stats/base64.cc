// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/base64.h"

#include <array>

namespace mbench {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kNotInAlphabet = 0xff;
constexpr std::uint32_t kBad = 0x80;  // set in kNotInAlphabet, and in no value

constexpr std::array<std::uint8_t, 256> MakeValues() {
  std::array<std::uint8_t, 256> values{};
  values.fill(kNotInAlphabet);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i)
    values[static_cast<std::uint8_t>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
  return values;
}
constexpr std::array<std::uint8_t, 256> kValues = MakeValues();

// `digits` of the 24 bits as text, padded to four characters.
void AppendGroup(std::uint32_t bits, std::size_t digits, std::string* text) {
  for (std::size_t i = 0; i < 4; ++i)
    text->push_back(i < digits ? kAlphabet[(bits >> (18 - 6 * i)) & 63] : '=');
}

}  // namespace

void AppendBase64(std::span<const std::uint8_t> bytes, std::string* text) {
  text->reserve(text->size() + (bytes.size() + 2) / 3 * 4);
  std::size_t i = 0;
  for (; i + 3 <= bytes.size(); i += 3)
    AppendGroup(static_cast<std::uint32_t>(bytes[i] << 16 | bytes[i + 1] << 8 | bytes[i + 2]), 4,
                text);
  if (bytes.size() - i == 1) AppendGroup(static_cast<std::uint32_t>(bytes[i] << 16), 2, text);
  if (bytes.size() - i == 2)
    AppendGroup(static_cast<std::uint32_t>(bytes[i] << 16 | bytes[i + 1] << 8), 3, text);
}

bool DecodeBase64(std::string_view text, std::vector<std::uint8_t>* bytes) {
  bytes->clear();
  if (text.size() % 4 != 0) return false;
  for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) text.remove_suffix(1);
  const auto value = [&text](std::size_t i) -> std::uint32_t {
    return kValues[static_cast<std::uint8_t>(text[i])];
  };
  bytes->resize(text.size() * 3 / 4);
  std::uint8_t* out = bytes->data();
  std::size_t i = 0;
  for (; i + 4 <= text.size(); i += 4) {
    const std::uint32_t a = value(i), b = value(i + 1), c = value(i + 2), d = value(i + 3);
    if (((a | b | c | d) & kBad) != 0) return false;
    const std::uint32_t bits = a << 18 | b << 12 | c << 6 | d;
    *out++ = static_cast<std::uint8_t>(bits >> 16);
    *out++ = static_cast<std::uint8_t>(bits >> 8);
    *out++ = static_cast<std::uint8_t>(bits);
  }
  std::uint32_t bits = 0;
  std::size_t have = 0;  // bits that are not yet a byte
  for (; i < text.size(); ++i) {
    if ((value(i) & kBad) != 0) return false;
    bits = bits << 6 | value(i);
    have += 6;
    if (have < 8) continue;
    have -= 8;
    *out++ = static_cast<std::uint8_t>(bits >> have);
  }
  return (bits & ((1u << have) - 1)) == 0;
}

}  // namespace mbench
