// SPDX-License-Identifier: Apache-2.0
//
// A run as it goes, on stderr: a few lines that redraw themselves on a terminal, a plain line every
// few seconds elsewhere.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "harness/base/result.h"
#include "harness/live/progress_text.h"
#include "harness/live/run_watcher.h"
#include "harness/live/terminal_block.h"

namespace mbench {

enum class ProgressStyle { kLive, kPlain, kNone };

// "auto", "plain" or "none", as the option says it. A terminal that is dumb gets plain lines.
Result<ProgressStyle> ParseProgress(std::string_view text);

// Thread: one.
class Progress : public RunWatcher {
 public:
  explicit Progress(ProgressStyle style);

  void OnRun(const WatchedRun& run) override;
  void OnLoad(std::uint64_t done, std::uint64_t records) override;
  void OnStart() override;
  void OnInterval(const Interval& interval) override;
  void OnEnd() override;

 private:
  void Say(std::string_view line);
  void SayLoaded();
  void Draw(const std::vector<ProgressLine>& lines);

  ProgressStyle style_;
  bool color_;
  WatchedRun run_;
  TerminalBlock block_;
  std::optional<ProgressText> text_;
  Ticks began_ = 0;
  Ticks next_plain_ = 0;
  bool started_ = false;
};

}  // namespace mbench
