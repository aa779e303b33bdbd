// SPDX-License-Identifier: Apache-2.0
#include "reports/text/columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "harness/base/text.h"

namespace mbench {

std::string Paint(std::string_view text, Color color, bool enabled) {
  static constexpr std::array<std::string_view, 6> kCodes = {"", "31", "32", "33", "2", "1"};
  if (!enabled || color == Color::kNone) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", kCodes[static_cast<std::size_t>(color)], text);
}

std::string Printable(std::string_view text, std::size_t limit) {
  std::string out;
  std::size_t characters = 0;
  while (!text.empty()) {
    const std::size_t length = Utf8Length(text);
    const std::string_view character = text.substr(0, std::max<std::size_t>(length, 1));
    if (++characters > limit) return out + "..";
    if (length == 0 || IsControl(character))
      out += '?';
    else
      out += character;
    text.remove_prefix(character.size());
  }
  return out;
}

std::size_t Width(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::vector<std::size_t> Columns::Widths() const {
  std::vector<std::size_t> widths;
  for (const auto& row : rows_) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], Width(row[i]));
  }
  return widths;
}

std::vector<bool> Columns::Shown(std::size_t width) const {
  const std::vector<std::size_t> widths = Widths();
  std::vector<bool> shown(widths.size(), true);
  std::size_t needed = 0;
  for (const std::size_t each : widths) needed += each + 2;
  if (width == 0 || rows_.empty()) return shown;
  for (const std::string_view head : dispensable_) {
    if (needed <= width + 2) break;  // no gap behind the last one
    for (std::size_t i = 0; i < rows_[0].size(); ++i) {
      if (!shown[i] || Trim(rows_[0][i]) != head) continue;
      shown[i] = false;
      needed -= widths[i] + 2;
    }
  }
  return shown;
}

std::vector<std::string> Columns::Lines(std::size_t width) const {
  const std::vector<std::size_t> widths = Widths();
  const std::vector<bool> shown = Shown(width);
  std::vector<std::string> lines;
  for (const auto& row : rows_) {
    std::string& line = lines.emplace_back();
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (!shown[i]) continue;
      const std::string gap(widths[i] - Width(row[i]), ' ');
      line += i == 0 ? row[i] + gap : "  " + gap + row[i];
    }
    line.erase(line.find_last_not_of(' ') + 1);
  }
  return lines;
}

std::string Columns::LeftOut(std::size_t width) const {
  const std::vector<bool> shown = Shown(width);
  std::string heads;
  for (std::size_t i = 0; i < shown.size(); ++i)
    if (!shown[i]) heads += fmt::format("{}{}", heads.empty() ? "" : ", ", Trim(rows_[0][i]));
  return heads;
}

std::string Wrap(std::string_view text, std::size_t width, std::size_t indent) {
  std::string out;
  std::size_t column = 0;
  while (!text.empty()) {
    const std::size_t space = text.find(' ');
    const std::string_view word = text.substr(0, space);
    const bool first = out.empty();
    if (!first && column + 1 + Width(word) > width) {
      out += '\n' + std::string(indent, ' ');
      column = indent;
    } else if (!first) {
      out += ' ';
      ++column;
    }
    out += word;
    column += Width(word);
    text = space == std::string_view::npos ? std::string_view() : text.substr(space + 1);
  }
  return out;
}

}  // namespace mbench
