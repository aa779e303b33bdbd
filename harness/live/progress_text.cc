// SPDX-License-Identifier: Apache-2.0
#include "harness/live/progress_text.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "harness/base/units.h"
#include "reports/text/columns.h"

namespace mbench {
namespace {

constexpr std::size_t kWidestBar = 40;
constexpr std::size_t kNarrowestBar = 8;

struct Second {
  Histogram response;
  double done_per_s = 0;
};

Second Sum(const Interval& interval) {
  Second second;
  double answered = interval.end <= 0 ? static_cast<double>(interval.warmup_ops) : 0;
  for (const OpStats& op : interval.ops) {
    op.AddAnsweredTo(&second.response);
    answered += static_cast<double>(op.Count(Outcome::kOk) + op.Count(Outcome::kNotFound));
  }
  second.done_per_s = answered / std::max(ToSeconds(interval.end - interval.begin), 1e-3);
  return second;
}

std::string Percentiles(const Histogram& histogram) {
  if (histogram.Empty()) return "p50      -  p99      -";
  return fmt::format("p50 {:>6}  p99 {:>6}", FormatDuration(histogram.ValueAtPercentile(50)),
                     FormatDuration(histogram.ValueAtPercentile(99)));
}

std::string WithMax(const Histogram& histogram) {
  return fmt::format("{}  max {:>6}", Percentiles(histogram),
                     histogram.Empty() ? "-" : FormatDuration(histogram.Max()));
}

// Times of a display that changes once a second: 27s, 1m05s.
std::string WholeSeconds(Ticks ticks) {
  if (ticks < 0) return "-" + WholeSeconds(-ticks);
  const Ticks seconds = (ticks + kSecond / 2) / kSecond;
  if (seconds < 60) return fmt::format("{}s", seconds);
  return FormatDuration(seconds * kSecond);
}

// What is left of the line; nothing when that is too little to show anything.
std::string Bar(double part, std::size_t columns, const std::string& before) {
  const std::size_t used = Width(before) + 2;
  if (columns < used + kNarrowestBar) return "";
  const std::size_t cells = std::min(columns - used, kWidestBar);
  const auto full = static_cast<std::size_t>(std::lround(part * static_cast<double>(cells)));
  std::string bar = "  ";
  for (std::size_t i = 0; i < cells; ++i) bar += i < full ? "█" : "░";
  return bar;
}

double Part(double done, double whole) { return whole <= 0 ? 1 : std::clamp(done / whole, 0., 1.); }

std::string LevelText(double level, bool open) {
  return open ? FormatRate(level) : fmt::format("{:.0f}", level);
}

std::string ProfileText(const StagePlan& stage, bool open) {
  const std::string from = LevelText(stage.from, open);
  const std::string to = LevelText(stage.to, open) + (open ? "" : " clients");
  switch (stage.profile) {
    case Profile::kRamp:
    case Profile::kSine:
    case Profile::kStep:
      return fmt::format("{} from {} to {}", Name(stage.profile), from, to);
    case Profile::kSpike:
      return fmt::format("spike over {} of {}", from, to);
    case Profile::kSteady:
    case Profile::kSoak:
      return fmt::format("{} at {}{}", Name(stage.profile), from, open ? "" : " clients");
    case Profile::kReplay:
      break;
  }
  return std::string(Name(stage.profile));
}

// The stage that time `at` lies in, and its number from 0.
std::size_t StageAt(const std::vector<StagePlan>& stages, Ticks at) {
  std::size_t number = 0;
  for (Ticks end = stages[0].over; number + 1 < stages.size() && at >= end; ++number)
    end += stages[number + 1].over;
  return number;
}

const char* PhaseOf(const Interval& interval, Ticks end) {
  if (interval.end <= 0) return "warmup";
  return interval.begin < end ? "measure" : "drain";
}

void CountErrors(const OpStats& op, std::map<std::string, std::uint64_t>* by_class) {
  for (const auto& [name, count] : op.errors) (*by_class)[name] += count;
  for (const Outcome outcome : {Outcome::kTimedOut, Outcome::kMismatch})
    if (op.Count(outcome) > 0) (*by_class)[std::string(Name(outcome))] += op.Count(outcome);
}

}  // namespace

ProgressText::ProgressText(const WatchedRun& run)
    : plan_(*run.plan), label_(run.label.text), curve_(plan_.load) {}

ProgressLine ProgressText::Load(std::uint64_t done, std::uint64_t records, Ticks took,
                                std::size_t columns) const {
  const double part = Part(static_cast<double>(done), static_cast<double>(records));
  const double per_s = static_cast<double>(done) / std::max(ToSeconds(took), 1e-3);
  std::string text = fmt::format("loading {:3.0f}%  {} of {} records", part * 100,
                                 FormatCount(static_cast<double>(done)),
                                 FormatCount(static_cast<double>(records)));
  if (done > 0 && done < records)
    text += fmt::format(", {}, {} left", FormatRate(per_s),
                        WholeSeconds(FromSeconds(static_cast<double>(records - done) / per_s)));
  return {text + Bar(part, columns, text)};
}

void ProgressText::Add(const Interval& interval) {
  for (const OpStats& op : interval.ops) {
    op.AddAnsweredTo(&so_far_);
    ended_ += op.Ended();
    errors_ += op.Ended() - op.Count(Outcome::kOk) - op.Count(Outcome::kNotFound);
    CountErrors(op, &by_class_);
  }
}

std::string ProgressText::Stage(Ticks at) const {
  const std::vector<StagePlan>& stages = plan_.load.stages;
  const std::size_t number = StageAt(stages, at);
  const std::string profile = ProfileText(stages[number], plan_.load.model == LoadModel::kOpen);
  if (stages.size() == 1) return profile;
  return fmt::format("{} of {}, {}", number + 1, stages.size(), profile);
}

std::string ProgressText::Load(const Interval& interval) const {
  const bool open = plan_.load.model == LoadModel::kOpen;
  return fmt::format("{}{}, {} done, {} in flight", LevelText(interval.planned_level, open),
                     open ? " asked" : " clients", FormatRate(Sum(interval).done_per_s),
                     interval.in_flight);
}

// By the clock, or by the ops when the run ends after so many of them.
Ticks ProgressText::Left(const Interval& interval) const {
  const Ticks left = curve_.End() - interval.end;
  if (plan_.load.ops == 0 || ended_ == 0 || ended_ >= plan_.load.ops) return left;
  const double per_op_s = ToSeconds(interval.end) / static_cast<double>(ended_);
  return std::min(left, FromSeconds(static_cast<double>(plan_.load.ops - ended_) * per_op_s));
}

std::string ProgressText::Time(const Interval& interval, std::size_t columns) const {
  const std::string phase = PhaseOf(interval, curve_.End());
  if (phase == "drain") return fmt::format("drain   {} ops in flight", interval.in_flight);
  const bool warmup = phase == "warmup";
  const Ticks gone = warmup ? interval.end - curve_.Begin() : interval.end;
  const Ticks left = warmup ? -interval.end : Left(interval);
  const double part = Part(ToSeconds(gone), ToSeconds(gone + left));
  const std::string text =
      fmt::format("{:<8}{:3.0f}%  {} of {}, {} left", phase, part * 100, WholeSeconds(gone),
                  WholeSeconds(gone + left), WholeSeconds(left));
  return text + Bar(part, columns, text);
}

std::string ProgressText::Errors() const {
  if (errors_ == 0) return "none";
  std::vector<std::pair<std::uint64_t, std::string>> classes;
  for (const auto& [name, count] : by_class_) classes.emplace_back(count, name);
  std::ranges::sort(classes, std::greater<>());
  std::string text =
      fmt::format("{} ({})", errors_,
                  FormatPercent(static_cast<double>(errors_) /
                                static_cast<double>(std::max<std::uint64_t>(ended_, 1))));
  const char* separator = ": ";
  for (const auto& [count, name] : classes) {
    text += fmt::format("{}{} {}", separator, Printable(name, 60), count);
    separator = ", ";
  }
  return text;
}

std::vector<ProgressLine> ProgressText::Block(const Interval& interval, std::size_t columns) const {
  std::vector<ProgressLine> lines;
  if (!label_.empty())
    lines.push_back({fmt::format("round   {}: {}", label_, Printable(plan_.name))});
  lines.push_back({"stage   " + Stage(interval.end - 1)});
  lines.push_back({Time(interval, columns)});
  lines.push_back({"load    " + Load(interval)});
  lines.push_back({"now     " + WithMax(Sum(interval).response)});
  lines.push_back({fmt::format("so far  {}  of {} ops", WithMax(so_far_),
                               FormatCount(static_cast<double>(ended_)))});
  lines.push_back({"errors  " + Errors(), errors_ > 0});
  return lines;
}

std::string ProgressText::Plain(const Interval& interval) const {
  const std::size_t stages = plan_.load.stages.size();
  const std::string stage =
      stages == 1 ? ""
                  : fmt::format(" {}/{}", StageAt(plan_.load.stages, interval.end - 1) + 1, stages);
  const std::string left =
      interval.end > 0 && interval.end < curve_.End() ? WholeSeconds(Left(interval)) + " left" : "";
  return fmt::format("{:>6}  {}{}  {}  {}  errors {}{}{}", WholeSeconds(interval.end),
                     PhaseOf(interval, curve_.End()), stage, Load(interval),
                     Percentiles(Sum(interval).response), Errors(), left.empty() ? "" : "  ", left);
}

}  // namespace mbench
