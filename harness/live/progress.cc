// SPDX-License-Identifier: Apache-2.0
#include "harness/live/progress.h"

#include <unistd.h>

#include <algorithm>

#include "harness/base/environment.h"
#include "harness/base/units.h"
#include "reports/text/columns.h"

namespace mbench {
namespace {

constexpr Ticks kPlainEvery = 5 * kSecond;

}  // namespace

Result<ProgressStyle> ParseProgress(std::string_view text) {
  if (text == "none") return ProgressStyle::kNone;
  if (text == "plain") return ProgressStyle::kPlain;
  if (text == "auto")
    return IsTerminal(STDERR_FILENO) ? ProgressStyle::kLive : ProgressStyle::kPlain;
  return BadConfig("--progress is '{}'; it can be auto, plain or none", text);
}

Progress::Progress(ProgressStyle style)
    : style_(style), color_(WantsColor()), block_(STDERR_FILENO) {}

// A run that is one of several shows its label in the block; when it is over, its caller writes a
// line about it that stays.
void Progress::OnRun(const WatchedRun& run) {
  run_ = run;
  text_.emplace(run);
  began_ = Clock::Now();
  next_plain_ = began_ + kPlainEvery;
  started_ = false;
  if (style_ == ProgressStyle::kLive && !run.label.text.empty()) return;
  Say(fmt::format("mbench    {}{}{} on {}, seed {}", run.label.text,
                  run.label.text.empty() ? "" : ": ", Printable(run.plan->name),
                  Printable(run.result->provenance.system), run.plan->engine.seed));
}

void Progress::OnLoad(std::uint64_t done, std::uint64_t records) {
  if (style_ == ProgressStyle::kNone || records == 0) return;
  const bool live = style_ == ProgressStyle::kLive;
  const std::size_t columns = live ? SizeOfTerminal(STDERR_FILENO).columns - 1 : 0;
  const ProgressLine line = text_->Load(done, records, Clock::Now() - began_, columns);
  if (live) return Draw({line});
  if (Clock::Now() < next_plain_) return;
  next_plain_ = Clock::Now() + kPlainEvery;
  Say(line.text);
}

void Progress::OnStart() {
  started_ = true;
  if (style_ == ProgressStyle::kLive && !run_.label.text.empty()) return;
  Say(fmt::format("results go to {}", Printable(run_.result->folder)));
}

void Progress::OnInterval(const Interval& interval) {
  if (style_ == ProgressStyle::kNone) return;
  text_->Add(interval);
  // After the drain nothing is left to show, so what stays on the terminal is the last second.
  if (interval.begin >= run_.result->planned_length && interval.in_flight == 0) return;
  if (style_ == ProgressStyle::kLive)
    return Draw(text_->Block(interval, SizeOfTerminal(STDERR_FILENO).columns - 1));
  const bool last = interval.end >= run_.result->planned_length;
  if (Clock::Now() + kSecond / 2 < next_plain_ && !last) return;
  next_plain_ = Clock::Now() + kPlainEvery;
  Say(text_->Plain(interval));
}

void Progress::OnEnd() {
  if (style_ == ProgressStyle::kLive && !run_.label.text.empty())
    block_.Erase();
  else
    block_.Leave();
  if (!started_) SayLoaded();
  text_.reset();
}

void Progress::Say(std::string_view line) {
  if (style_ != ProgressStyle::kNone) block_.Say(line);
}

void Progress::SayLoaded() {
  const LoadPhase& load = run_.result->load;
  if (load.reused) return Say("data      found as an earlier run left it");
  if (load.records == 0 && load.already_there == 0) return;
  std::string text = fmt::format("data      loaded {} records in {} ({})",
                                 FormatCount(static_cast<double>(load.records)),
                                 FormatDuration(load.took), FormatRate(load.RecordsPerSecond()));
  if (load.already_there != 0) text += fmt::format("; {} were there already", load.already_there);
  Say(text);
}

void Progress::Draw(const std::vector<ProgressLine>& lines) {
  std::vector<std::string> texts;
  std::vector<bool> red;
  for (const ProgressLine& line : lines) {
    texts.push_back(line.text);
    red.push_back(line.alarming && color_);
  }
  block_.Draw(texts, red);
}

}  // namespace mbench
