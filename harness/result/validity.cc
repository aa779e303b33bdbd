// SPDX-License-Identifier: Apache-2.0
//
// Whether a verdict may be drawn from a run, and if not, why not. One function per rule; the limits
// and their reasons are in plan/defaults.h.
//
// Who limited the run? `delay` is the time between the moment an op could have been started (it was
// due and a connection was free) and the moment it was. A network driver's worker owns its
// connections, so all of its delay is the load generator's.
//
// With an embedded store that is not so. Its sessions block, each on a thread of its own, and the
// store does its work on these threads. When the cores are full, a thread that could start an op
// waits for a CPU which another op of the store is using: the generator's own part of an op is well
// under a microsecond. Any program that calls the store in this way waits as long, so this wait
// belongs to the system under test. It stays in the response time, and a warning names it.
//
// With more threads than cores that holds as long as response and service tell the same of the
// store. When p99 of the response is another number than p99 of the service, it is that of our own
// threads in the queue of the scheduler, and nothing may be concluded from it.
//
// Where threads had cores to run on, a long delay means that something else kept them from running:
// the generator itself, or what else the host has to do, which the account of its CPU tells.
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>

#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/plan/defaults.h"
#include "harness/result/judge.h"
#include "harness/result/metric_value.h"
#include "harness/result/summary.h"

namespace mbench {
namespace {

class Rules {
 public:
  Rules(const ValidityInput& input, RunResult* result) : input_(input), result_(*result) {
    delay_ = result_.total.delay;
    delay_.Subtract(result_.outside.during.delay);
    for (const OpStats& op : result_.outside.during.ops)
      for (std::size_t i = 0; i < kOutcomes; ++i) in_outages_[i] += op.response[i].TotalCount();
    for (const OpStats& op : result_.total.ops) {
      for (std::size_t i = 0; i < kOutcomes; ++i) ended_[i] += op.response[i].TotalCount();
      op.AddAnsweredTo(&response_);
      service_.Add(op.service);
    }
  }

  void Judge() {
    if (result_.planned_length == 0) return;  // records were loaded and nothing was measured
    JudgeLength();
    JudgeAccount();
    JudgeErrors();
    JudgeSteal();
    JudgeOthers();
    JudgeDelay();
    JudgeAchieved();
    WarnOfEnd();
    WarnOfSystem();
    WarnOfHost();
    WarnOfPhases();
    WarnOfThinPercentiles();
  }

  void JudgeGenerator() {
    JudgeSteal();
    JudgeOthers();
    JudgeDelay();
  }

  RunFaults Faults() const {
    if (input_.is_null_driver) return {};
    const CpuAccount& cpu = result_.cpu;
    const bool is_late = IsDelayed() && !WaitsForCpu();
    const bool is_full = !input_.blocking && result_.total.host.busy > defaults::kFullWorker;
    // A system on the same host that takes the load generator's cores is no stranger: a lower load
    // leaves it some.
    const bool by_others = IsCrowded() && cpu.others + cpu.unknown >= cpu.system;
    return {.load_generator = (is_late && !by_others) || is_full,
            .host = (is_late && by_others) || result_.total.host.steal > defaults::kMaxSteal ||
                    (cpu.span >= kSecond && cpu.others > defaults::kMaxOthers)};
  }

 private:
  template <class... Args>
  void MakeInvalid(fmt::format_string<Args...> format, Args&&... args) {
    result_.invalid.push_back(fmt::format(format, std::forward<Args>(args)...));
  }
  template <class... Args>
  void Warn(fmt::format_string<Args...> format, Args&&... args) {
    result_.warnings.push_back(fmt::format(format, std::forward<Args>(args)...));
  }

  std::uint64_t Ended(Outcome outcome) const { return ended_[static_cast<std::size_t>(outcome)]; }
  using Counts = std::array<std::uint64_t, kOutcomes>;
  static std::uint64_t Sum(const Counts& counts) {
    return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
  }
  static std::uint64_t ErrorsOf(const Counts& counts) {
    return Sum(counts) - counts[static_cast<std::size_t>(Outcome::kOk)] -
           counts[static_cast<std::size_t>(Outcome::kNotFound)];
  }
  std::uint64_t AllEnded() const { return Sum(ended_); }
  std::uint64_t Errors() const { return ErrorsOf(ended_); }

  // ---- rules that make a run invalid ----

  void JudgeLength() {
    if (AllEnded() == 0)
      MakeInvalid("no op ended in the measured phase, so there is nothing to judge");
    if (result_.end != RunEnd::kComplete && result_.measured_length < kSecond)
      MakeInvalid("ended after {} of the measured phase; a verdict needs at least one full second",
                  FormatDuration(result_.measured_length));
  }

  void JudgeAccount() {
    const Account& account = result_.account;
    // The parts are checked one by one too, because a sum that overflowed may balance by accident.
    const bool sound = account.in_flight <= account.offered && account.waiting <= account.offered;
    if (!account.Balances() || !sound)
      MakeInvalid(
          "the account does not balance: {} ops were offered, but {} ended, {} were in flight and "
          "{} were waiting at the end",
          account.offered, account.Ended(), account.in_flight, account.waiting);
    if (account.Ended() != AllEnded())
      MakeInvalid("{} ops ended, but {} latencies were stored; each op has to leave one",
                  account.Ended(), AllEnded());
  }

  // Those in declared outages are what was to be measured.
  void JudgeErrors() {
    const std::uint64_t ended = AllEnded() - Sum(in_outages_);
    const double share = static_cast<double>(Errors() - ErrorsOf(in_outages_)) /
                         static_cast<double>(std::max<std::uint64_t>(ended, 1));
    if (share > defaults::kMaxErrors)
      MakeInvalid(
          "{} of the ops{} ended in errors, more than {}: the latencies are those of another system "
          "than the one that was meant",
          FormatPercent(share), Sum(in_outages_) > 0 ? " outside of declared outages" : "",
          FormatPercent(defaults::kMaxErrors));
  }

  void JudgeSteal() {
    const double steal = result_.total.host.steal;
    if (steal > defaults::kMaxSteal)
      MakeInvalid("other guests of the hypervisor took {} of the host's CPU time; the limit is {}",
                  FormatPercent(steal), FormatPercent(defaults::kMaxSteal));
  }

  void JudgeOthers() {
    const CpuAccount& cpu = result_.cpu;
    if (cpu.span < kSecond) return;  // too short to be counted in ticks
    if (cpu.unknown > defaults::kSomeOthers)
      Warn(
          "{} of the host's CPU time was used by processes{} of which nobody can say whether they "
          "are the system under test or others that disturb it",
          FormatPercent(cpu.unknown), LargestText(result_.cpu));
    if (cpu.others <= defaults::kSomeOthers) return;
    const std::string what = fmt::format("other processes used {} of the host's CPU time{}",
                                         FormatPercent(cpu.others), LargestText(result_.cpu));
    const bool is_bearable =
        cpu.others <= defaults::kMaxOthers || cpu.span < defaults::kOthersJudgedFrom;
    if (is_bearable || input_.is_null_driver)
      Warn("{}; part of the latencies may be theirs", what);
    else
      MakeInvalid("{}, more than {}: the latencies are those of a host that has other work to do",
                  what, FormatPercent(defaults::kMaxOthers));
  }

  void JudgeDelay() {
    if (input_.is_null_driver) return;
    if (!IsDelayed()) return WarnOfStandstills();
    if (WaitsForCpu()) return JudgeWaitForCpu();
    if (IsCrowded()) {
      MakeInvalid(
          "ops that were due and had a free connection were started {} late (p99), because the "
          "load generator was kept from its CPU: {} of the host's went to it, {}; the limit is {}",
          FormatDuration(DelayP99()), FormatPercent(result_.cpu.client), CrowdText(),
          FormatDuration(DelayLimit()));
      return;
    }
    MakeInvalid(
        "limited by the load generator: ops that were due and had a free connection were started "
        "{} late (p99); the limit is {}",
        FormatDuration(DelayP99()), FormatDuration(DelayLimit()));
  }

  void JudgeWaitForCpu() {
    if (HasMoreThreadsThanCores() && ResponseLeavesService())
      MakeInvalid(
          "{}: they waited up to {} (p99) for one another, and p99 of the response, {}, is mostly "
          "this wait; that of the service is {}. Take fewer clients, or let them think, or plan "
          "the load by a rate",
          CpuShortage(), FormatDuration(DelayP99()),
          FormatDuration(response_.ValueAtPercentile(99)),
          FormatDuration(service_.ValueAtPercentile(99)));
    else
      Warn(
          "ops waited up to {} (p99) for a CPU, because {}; this is part of their response time, "
          "as it would be for any program that calls the store in this way",
          FormatDuration(DelayP99()), CpuShortage());
  }

  // Too few ops for the rule above, and enough to make a tail: a thread that was stopped a few
  // times, for a while.
  void WarnOfStandstills() {
    constexpr double kTail = 99.9;
    const Ticks late = delay_.ValueAtPercentile(kTail);
    if (late <= DelayLimit() || WaitsForCpu()) return;
    Warn(
        "the load generator stood still at times: one op in 1,000 was started {} late or more, which is part of p99.9 and "
        "of the largest response times",
        FormatDuration(late));
  }

  // Open model. Ops that ended in an error are left to JudgeErrors: they were offered, and they
  // ended.
  void JudgeAchieved() {
    const auto offered = static_cast<double>(result_.account.offered);
    const double length_s = ToSeconds(result_.measured_length);
    if (!result_.open_model || offered == 0 || length_s <= 0) return;
    const double answered = result_.Rate() * length_s;
    const double ended =
        answered + static_cast<double>(Errors() - Ended(Outcome::kTimedOut)) + InsideSystem() +
        static_cast<double>(result_.outside.offered);  // what a declared outage may leave behind
    if (ended >= offered * defaults::kMinAchieved) return;
    const std::string message = fmt::format(
        "did not reach its offered load: {} of {} ({}), less than {}; limited by {}",
        FormatRate(answered / length_s), FormatRate(offered / length_s),
        FormatPercent(answered / offered), FormatPercent(defaults::kMinAchieved), Limiter());
    (input_.is_null_driver ? result_.warnings : result_.invalid).push_back(message);
  }

  // Ops that a system which keeps up has in hand at any moment (Little's law). The service time and
  // not the response: in an overloaded system the latter grows with the queue that is to be found.
  double InsideSystem() const {
    const double rate =
        static_cast<double>(result_.account.offered) / ToSeconds(result_.measured_length);
    return rate * ToSeconds(service_.ValueAtPercentile(50));
  }

  // ---- who limits ----

  Ticks DelayP99() const { return delay_.ValueAtPercentile(99); }
  Ticks DelayLimit() const {
    const auto median = static_cast<double>(response_.ValueAtPercentile(50));
    return std::max(defaults::kMaxDelay, static_cast<Ticks>(median * defaults::kMaxDelayPart));
  }
  bool IsDelayed() const { return DelayP99() > DelayLimit(); }

  // Of the host's CPU time, this process had so much.
  double CpuShare() const {
    const double available = ToSeconds(result_.measured_length) * result_.provenance.cores;
    return available <= 0 ? 0 : result_.total.host.client_cpu_s / available;
  }
  bool HasMoreThreadsThanCores() const {
    return result_.provenance.cores > 0 && input_.threads > result_.provenance.cores;
  }
  bool WaitsForCpu() const {
    return input_.blocking && (HasMoreThreadsThanCores() || CpuShare() > defaults::kFullHost);
  }
  // And it is the wait for a core that it leaves it by, not that for a connection.
  bool ResponseLeavesService() const {
    const Ticks response = response_.ValueAtPercentile(99);
    const Ticks service = service_.ValueAtPercentile(99);
    return response > 2 * service && 2 * DelayP99() > response - service;
  }

  // What else runs on this host has more of its CPU than the load generator, and enough to make it
  // wait.
  double CrowdShare() const {
    return result_.cpu.system + result_.cpu.others + result_.cpu.unknown;
  }
  bool IsCrowded() const {
    return CrowdShare() > defaults::kMaxOthers && CrowdShare() > result_.cpu.client;
  }
  std::string CrowdText() const {
    const CpuAccount& cpu = result_.cpu;
    if (cpu.place == SystemPlace::kUnknown)
      return fmt::format("{} to the system under test and others{}", FormatPercent(cpu.unknown),
                         LargestText(result_.cpu));
    const std::string others = fmt::format(
        "{} to others{}", FormatPercent(cpu.others + cpu.unknown), LargestText(result_.cpu));
    if (cpu.place != SystemPlace::kHere) return others;
    return fmt::format("{} to the system under test and {}", FormatPercent(cpu.system), others);
  }

  std::string CpuShortage() const {
    const std::uint32_t cores = result_.provenance.cores;
    if (HasMoreThreadsThanCores())
      return fmt::format("{} threads share {} cores", input_.threads, cores);
    return fmt::format("{} of the CPU time of {} cores was in use", FormatPercent(CpuShare()),
                       cores);
  }

  std::string Limiter() const {
    if (IsDelayed() && !WaitsForCpu() && IsCrowded())
      return fmt::format(
          "what else ran on the load generator's host, so that ops were started {} late (p99)",
          FormatDuration(DelayP99()));
    if (IsDelayed() && !WaitsForCpu())
      return fmt::format("the load generator, which started ops {} late (p99)",
                         FormatDuration(DelayP99()));
    const double busy = result_.total.host.busy;
    if (!input_.blocking && busy > defaults::kFullWorker)
      return fmt::format("the load generator, whose busiest worker was busy {} of the time",
                         FormatPercent(busy));
    return "the system under test";
  }

  // ---- warnings ----

  void WarnOfEnd() {
    if (result_.end == RunEnd::kComplete) return;
    Warn("{}: {} of {} were measured",
         result_.end == RunEnd::kInterrupted ? "the run was interrupted"
                                             : "the run ended early, its process was killed",
         FormatDuration(result_.measured_length), FormatDuration(result_.planned_length));
  }

  void WarnOfSystem() {
    if (input_.is_null_driver)
      Warn("driver {} has no system behind it: these are the costs of mbench itself",
           result_.provenance.driver);
    const double busy = result_.total.host.busy;
    if (!input_.is_null_driver && !input_.blocking && busy > defaults::kFullWorker)
      Warn(
          "the busiest worker was busy {} of the time, more than {}: part of the response time "
          "may be the load generator's",
          FormatPercent(busy), FormatPercent(defaults::kFullWorker));
  }

  void WarnOfHost() {
    const double drift = result_.provenance.clock_drift_ppm;
    if (std::abs(drift) > defaults::kMaxClockDriftPpm)
      Warn("the clock '{}' moved away from the system's by {:.0f} ppm, more than {:.0f} ppm",
           result_.provenance.clock, drift, defaults::kMaxClockDriftPpm);
  }

  void WarnOfPhases() {
    if (result_.warmup_length == 0) Warn("no warm-up: the first, slower ops are counted too");
    if (result_.end == RunEnd::kComplete && result_.measured_length < defaults::kShortRun)
      Warn("a short run: {} were measured, less than {}", FormatDuration(result_.measured_length),
           FormatDuration(defaults::kShortRun));
    for (const EventRecord& event : result_.events) JudgeEvent(event);
    for (const OutageResult& outage : result_.outages) WarnOfOutage(outage);
  }

  void JudgeEvent(const EventRecord& event) {
    if (event.end == EventEnd::kDone) return;
    const std::string said = event.output.empty() ? "" : "; it said: " + LastLine(event.output);
    const std::string what = fmt::format("event '{}' {}{}", event.name, event.why, said);
    if (event.must_succeed)
      MakeInvalid("{}, and had to succeed", what);
    else
      Warn("{}", what);
  }

  static std::string LastLine(std::string_view text) {
    while (text.ends_with('\n')) text.remove_suffix(1);
    return Quote(text.substr(text.rfind('\n') + 1), 160);
  }

  void WarnOfOutage(const OutageResult& outage) {
    if (!outage.Declared()) return WarnOfGap(outage);
    if (outage.state == OutageState::kUnproven)
      Warn(
          "{} came back after '{}' {} before the end of the run, which is too short to say that it "
          "had recovered",
          outage.op, outage.event, FormatDuration(result_.total.end - outage.to));
    if (!outage.note.empty() && outage.state != OutageState::kWithin)
      Warn("outage of {} by '{}': {}", outage.op, outage.event, outage.note);
  }

  void WarnOfGap(const OutageResult& gap) {
    const std::string behind = gap.note.empty() ? "" : fmt::format(", behind event '{}'", gap.note);
    Warn("no {} was answered {} {}{}, and no outage of it was declared", gap.op,
         gap.state == OutageState::kNeverEnded
             ? fmt::format("from {} on to the end, for", FormatDuration(gap.from))
             : fmt::format("from {} on for", FormatDuration(gap.from)),
         FormatDuration(gap.Rto()), behind);
  }

  void WarnOfThinPercentiles() {
    std::string which;
    for (std::size_t i = 0; i < result_.total.ops.size(); ++i) {
      const std::string names = ThinNames(result_.total.ops[i].Answered());
      if (!names.empty())
        which += fmt::format("{}{} of {}", which.empty() ? "" : "; ", names, result_.op_names[i]);
    }
    if (!which.empty()) Warn("fewer than {} samples lie beyond {}", kMinSamplesBeyond, which);
    for (const SloResult& slo : result_.slo) WarnOfThinSlo(slo);
  }

  static std::string ThinNames(const Histogram& answered) {
    const LatencySummary summary = Summarize(answered);
    std::string names;
    for (std::size_t i = 0; summary.samples != 0 && i < kShownPercentiles; ++i)
      if (summary.thin[i])
        names += fmt::format("{}{}", names.empty() ? "" : ", ", kPercentiles[i].name);
    return names;
  }

  void WarnOfThinSlo(const SloResult& result) {
    const SloPlan& slo = result.slo;
    if (slo.metric.kind != MetricKind::kPercentile || slo.window != 0 || !result.judged) return;
    MetricCounts counts;
    MetricSubject(slo.metric.op, result_.op_names).AddTo(result_.total, false, &counts, nullptr);
    if (IsThin(slo.metric.percentile, static_cast<std::uint64_t>(counts.latencies)))
      Warn("'{}' rests on fewer than {} samples beyond its percentile", slo.text,
           kMinSamplesBeyond);
  }

  const ValidityInput input_;
  RunResult& result_;
  std::array<std::uint64_t, kOutcomes> ended_{};
  std::array<std::uint64_t, kOutcomes> in_outages_{};  // of these, in declared ones
  Histogram response_;                                 // answered and timed out, all ops
  Histogram service_;
  Histogram delay_;  // without that of declared outages, in which connections have to be made
};

}  // namespace

std::vector<std::string> LimitsOf(const RunResult& part) {
  RunResult copy = part;
  copy.invalid.clear();
  Rules(part.judged_as, &copy).JudgeGenerator();
  return copy.invalid;
}

RunFaults FaultsOf(const RunResult& result) {
  RunResult copy = result;
  return Rules(result.judged_as, &copy).Faults();
}

void JudgeValidity(const ValidityInput& input, RunResult* result) {
  result->judged_as = input;
  Rules(input, result).Judge();
}

}  // namespace mbench
