// SPDX-License-Identifier: Apache-2.0
//
// Text for a terminal: columns that line up, colour, and strings that cannot play tricks with it.
#pragma once

#include <algorithm>
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

struct TextStyle {
  bool color = false;
  std::size_t width = 0;  // of the terminal; 0: none, so that tables are as wide as they need to be

  std::size_t Prose() const { return width == 0 ? kTextWidth : std::min(width, kTextWidth); }
};

// Rows of cells; the first column is flushed left, the others right; as wide as the widest cell and
// two spaces apart. No trailing spaces. The first row is the head.
class Columns {
 public:
  // `dispensable`: heads of columns that are left out where there is no room, the first one first.
  explicit Columns(std::vector<std::string_view> dispensable = {})
      : dispensable_(std::move(dispensable)) {}

  void Add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  // `width`: at most so many columns, if that can be had; 0: any.
  std::vector<std::string> Lines(std::size_t width = 0) const;
  // The heads of what Lines leaves out: "p90, p95".
  std::string LeftOut(std::size_t width) const;

 private:
  std::vector<std::size_t> Widths() const;
  std::vector<bool> Shown(std::size_t width) const;

  std::vector<std::vector<std::string>> rows_;
  std::vector<std::string_view> dispensable_;
};

// Breaks at spaces so that no line is wider than `width`; further lines are indented by `indent`.
std::string Wrap(std::string_view text, std::size_t width, std::size_t indent);

}  // namespace mbench
