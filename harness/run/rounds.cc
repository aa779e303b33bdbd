// SPDX-License-Identifier: Apache-2.0
#include "harness/run/rounds.h"

#include <algorithm>
#include <utility>

#include "harness/base/check.h"
#include "harness/base/console.h"
#include "harness/base/units.h"
#include "harness/engine/shell.h"
#include "harness/run/interrupt.h"
#include "harness/run/stored_run.h"

namespace mbench {
namespace {

// So many invalid runs at the start of a side end the rounds: one may have been bad luck.
constexpr std::size_t kHopelessRuns = 3;

// "20.6k/s, p99 1.05ms": enough to see while it goes on that something is wrong.
std::string Summary(const RunResult& result) {
  Histogram answered;
  for (const OpStats& op : result.total.ops) op.AddAnsweredTo(&answered);
  return fmt::format("{}, p99 {}", FormatRate(result.Rate()),
                     FormatDuration(answered.ValueAtPercentile(99)));
}

}  // namespace

std::size_t SideAt(std::size_t round, std::size_t place, std::size_t sides) {
  return round % 2 == 0 ? place : sides - 1 - place;
}

Rounds::Rounds(std::vector<RoundSide> sides, RoundsOptions options)
    : sides_(std::move(sides)), options_(std::move(options)), begin_(Clock::Now()) {
  MB_CHECK(sides_.size() == 1 || sides_.size() == 2, "{} sides", sides_.size());
}

Result<RoundsEnd> Rounds::RunUntil(std::size_t rounds) {
  if (Status open = OpenWatchers(); !open) return Failed(open);
  while (done_ < rounds + replaced_) {
    if (InterruptGuard::Interrupted()) return RoundsEnd::kInterrupted;
    if (IsHopeless()) return RoundsEnd::kHopeless;
    if (!FitsBudget()) return RoundsEnd::kOutOfTime;
    const Result<RoundsEnd> end = RunOne();
    if (!end || *end != RoundsEnd::kDone) return end;
  }
  return RoundsEnd::kDone;
}

// Once for all rounds: a scraper or a browser sees them one after another.
Status Rounds::OpenWatchers() {
  if (watchers_) return {};
  Result<std::unique_ptr<Watchers>> watchers = Watchers::Open(options_.watch);
  if (!watchers) return Failed(watchers);
  watchers_ = std::move(*watchers);
  return {};
}

Result<RoundsEnd> Rounds::RunOne() {
  const Ticks begin = Clock::Now();
  loading_ = 0;
  const std::size_t invalid = Invalid();
  for (std::size_t place = 0; place < sides_.size(); ++place) {
    if (Status ran = RunSide(SideAt(done_, place, sides_.size())); !ran) return Failed(ran);
    if (InterruptGuard::Interrupted()) return RoundsEnd::kInterrupted;
  }
  ++done_;
  if (options_.replace && Invalid() > invalid && replaced_ < kMostReplaced) ++replaced_;
  longest_ = std::max(longest_, Clock::Now() - begin - loading_);
  return RoundsEnd::kDone;
}

Status Rounds::RunSide(std::size_t index) {
  RoundSide& side = sides_[index];
  ++runs_;
  const std::string label = LabelOf(index);
  if (Status prepared = Prepare(side); !prepared) return prepared;
  const std::string_view name = sides_.size() == 1 ? "" : index == 0 ? "A" : "B";
  const Result<StoredRun> run =
      RunAndStore(side.plan, {.root = side.results,
                              .watchers = watchers_.get(),
                              .label = {.text = label, .side = std::string(name)}});
  if (!run) return Failed(run);
  if (!run->stored) return Failed(run->stored);
  if (!run->measured) {
    if (run->interrupted) return {};
    return BadConfig("'{}' has no measured phase, so there is nothing to compare", side.plan.name);
  }
  // The result is whole, and is compared.
  if (!run->page) WriteToStderr("mbench: " + run->page.error().message);
  side.folders.push_back(run->result.folder);
  loading_ += run->result.load.took;
  if (!run->result.Valid()) ++side.invalid;
  Say(fmt::format("{}: {}", label, Summary(run->result)));
  for (const std::string& reason : run->result.invalid)
    Say(fmt::format("{}: INVALID: {}", label, reason));
  return {};
}

Status Rounds::Prepare(const RoundSide& side) {
  if (side.before.empty()) return {};
  const int code = RunShell(side.before, InterruptGuard::Interrupted);
  if (code == 0 || InterruptGuard::Interrupted()) return {};
  return BadConfig("the command before a run of '{}' ended with {}: {}", side.plan.name, code,
                   side.before);
}

std::size_t Rounds::Invalid() const {
  std::size_t invalid = 0;
  for (const RoundSide& side : sides_) invalid += side.invalid;
  return invalid;
}

bool Rounds::IsHopeless() const {
  return std::ranges::any_of(sides_, [](const RoundSide& side) {
    return side.folders.size() >= kHopelessRuns && side.invalid == side.folders.size();
  });
}

bool Rounds::FitsBudget() const {
  if (options_.budget == 0 || done_ == 0) return true;
  return Clock::Now() - begin_ + longest_ <= options_.budget;
}

std::string Rounds::LabelOf(std::size_t side) const {
  std::string label = fmt::format("run {}", runs_);
  if (options_.most > 0) label += fmt::format(" of {}", options_.most * sides_.size());
  if (sides_.size() > 1) label += side == 0 ? ", A" : ", B";
  return label;
}

void Rounds::Say(const std::string& line) const {
  if (options_.watch.progress != "none") WriteToStderr(line);
}

}  // namespace mbench
