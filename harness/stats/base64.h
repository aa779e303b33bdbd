// SPDX-License-Identifier: Apache-2.0
//
// Base64 (RFC 4648, section 4), as histogram logs need it: one line, padded.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mbench {

void AppendBase64(std::span<const std::uint8_t> bytes, std::string* text);

// False when `text` is not what AppendBase64 would write: a character outside the alphabet, white
// space, missing padding, bits set behind the last byte. `bytes` is replaced.
bool DecodeBase64(std::string_view text, std::vector<std::uint8_t>* bytes);

}  // namespace mbench
