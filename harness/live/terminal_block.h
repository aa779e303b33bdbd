// SPDX-License-Identifier: Apache-2.0
//
// A few lines at the bottom of a terminal that are drawn again and again in the same place.
//
// After drawing, the cursor goes back to the first character of the block. A terminal whose size
// changes wraps and joins lines anew, but it keeps the cursor at its character: so the next drawing
// starts in the right place whatever has become of the lines below it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mbench {

// The words at the front of `line` that fit into so many columns: wide characters (CJK, emoji) take
// two, combining ones none.
std::string CutToColumns(std::string_view line, std::size_t columns);

struct TerminalSize {
  std::size_t columns = 80, rows = 24;
};
// Asked anew for every drawing, which is all that a change of size needs.
TerminalSize SizeOfTerminal(int fd);

// Thread: one, but for LinesBelowCursor.
class TerminalBlock {
 public:
  explicit TerminalBlock(int fd) : fd_(fd) {}
  ~TerminalBlock() { Leave(); }
  TerminalBlock(const TerminalBlock&) = delete;
  TerminalBlock& operator=(const TerminalBlock&) = delete;

  // Lines may hold colours only as a whole, see `painted`: they are cut before. Draws nothing while
  // the terminal takes nothing (Ctrl-S), so that it holds nobody up.
  void Draw(const std::vector<std::string>& lines, const std::vector<bool>& red);
  // A line that stays above the block.
  void Say(std::string_view line);
  void Erase();
  // The block stays as it is; what follows goes below it.
  void Leave();

  // How many lines of the block stand below the cursor: something that is written meanwhile has to
  // go down so far first. Thread: any; safe in a signal handler.
  static int LinesBelowCursor();

 private:
  void Write(const std::string& text);

  int fd_;
};

}  // namespace mbench
