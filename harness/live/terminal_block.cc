// SPDX-License-Identifier: Apache-2.0
#include "harness/live/terminal_block.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>

#include "harness/base/text.h"
#include "reports/text/columns.h"

namespace mbench {
namespace {

std::atomic<int> lines_on_terminal{0};

struct CodeRange {
  char32_t first, last;
};
// Unicode Standard Annex 11, "wide" and "fullwidth", as blocks: what names and messages are made
// of.
constexpr std::array<CodeRange, 11> kWide = {{{0x1100, 0x115f},
                                              {0x2e80, 0x303e},
                                              {0x3041, 0xa4cf},
                                              {0xa960, 0xa97f},
                                              {0xac00, 0xd7a3},
                                              {0xf900, 0xfaff},
                                              {0xfe30, 0xfe6f},
                                              {0xff00, 0xff60},
                                              {0xffe0, 0xffe6},
                                              {0x1f300, 0x1faff},
                                              {0x20000, 0x3fffd}}};
constexpr std::array<CodeRange, 5> kCombining = {
    {{0x300, 0x36f}, {0x200b, 0x200f}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}}};

template <std::size_t N>
bool IsIn(const std::array<CodeRange, N>& ranges, char32_t code) {
  return std::ranges::any_of(
      ranges, [code](const CodeRange& r) { return r.first <= code && code <= r.last; });
}

// REQUIRES: one whole UTF-8 character.
char32_t CodeOf(std::string_view character) {
  const auto first = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return first;
  char32_t code = first & (0xffU >> (character.size() + 1));
  for (const char c : character.substr(1))
    code = code << 6 | (static_cast<unsigned char>(c) & 0x3fU);
  return code;
}

std::size_t ColumnsOf(std::string_view character) {
  const char32_t code = CodeOf(character);
  return IsIn(kCombining, code) ? 0 : IsIn(kWide, code) ? 2 : 1;
}

bool TakesOutput(int fd) {
  pollfd ready{.fd = fd, .events = POLLOUT, .revents = 0};
  return poll(&ready, 1, 0) == 1 && (ready.revents & POLLOUT) != 0;
}

// Cuts before a word and not within: half of a number would be read as another number.
std::string WithoutHalfAWord(std::string_view line, std::size_t cut) {
  const std::string_view front = line.substr(0, cut);
  if (line[cut] == ' ') return std::string(front);
  return std::string(front.substr(0, front.rfind(' ')));  // all of it when there is no blank
}

}  // namespace

std::string CutToColumns(std::string_view line, std::size_t columns) {
  std::size_t used = 0;
  for (std::size_t i = 0; i < line.size();) {
    const std::size_t length = std::max<std::size_t>(Utf8Length(line.substr(i)), 1);
    used += ColumnsOf(line.substr(i, length));
    if (used > columns) return WithoutHalfAWord(line, i);
    i += length;
  }
  return std::string(line);
}

TerminalSize SizeOfTerminal(int fd) {
  winsize size{};
  if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return {};
  return {.columns = size.ws_col, .rows = size.ws_row};
}

// The last column stays free: terminals differ in what they do after a character there. ECMA-48 ED
// clears to the end of the screen, CPL goes up.
void TerminalBlock::Draw(const std::vector<std::string>& lines, const std::vector<bool>& red) {
  if (!TakesOutput(fd_)) return;
  const TerminalSize size = SizeOfTerminal(fd_);
  const std::size_t shown = std::min(lines.size(), size.rows - 1);
  if (shown == 0) return;
  std::string text = "\r\x1b[J";
  for (std::size_t i = 0; i < shown; ++i)
    text += Paint(CutToColumns(lines[i], size.columns - 1), Color::kRed, red[i]) + "\n";
  Write(text + fmt::format("\x1b[{}F", shown));
  lines_on_terminal = static_cast<int>(shown);
}

void TerminalBlock::Say(std::string_view line) {
  Erase();
  Write(fmt::format("{}\n", line));
}

void TerminalBlock::Erase() {
  if (lines_on_terminal.exchange(0) > 0) Write("\r\x1b[J");
}

void TerminalBlock::Leave() {
  Write(std::string(static_cast<std::size_t>(lines_on_terminal.exchange(0)), '\n'));
}

void TerminalBlock::Write(const std::string& text) {
  std::string_view rest = text;
  while (!rest.empty()) {
    const ssize_t written = write(fd_, rest.data(), rest.size());
    if (written <= 0) return;  // nobody is there to be told
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
}

int TerminalBlock::LinesBelowCursor() { return lines_on_terminal; }

}  // namespace mbench
