// SPDX-License-Identifier: Apache-2.0
#include "harness/cmd/progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "harness/base/units.h"
#include "harness/cmd/terminal.h"

namespace mbench {
namespace {

constexpr Ticks kPlainEvery = 5 * kSecond;
constexpr int kBarWidth = 40;

// Asked anew for every block, so that a terminal may change its size.
std::size_t TerminalColumns() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

struct Now {
  double achieved_per_s = 0;
  std::uint64_t ended = 0, errors = 0;
  Histogram response;
};

Now Sum(const Interval& interval) {
  Now now;
  std::uint64_t answered = 0;
  for (const OpStats& op : interval.ops) {
    now.response.Add(op.Answered());
    now.ended += op.Ended();
    answered += op.Count(Outcome::kOk) + op.Count(Outcome::kNotFound);
  }
  now.errors = now.ended - answered;
  const double length_s = std::max(ToSeconds(interval.end - interval.begin), 1e-3);
  const double warmup = interval.end <= 0 ? static_cast<double>(interval.warmup_ops) : 0;
  now.achieved_per_s = (static_cast<double>(answered) + warmup) / length_s;
  return now;
}

std::string Percentiles(const Histogram& histogram) {
  if (histogram.Empty()) return "p50 -  p99 -";
  return fmt::format("p50 {:>7}  p99 {:>7}", FormatDuration(histogram.ValueAtPercentile(50)),
                     FormatDuration(histogram.ValueAtPercentile(99)));
}

std::string Bar(double part) {
  const int full = std::clamp(static_cast<int>(std::lround(part * kBarWidth)), 0, kBarWidth);
  std::string bar;
  for (int i = 0; i < kBarWidth; ++i) bar += i < full ? "█" : "░";
  return bar;
}

// Code points, which is columns for all that is drawn here.
std::string CutToColumns(const std::string& line, std::size_t columns) {
  std::size_t seen = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const bool starts = (static_cast<unsigned char>(line[i]) & 0xc0) != 0x80;
    if (starts && seen++ == columns) return line.substr(0, i);
  }
  return line;
}

}  // namespace

Result<ProgressStyle> ParseProgress(std::string_view text) {
  if (text == "none") return ProgressStyle::kNone;
  if (text == "plain") return ProgressStyle::kPlain;
  if (text == "auto") return StderrIsTerminal() ? ProgressStyle::kLive : ProgressStyle::kPlain;
  return BadConfig("--progress is '{}'; it can be auto, plain or none", text);
}

Progress::Progress(ProgressStyle style, const RunPlan& plan, std::vector<std::string> op_names)
    : style_(style), plan_(plan), curve_(plan.load), op_names_(std::move(op_names)) {}

Progress::~Progress() { Close(); }

void Progress::Say(std::string_view line) {
  if (style_ == ProgressStyle::kNone) return;
  Erase();
  fmt::print(stderr, "{}\n", line);
}

void Progress::ShowLoad(std::uint64_t done, std::uint64_t records) {
  if (style_ != ProgressStyle::kLive || records == 0) return;
  const double part = static_cast<double>(done) / static_cast<double>(records);
  Draw({fmt::format("loading   {} of {} records  {} {:3.0f}%",
                    FormatCount(static_cast<double>(done)),
                    FormatCount(static_cast<double>(records)), Bar(part), part * 100)});
}

void Progress::Show(const Interval& interval) {
  if (style_ == ProgressStyle::kNone) return;
  if (interval.end > 0) {
    const Now now = Sum(interval);
    so_far_.Add(now.response);
    errors_ += now.errors;
    ended_ += now.ended;
  }
  if (style_ == ProgressStyle::kLive) return Draw(Block(interval));
  if (interval.end - last_plain_ < kPlainEvery && interval.end < curve_.End()) return;
  last_plain_ = interval.end;
  fmt::print(stderr, "{}\n", PlainLine(interval));
}

std::string Progress::PlainLine(const Interval& interval) const {
  const Now now = Sum(interval);
  const bool open = plan_.load.model == LoadModel::kOpen;
  const std::string asked = open ? FormatRate(interval.planned_level)
                                 : fmt::format("{:.0f} clients", interval.planned_level);
  return fmt::format("{:>6.1f}s  {:<7}  {} asked  {} done  {}  errors {}", ToSeconds(interval.end),
                     interval.end <= 0 ? "warmup" : "measure", asked,
                     FormatRate(now.achieved_per_s), Percentiles(now.response), errors_);
}

std::vector<std::string> Progress::Block(const Interval& interval) const {
  const Now now = Sum(interval);
  const bool open = plan_.load.model == LoadModel::kOpen;
  const Ticks whole = curve_.End() - curve_.Begin();
  const double part = ToSeconds(interval.end - curve_.Begin()) / ToSeconds(whole);
  const char* phase = interval.end <= 0               ? "warmup"
                      : interval.begin < curve_.End() ? "measure"
                                                      : "drain";
  const double error_part =
      ended_ == 0 ? 0 : static_cast<double>(errors_) / static_cast<double>(ended_);
  return {
      fmt::format("{:<9} {} {:3.0f}%  {} of {}", phase, Bar(part), std::min(part, 1.0) * 100,
                  FormatDuration(std::max<Ticks>(interval.end, 0)), FormatDuration(curve_.End())),
      open
          ? fmt::format("load      {:>9} asked   {:>9} done   {} in flight",
                        FormatRate(interval.planned_level), FormatRate(now.achieved_per_s),
                        interval.in_flight)
          : fmt::format("load      {:>4.0f} clients   {:>9} done   {} in flight",
                        interval.planned_level, FormatRate(now.achieved_per_s), interval.in_flight),
      fmt::format("now       {}   max {:>7}", Percentiles(now.response),
                  now.response.Empty() ? "-" : FormatDuration(now.response.Max())),
      fmt::format("so far    {}   max {:>7}   errors {} ({})", Percentiles(so_far_),
                  so_far_.Empty() ? "-" : FormatDuration(so_far_.Max()), errors_,
                  FormatPercent(error_part)),
  };
}

void Progress::Draw(const std::vector<std::string>& lines) {
  Erase();
  const std::size_t columns = TerminalColumns();
  std::string out;
  for (const std::string& line : lines) out += CutToColumns(line, columns - 1) + "\n";
  std::fwrite(out.data(), 1, out.size(), stderr);
  drawn_lines_ = lines.size();
}

// Up over the block, and clear from there to the end of the screen (ECMA-48 CPL and ED).
void Progress::Erase() {
  if (drawn_lines_ > 0) fmt::print(stderr, "\x1b[{}F\x1b[J", drawn_lines_);
  drawn_lines_ = 0;
}

void Progress::Close() { drawn_lines_ = 0; }

}  // namespace mbench
