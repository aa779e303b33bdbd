// SPDX-License-Identifier: Apache-2.0
#include "harness/run/ranked_run.h"

#include <algorithm>
#include <cmath>

#include "harness/base/secrets.h"
#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/ranks/interval_wire.h"
#include "harness/result/judge.h"

namespace mbench {
namespace {

// From the agreement to the warm-up: time to hear of it, to make the result folder, and to awake.
constexpr Ticks kLead = 1 * kSecond;
// Seconds of one message. More would take memory of rank 0, fewer time.
constexpr Ticks kWindow = 10 * kSecond;
// So far apart the seconds of two ranks may be and still be called the same.
constexpr Ticks kMostApart = 10 * kMillisecond;
// From here on the logs of two hosts do not fit together.
constexpr Ticks kClocksApart = 1 * kSecond;

std::vector<Interval> ReadWindow(const std::string& bytes, bool* ok) {
  WireReader reader(bytes);
  std::vector<Interval> intervals;
  while (!reader.AtEnd() && reader.Ok()) {
    const std::string one = reader.Text();
    WireReader second(one);
    intervals.push_back(ReadInterval(&second));
    *ok = *ok && second.Ok() && second.AtEnd();
  }
  *ok = *ok && reader.Ok();
  return intervals;
}

std::uint64_t EndedOf(const Interval& total, bool errors) {
  std::uint64_t sum = 0;
  for (const OpStats& op : total.ops)
    for (std::size_t i = 0; i < kOutcomes; ++i)
      if (!errors || !IsAnswer(static_cast<Outcome>(i))) sum += op.response[i].TotalCount();
  return sum;
}

}  // namespace

Status CheckCanBeShared(const RunPlan& plan) {
  const char* what = nullptr;
  if (plan.verify.writes)
    what = "verify: {writes: true}, whose ledger is that of one process";
  else if (AnyWrites(plan.mix) || plan.verify.look)
    what = "writes of statements that are followed, whose ledger is that of one process";
  else if (DeclaresOutages(plan))
    what = "an outage of an event, which is timed within one process";
  else if (plan.mix.fleet != nullptr)
    what = "fleet, whose points have one order";
  else if (plan.engine.pin)
    what = "run: {pin: true}; mpirun has --bind-to for that";
  if (what == nullptr) return {};
  return BadConfig("--mpi cannot share {}; leave it out, or run it in one process", what);
}

// What is said of a part, as it goes to rank 0.
struct RankedRun::Report {
  RankRecord record;
  Account account;
  ConnectionCounts connections;
  Ticks measured = 0, late = 0;
  std::int64_t zero_ns = 0;
  bool interrupted = false, own_store = false;
  std::vector<std::string> faults;  // why the whole is invalid

  std::string ToBytes() const;
  static Report FromBytes(const std::string& bytes);
};

std::string RankedRun::Report::ToBytes() const {
  WireWriter to;
  to.Count(record.rank);
  to.Count(record.workers);
  to.Count(record.ended);
  to.Count(record.errors);
  to.Signed(record.lag_p99);
  to.Signed(record.delay_p99);
  to.Real(record.cpu_cores);
  to.Real(record.busy);
  to.Signed(record.start_error);
  to.Signed(record.drift);
  to.Count(account.offered);
  for (const std::uint64_t ended : account.ended) to.Count(ended);
  to.Count(account.in_flight);
  to.Count(account.waiting);
  to.Flag(connections.known);
  to.Count(connections.made);
  to.Count(connections.lost);
  to.Count(connections.sent_again);
  to.Signed(measured);
  to.Signed(late);
  to.Signed(zero_ns);
  to.Flag(interrupted);
  to.Flag(own_store);
  to.Count(faults.size());
  for (const std::string& fault : faults) to.Text(fault);
  return to.Take();
}

RankedRun::Report RankedRun::Report::FromBytes(const std::string& bytes) {
  WireReader from(bytes);
  Report report;
  report.record.rank = static_cast<std::uint32_t>(from.Count());
  report.record.workers = static_cast<std::uint32_t>(from.Count());
  report.record.ended = from.Count();
  report.record.errors = from.Count();
  report.record.lag_p99 = from.Signed();
  report.record.delay_p99 = from.Signed();
  report.record.cpu_cores = from.Real();
  report.record.busy = from.Real();
  report.record.start_error = from.Signed();
  report.record.drift = from.Signed();
  report.account.offered = from.Count();
  for (std::uint64_t& ended : report.account.ended) ended = from.Count();
  report.account.in_flight = from.Count();
  report.account.waiting = from.Count();
  report.connections.known = from.Flag();
  report.connections.made = from.Count();
  report.connections.lost = from.Count();
  report.connections.sent_again = from.Count();
  report.measured = from.Signed();
  report.late = from.Signed();
  report.zero_ns = from.Signed();
  report.interrupted = from.Flag();
  report.own_store = from.Flag();
  for (std::uint64_t left = from.Count(); left > 0 && from.Ok(); --left)
    report.faults.push_back(from.Text());
  if (!from.Ok()) report.faults.emplace_back("what it reported of its part was cut off");
  return report;
}

Status RankedRun::Agree(const Status& mine) const {
  if (mine) return group_.All(mine);
  return group_.All(
      tl::unexpected<Error>(Error{mine.error().kind, Redact(mine.error().message, plan_.secrets)}));
}

void RankedRun::Begin(const RunResult& head, Recording* recording, RunWatcher* watchers) {
  own_ = head;
  recording_ = recording;
  watchers_ = watchers;
}

// Half of the cores of the host that has the fewest for each of its ranks.
std::uint32_t RankedRun::UsualWorkers() const {
  std::uint32_t usual = UINT32_MAX;
  for (const RankIdentity& member : group_.members()) {
    const auto beside = static_cast<std::uint32_t>(
        std::ranges::count(group_.members(), member.host, &RankIdentity::host));
    usual = std::min(usual, member.cores / 2 / beside);
  }
  return std::max(1u, usual);
}

Result<bool> RankedRun::All(const Status& mine, bool stop) {
  if (Status all = Agree(mine); !all) return Failed(all);
  return group_.Any(stop);
}

Ticks RankedRun::AgreeOnStart() {
  before_ = MeasureOffset(group_.ranks());
  WireWriter writer;
  writer.Signed(Clock::Now() + kLead);
  std::string bytes = writer.Take();
  group_.ranks()->Broadcast(&bytes);
  return WireReader(bytes).Signed() - before_.offset;
}

void RankedRun::OnLoad(std::uint64_t done, std::uint64_t records) {
  if (recording_ != nullptr) recording_->OnLoad(done, records);
}

Status RankedRun::OnStart(std::int64_t zero_ns) {
  zero_ns_ = zero_ns;
  return recording_ == nullptr ? Status() : recording_->OnStart(zero_ns);
}

void RankedRun::OnEvent(std::size_t event, std::uint32_t round, Ticks at) {
  begun_.push_back({event, round, at});
}

Status RankedRun::OnInterval(const Interval& interval) {
  if (interval.end > 0) AddInterval(interval, &own_);
  Status kept = spool_.Append(interval);
  if (watchers_ != nullptr) watchers_->OnInterval(interval);
  return kept;
}

void RankedRun::Merge(RunOutcome* outcome) {
  after_ = MeasureOffset(group_.ranks());
  Report own = OwnReport(*outcome);
  if (group_.IsFirst()) {
    outcome->account = {};
    outcome->connections = {};
    outcome->workers = 0;
    outcome->observer_error = {};
  }
  MergeSeconds(outcome);
  if (!read_) own.faults.push_back(read_.error().message);
  for (const std::string& bytes : group_.ranks()->Gather(own.ToBytes()))
    Add(Report::FromBytes(bytes), outcome);
}

// The measured phase of a rank that was interrupted is shorter; the whole is as long as the
// longest.
void RankedRun::MergeSeconds(RunOutcome* outcome) {
  Ticks until = -own_.warmup_length + kWindow;
  for (; group_.Any(read_ && !spool_.AtEnd()); until += kWindow) {
    std::vector<Interval> seconds;
    bool whole = true;
    for (const std::string& bytes : group_.ranks()->Gather(TakeWindow(until)))
      std::ranges::move(ReadWindow(bytes, &whole), std::back_inserter(seconds));
    if (!whole) invalid_.emplace_back("seconds of a rank came in pieces");
    std::ranges::stable_sort(seconds, {}, &Interval::begin);
    for (Interval& second : seconds) Replay(std::move(second), outcome);
  }
  Flush(outcome);
}

std::string RankedRun::TakeWindow(Ticks until) {
  WireWriter window;
  while (read_) {
    Result<std::optional<std::string>> second = spool_.TakeBefore(until);
    if (!second) read_ = Failed(second);
    if (!second || !*second) break;
    window.Text(**second);
  }
  return window.Take();
}

// Seconds of all ranks end together, but for the last ones of an interrupted run, which are put
// together as far as they overlap.
void RankedRun::Replay(Interval interval, RunOutcome* outcome) {
  if (pending_ && (interval.begin < pending_->end || interval.begin == pending_->begin))
    return AddBeside(interval, &*pending_);
  Flush(outcome);
  pending_ = std::move(interval);
}

void RankedRun::Flush(RunOutcome* outcome) {
  if (!pending_ || recording_ == nullptr) return;
  const Interval interval = *std::exchange(pending_, std::nullopt);
  for (; told_ < begun_.size() && begun_[told_].at < interval.end; ++told_)
    recording_->OnEvent(begun_[told_].event, begun_[told_].round, begun_[told_].at);
  if (interval.end > 0) recording_->OnSlice(interval);
  if (Status stored = recording_->Store(interval); !stored) outcome->observer_error = stored;
}

RankedRun::Report RankedRun::OwnReport(const RunOutcome& outcome) {
  own_.cpu = outcome.cpu;
  own_.measured_length = outcome.measured;
  own_.judged_as.threads = outcome.workers * group_.RanksHere();
  Report report;
  report.record = {.rank = group_.Rank(),
                   .workers = outcome.workers,
                   .ended = EndedOf(own_.total, false),
                   .errors = EndedOf(own_.total, true),
                   .lag_p99 = own_.total.lag.ValueAtPercentile(99),
                   .delay_p99 = own_.total.delay.ValueAtPercentile(99),
                   .busy = own_.total.host.busy,
                   .start_error = before_.error,
                   .drift = after_.offset - before_.offset};
  if (outcome.measured > 0)
    report.record.cpu_cores = own_.total.host.client_cpu_s / ToSeconds(outcome.measured);
  report.account = outcome.account;
  report.connections = outcome.connections;
  report.measured = outcome.measured;
  report.late = outcome.late;
  report.zero_ns = zero_ns_;
  report.interrupted = outcome.interrupted;
  report.own_store = outcome.own_store;
  report.faults = LimitsOf(own_);
  if (!outcome.observer_error) report.faults.push_back(outcome.observer_error.error().message);
  return report;
}

void RankedRun::Add(const Report& report, RunOutcome* outcome) {
  const std::string name = group_.NameOf(report.record.rank);
  const auto invalid = [&](const std::string& why) { invalid_.push_back(name + ": " + why); };
  RankRecord& record = records_.emplace_back(report.record);
  record.host = group_.members()[record.rank].host;
  record.clock_offset = report.zero_ns - zero_ns_;

  outcome->account.offered += report.account.offered;
  for (std::size_t i = 0; i < kOutcomes; ++i) outcome->account.ended[i] += report.account.ended[i];
  outcome->account.in_flight += report.account.in_flight;
  outcome->account.waiting += report.account.waiting;
  outcome->connections.Add(report.connections);
  outcome->workers += report.record.workers;
  outcome->measured = std::max(outcome->measured, report.measured);

  for (const std::string& fault : report.faults) invalid(fault);
  if (report.interrupted)
    invalid(fmt::format("it was interrupted after {}", FormatDuration(report.measured)));
  outcome->interrupted |= report.interrupted;
  const Ticks apart = report.late + record.start_error + std::abs(record.drift);
  if (apart > kMostApart)
    invalid(
        fmt::format("its seconds may be {} beside those of rank 0, more than {}: it began {} "
                    "late, the clocks are known to {}, and moved by {}",
                    FormatDuration(apart), FormatDuration(kMostApart), FormatDuration(report.late),
                    FormatDuration(record.start_error), FormatDuration(std::abs(record.drift))));
  if (std::abs(record.clock_offset) > kClocksApart)
    warnings_.push_back(fmt::format(
        "{}: the clock of its host is {} {} that of rank 0; the run does not go by it, logs do",
        name, FormatDuration(std::abs(record.clock_offset)),
        record.clock_offset > 0 ? "ahead of" : "behind"));
  if (report.own_store)
    warnings_.push_back(fmt::format(
        "{} found its store empty and loaded the records itself: it drives another one than rank "
        "0, as stores in the process of the load generator are",
        name));
}

void RankedRun::Describe(RunResult* result) const {
  result->ranks = records_;
  result->provenance.host = Join(group_.Hosts(), ", ");
  result->provenance.cores = group_.Cores();
  result->invalid.insert(result->invalid.end(), invalid_.begin(), invalid_.end());
  result->warnings.insert(result->warnings.end(), warnings_.begin(), warnings_.end());
}

}  // namespace mbench
