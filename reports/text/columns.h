// SPDX-License-Identifier: Apache-2.0
//
// Text for a terminal: columns that line up, colour, and strings that cannot play tricks with it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mbench {

// Columns of a line of prose, and of a name in a table.
inline constexpr std::size_t kTextWidth = 100;
inline constexpr std::size_t kNameWidth = 24;

enum class Color { kNone, kRed, kGreen, kYellow, kDim, kBold };
std::string Paint(std::string_view text, Color color, bool enabled);

// Control characters and bytes that are not UTF-8 as '?': names come from files, and a file must
// not move the cursor. Longer than `limit` characters: cut, with ".." at the end.
std::string Printable(std::string_view text, std::size_t limit = 10'000);

// Columns that a terminal needs for `text`, UTF-8 of single width.
std::size_t Width(std::string_view text);

// Rows of cells; the first column is flushed left, the others right; as wide as the widest cell and
// two spaces apart. No trailing spaces.
class Columns {
 public:
  void Add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  std::vector<std::string> Lines() const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

// Breaks at spaces so that no line is wider than `width`; further lines are indented by `indent`.
std::string Wrap(std::string_view text, std::size_t width, std::size_t indent);

}  // namespace mbench
