// SPDX-License-Identifier: Apache-2.0
//
// Small things done to text in more than one folder.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mbench {

std::string_view Trim(std::string_view text);
std::vector<std::string_view> Split(std::string_view text, char separator);
std::string Join(std::span<const std::string> parts, std::string_view separator);

// The candidate a person most likely meant: fewest edits (Damerau-Levenshtein), at most a third of
// the length of `word`, rounded up; "" when none is near.
std::string_view ClosestMatch(std::string_view word, std::span<const std::string_view> candidates);

// "; did you mean 'over'?" or "; expected one of: at, over"; for messages about a word that is not
// among those that may stand there.
std::string Suggest(std::string_view word, std::span<const std::string_view> allowed);

// Bytes of the well-formed UTF-8 character that `text` begins with; 0: there is none. REQUIRES:
// text is not empty.
std::size_t Utf8Length(std::string_view text);

// Whether a whole UTF-8 character moves the cursor or turns the direction of writing, so that a
// terminal must not get it from a stranger.
bool IsControl(std::string_view character);

// In single quotes, control characters and bad UTF-8 as \xNN, cut with "..." after `limit` bytes:
// safe to put into a message whatever the text is.
std::string Quote(std::string_view text, std::size_t limit = 80);

// %41 is "A" (RFC 3986); nullopt: a % without two hex digits.
std::optional<std::string> PercentDecode(std::string_view text);

}  // namespace mbench
