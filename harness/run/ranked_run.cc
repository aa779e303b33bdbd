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

// The seconds of one rank, as they came; false: in pieces.
bool CutWindow(const std::string& bytes, std::vector<std::pair<Ticks, std::string>>* seconds) {
  WireReader window(bytes);
  while (!window.AtEnd() && window.Ok()) {
    std::string second = window.Text();
    const Ticks begin = WireReader(second).Signed();  // its first field
    seconds->emplace_back(begin, std::move(second));
  }
  return window.Ok();
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

  // What goes over the wire, in this order. `Self`: this, or this as const.
  template <class Self, class Visit>
  static void ForEachField(Self& self, Visit visit) {
    const auto each = [&](auto&... fields) { (visit(fields), ...); };
    auto& record = self.record;
    each(record.rank, record.workers, record.ended, record.errors, record.lag_p99);
    each(record.delay_p99, record.cpu_cores, record.busy, record.start_error, record.drift);
    each(self.account.offered, self.account.ended, self.account.in_flight, self.account.waiting);
    each(self.connections.known, self.connections.made, self.connections.lost,
         self.connections.sent_again);
    each(self.measured, self.late, self.zero_ns, self.interrupted, self.own_store, self.faults);
  }
  std::string ToBytes() const;
  static Report FromBytes(const std::string& bytes);
};

std::string RankedRun::Report::ToBytes() const {
  WireWriter to;
  ForEachField(*this, [&](const auto& field) { Put(field, &to); });
  return to.Take();
}

RankedRun::Report RankedRun::Report::FromBytes(const std::string& bytes) {
  WireReader from(bytes);
  Report report;
  ForEachField(report, [&](auto& field) { Get(&from, &field); });
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
  for (const RankIdentity& member : group_.members())
    usual = std::min(usual, member.cores / 2 / group_.RanksOn(member.host));
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
    std::vector<std::pair<Ticks, std::string>> seconds;  // by their begin; they are large when read
    bool whole = true;
    for (const std::string& bytes : group_.ranks()->Gather(TakeWindow(until)))
      whole &= CutWindow(bytes, &seconds);
    std::ranges::stable_sort(seconds, {}, &std::pair<Ticks, std::string>::first);
    for (const auto& [begin, bytes] : seconds) {
      WireReader from(bytes);
      Interval second = ReadInterval(&from);
      whole &= from.Ok() && from.AtEnd();
      Replay(std::move(second), outcome);
    }
    if (!whole) invalid_.emplace_back("seconds of a rank came in pieces");
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

// How far the clocks moved in the run, of what they moved until all had come together: rank 0 may
// have looked at the data for minutes.
Ticks RankedRun::Drift(Ticks measured) const {
  const auto length = static_cast<double>(own_.warmup_length + measured);
  const auto between = static_cast<double>(after_.at - before_.at);
  const double part = between > 0 ? std::min(1.0, length / between) : 1;
  return static_cast<Ticks>(static_cast<double>(after_.offset - before_.offset) * part);
}

RankedRun::Report RankedRun::OwnReport(const RunOutcome& outcome) {
  own_.cpu = outcome.cpu;
  own_.measured_length = outcome.measured;
  own_.judged_as.threads = outcome.workers * group_.RanksOn(group_.members()[group_.Rank()].host);
  Report report;
  report.record = {.rank = group_.Rank(),
                   .workers = outcome.workers,
                   .ended = EndedOf(own_.total, false),
                   .errors = EndedOf(own_.total, true),
                   .lag_p99 = own_.total.lag.ValueAtPercentile(99),
                   .delay_p99 = own_.total.delay.ValueAtPercentile(99),
                   .busy = own_.total.host.busy,
                   .start_error = before_.error,
                   .drift = Drift(outcome.measured)};
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

  outcome->account.Add(report.account);
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
