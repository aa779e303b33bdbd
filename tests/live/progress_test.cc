// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <string>

#include "harness/live/progress_text.h"
#include "harness/live/terminal_block.h"
#include "reports/text/columns.h"
#include "tests/live/watched.h"
#include "tests/reports/golden.h"

namespace mbench {
namespace {

std::string BlockOf(const RunPlan& plan, Ticks end, std::size_t columns, RunLabel label = {}) {
  const WatchedStory story(plan, std::move(label));
  ProgressText text(story.run());
  for (Ticks second = kSecond; second < end; second += kSecond) text.Add(OneSecond(second, plan));
  const Interval last = OneSecond(end, plan);
  text.Add(last);
  std::string block = fmt::format("---- {} columns\n", columns);
  for (const ProgressLine& line : text.Block(last, columns))
    block += CutToColumns(line.text, columns) + (line.alarming ? "  <alarming>\n" : "\n");
  return block + text.Plain(last) + "\n";
}

TEST(Progress, SaysWhatARunDoesInAnyWidth) {
  std::string all;
  for (const std::size_t columns : {119, 79, 39}) {
    all += BlockOf(OpenPlan(), -2 * kSecond, columns);
    all += BlockOf(OpenPlan(), 27 * kSecond, columns);
    all += BlockOf(ClosedPlan(), 59 * kSecond, columns, {"run 3 of 16, A", "A"});
    all += BlockOf(ClosedPlan(), 61 * kSecond, columns);
  }
  ExpectGolden("progress.txt.golden", all);
}

TEST(Progress, TellsWhenARunThatEndsAfterSoManyOpsWillEnd) {
  RunPlan plan = ClosedPlan();
  plan.load.ops = 20'000;  // at a thousand a second
  const std::string block = BlockOf(plan, 10 * kSecond, 79);
  EXPECT_NE(block.find("10s of 20s, 10s left"), std::string::npos) << block;
}

TEST(Progress, TellsHowLongTheLoadPhaseWillTake) {
  const WatchedStory story(OpenPlan());
  const ProgressText text(story.run());
  const std::string line = text.Load(25'000, 100'000, 5 * kSecond, 79).text;
  EXPECT_EQ(line.substr(0, line.find("  █")),
            "loading  25%  25.0k of 100k records, 5.00k/s, 15s left");
}

TEST(CutToColumns, CountsWhatATerminalShows) {
  EXPECT_EQ(CutToColumns("abcdef", 3), "abc");
  EXPECT_EQ(CutToColumns("max 100ms", 7), "max");
  EXPECT_EQ(CutToColumns("max 100ms", 3), "max");
  EXPECT_EQ(CutToColumns("█░█░", 2), "█░");
  EXPECT_EQ(CutToColumns("読み取り", 5), "読み");
  EXPECT_EQ(CutToColumns("e\u0301e\u0301x", 2), "e\u0301e\u0301");
  EXPECT_EQ(CutToColumns("abc", 0), "");
}

// A terminal of our own: what was written to it can be read.
class FakeTerminal {
 public:
  FakeTerminal(unsigned short columns, unsigned short rows) {
    EXPECT_EQ(openpty(&master_, &slave_, nullptr, nullptr, nullptr), 0);
    Resize(columns, rows);
  }
  ~FakeTerminal() {
    close(master_);
    close(slave_);
  }
  FakeTerminal(const FakeTerminal&) = delete;
  FakeTerminal& operator=(const FakeTerminal&) = delete;

  void Resize(unsigned short columns, unsigned short rows) const {
    const winsize size{.ws_row = rows, .ws_col = columns, .ws_xpixel = 0, .ws_ypixel = 0};
    EXPECT_EQ(ioctl(slave_, TIOCSWINSZ, &size), 0);
  }
  std::string Read() const {
    std::string text(4096, '\0');
    const ssize_t got = read(master_, text.data(), text.size());
    text.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    std::erase(text, '\r');  // the line discipline's, and our own
    return text;
  }
  int fd() const { return slave_; }

 private:
  int master_ = -1, slave_ = -1;
};

TEST(TerminalBlock, FollowsTheSizeOfTheTerminalAndNeverWraps) {
  const FakeTerminal terminal(20, 24);
  TerminalBlock block(terminal.fd());
  const std::vector<std::string> lines = {std::string(100, 'a'), "b"};
  block.Draw(lines, {false, false});
  EXPECT_EQ(terminal.Read(), "\x1b[J" + std::string(19, 'a') + "\nb\n\x1b[2F");
  terminal.Resize(10, 24);
  block.Draw(lines, {false, false});
  EXPECT_EQ(terminal.Read(), "\x1b[J" + std::string(9, 'a') + "\nb\n\x1b[2F");
  terminal.Resize(10, 2);
  block.Draw(lines, {false, false});
  EXPECT_EQ(terminal.Read(), "\x1b[J" + std::string(9, 'a') + "\n\x1b[1F");
}

TEST(TerminalBlock, LeavesTheCursorBelowWhatItDrew) {
  const FakeTerminal terminal(20, 24);
  TerminalBlock block(terminal.fd());
  block.Draw({"a", "b", "c"}, {false, false, true});
  EXPECT_EQ(TerminalBlock::LinesBelowCursor(), 3);
  EXPECT_EQ(terminal.Read(), "\x1b[Ja\nb\n\x1b[31mc\x1b[0m\n\x1b[3F");
  block.Leave();
  EXPECT_EQ(terminal.Read(), "\n\n\n");
  EXPECT_EQ(TerminalBlock::LinesBelowCursor(), 0);
}

// Ctrl-S of a user must not stop the seconds of a run.
TEST(TerminalBlock, DoesNotWaitForATerminalThatIsStopped) {
  const FakeTerminal terminal(20, 24);
  TerminalBlock block(terminal.fd());
  ASSERT_EQ(tcflow(terminal.fd(), TCOOFF), 0);
  for (int i = 0; i < 1000; ++i) block.Draw({std::string(19, 'a')}, {false});
  EXPECT_EQ(TerminalBlock::LinesBelowCursor(), 0);
  ASSERT_EQ(tcflow(terminal.fd(), TCOON), 0);
}

}  // namespace
}  // namespace mbench
