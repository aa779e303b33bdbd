// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/conductor.h"

#include <sys/time.h>

#include <algorithm>
#include <utility>

#include "drivers/marked_store.h"
#include "drivers/verifier.h"
#include "drivers/watcher.h"
#include "harness/base/turns.h"
#include "harness/engine/crew.h"
#include "harness/engine/data_marks.h"
#include "harness/engine/events.h"
#include "harness/engine/intervals.h"
#include "harness/engine/loader.h"
#include "harness/engine/run_ledger.h"
#include "harness/engine/statements.h"
#include "harness/engine/together.h"
#include "workloads/workload.h"

namespace mbench {
namespace {

// Between the last session that stands and the first op: time for every thread to be awake.
constexpr Ticks kLead = 20 * kMillisecond;
// How long ops in flight may still finish after an interruption.
constexpr Ticks kInterruptGrace = 1 * kSecond;
// By then every worker has seen the new end, so that none takes an op that is due after it.
constexpr Ticks kInterruptLead = 20 * kMillisecond;
constexpr Ticks kLook = 10 * kMillisecond;
// Where an outage is declared, it is looked at so closely; elsewhere seconds are cut and no less.
constexpr Ticks kFineSlice = 10 * kMillisecond;

std::int64_t UnixNanos() {
  timeval now{};
  gettimeofday(&now, nullptr);
  return now.tv_sec * kSecond + now.tv_usec * kMicrosecond;
}

// By itself, and not as the engine does.
bool FollowsWrites(Driver* driver) {
  return driver->Verifier() != nullptr && driver->Verifier()->FollowsWrites();
}

Status CheckCapabilities(const RunPlan& plan, const DriverFacts& facts, Driver* driver) {
  const bool has_statements = driver->Preparer() != nullptr;
  if (plan.mix.weights[static_cast<std::size_t>(Verb::kScan)] > 0 && !facts.scans) {
    return BadConfig("driver {} cannot scan; take scan out of the mix", plan.driver.use);
  }
  if (!plan.mix.statements.empty() && !has_statements) {
    return BadConfig("driver {} knows no statements; use the verbs of mix (read, update, ...)",
                     plan.driver.use);
  }
  if (HasLoadStatements(plan.data) && !has_statements) {
    return BadConfig(
        "driver {} knows no statements; take load_statement, before_load and after_load out of "
        "data",
        plan.driver.use);
  }
  // A plan that only loads has no mix: it needs records too.
  if (!facts.verbs && (HasVerbs(plan.mix) || plan.mix.statements.empty())) {
    return BadConfig("driver {} has no records to read and update; describe requests as statements",
                     plan.driver.use);
  }
  if (!plan.verify.checks.empty() && (driver->Verifier() == nullptr || !has_statements)) {
    return BadConfig("driver {} cannot look at its data after a run; take checks out of verify",
                     plan.driver.use);
  }
  if (plan.verify.look && !has_statements) {
    return BadConfig("driver {} knows no statements; take writes out of verify", plan.driver.use);
  }
  if (plan.verify.writes && !FollowsWrites(driver)) {
    if (!facts.verbs || !HasVerbs(plan.mix) || driver->Store() == nullptr) {
      return BadConfig(
          "driver {} cannot look for these writes after a run; take writes out of "
          "verify",
          plan.driver.use);
    }
    if (const std::string why = WhyNotFollowed(plan); !why.empty()) return BadConfig("{}", why);
  }
  if (plan.verify.reads && driver->Store() == nullptr) {
    return BadConfig("driver {} keeps no data, so there is nothing to verify; take verify out",
                     plan.driver.use);
  }
  return {};
}

// Arguments that ops of each statement may have. One with weight 0 has none.
std::vector<std::vector<std::string>> SampleArguments(const RunPlan& plan) {
  constexpr int kMostDraws = 10'000;
  std::vector<std::vector<std::string>> samples(plan.mix.statements.size());
  auto missing = static_cast<std::size_t>(
      std::ranges::count_if(plan.mix.statements, [](const StatementSpec& statement) {
        return statement.weight > 0 && !statement.arguments.empty();
      }));
  Workload workload(plan, MakeSharedRecords(plan), 0);
  Request request;
  for (int i = 0; i < kMostDraws && missing > 0; ++i) {
    workload.Next(&request);
    if (!request.is_statement) continue;
    std::vector<std::string>& sample = samples[request.op.statement];
    if (!sample.empty()) continue;
    sample.assign(request.op.arguments.begin(), request.op.arguments.end());
    missing -= sample.empty() ? 0 : 1;
  }
  return samples;
}

bool HasOps(const Interval& interval) {
  return !interval.parts.empty() || std::any_of(interval.ops.begin(), interval.ops.end(),
                                                [](const OpStats& op) { return op.Ended() > 0; });
}

void Count(const Interval& interval, Account* account) {
  account->offered += interval.offered;
  for (const OpStats& op : interval.ops) {
    for (std::size_t i = 0; i < kOutcomes; ++i) {
      account->ended[i] += op.response[i].TotalCount();
    }
  }
}

// Open: what the schedule made due is known without the workers, so what they did not take is
// waiting. Closed: an op is due when its client is, so the workers have to say.
void Close(bool open, const Crew& crew, Account* account) {
  const std::uint64_t taken = crew.Planned();
  account->in_flight = taken - account->Ended();
  account->waiting = open ? account->offered - taken : crew.ClosedWaiting();
  account->offered += open ? 0 : account->waiting;
}

}  // namespace

Conductor::Conductor(const RunPlan& plan, const DriverFacts& facts, Driver* driver,
                     RunObserver* observer, Together* together)
    : plan_(plan), facts_(facts), driver_(driver), observer_(observer), together_(together) {}

bool Conductor::IsFirst() const { return together_ == nullptr || together_->Share().rank == 0; }

// What any process wants to stop, all stop at the same step: an answer of this one alone would
// leave the others waiting.
Result<bool> Conductor::All(const Status& mine) {
  if (together_ != nullptr) return together_->All(mine, stop_);
  if (!mine) return Failed(mine);
  return stop_.load();
}

// Who asks the system what it says of itself.
SystemObserver* Conductor::Observer() const { return IsFirst() ? driver_->Observer() : nullptr; }

Result<RunOutcome> Conductor::Run() {
  Status able = CheckCapabilities(plan_, facts_, driver_);
  if (able) able = Prepare();
  if (const Result<bool> all = All(able); !all) return Failed(all);
  RunOutcome outcome;
  Result<LoadPhase> load = Load(&outcome);
  if (!load) return Failed(load);
  outcome.load = *load;
  if (outcome.interrupted || !plan_.measure) return outcome;

  RunLedger ledger(plan_, facts_, driver_);
  Crew crew(plan_, facts_, driver_,
            together_ == nullptr ? CrewShare{}
                                 : CrewShare{together_->Share(), together_->UsualWorkers()});
  ledger.Attach(&crew);
  if (Status started = Start(&crew, &outcome); !started) return Failed(started);
  Measure(&crew, &outcome);
  if (const Result<bool> over = All({}); !over) return Failed(over);
  if (SystemObserver* const observer = Observer()) outcome.remarks_after = observer->ExamineAfter();
  if (WatcherSource* const watchers = driver_->Watchers())
    for (const auto& [statement, counts] : watchers->Delivered())
      outcome.messages[crew.OpOf(statement)] = counts;
  if (IsFirst() && (plan_.verify.AfterRun() || AnyWrites(plan_.mix)))
    Verify(&crew, &ledger, &outcome);
  return outcome;
}

Result<LoadPhase> Conductor::Load(RunOutcome* outcome) {
  Result<LoadPhase> load = LoadPhase{};
  if (IsFirst()) load = PrepareData(plan_, facts_, driver_, observer_, &stop_);
  Result<bool> stopped = All(load ? Status() : Failed(load));
  if (!stopped) return Failed(stopped);
  if (together_ != nullptr && !*stopped) {
    if (!IsFirst()) load = LoadOwnStore(&outcome->own_store);
    stopped = All(load ? Status() : Failed(load));
    if (!stopped) return Failed(stopped);
  }
  outcome->interrupted = *stopped;
  return load;
}

// Another process has loaded the records. Whose store is empty all the same has one of its own;
// nothing else is touched, whatever it holds.
Result<LoadPhase> Conductor::LoadOwnStore(bool* own_store) {
  MarkedStore* const store = driver_->Store();
  if (store == nullptr || plan_.data.load == LoadData::kSkip) return LoadPhase{.reused = true};
  const Result<StoredData> found = store->Look();
  if (!found) return Failed(found);
  if (!found->empty || !DataMarks(plan_, store).SpeaksOfRecords()) return LoadPhase{.reused = true};
  *own_store = true;
  return PrepareData(plan_, facts_, driver_, observer_, &stop_);
}

// To the first op: sessions stand everywhere, and the start is agreed on.
Status Conductor::Start(Crew* crew, RunOutcome* outcome) {
  Status ready;
  if (IsFirst() || outcome->own_store) ready = DataMarks(plan_, driver_->Store()).LeaveChanging();
  SystemObserver* const observer = Observer();
  if (ready && observer != nullptr) outcome->remarks = observer->Examine(SampleArguments(plan_));
  if (ready) ready = crew->Start();
  const bool stands = ready.has_value();
  if (const Result<bool> all = All(ready); !all) {
    if (stands) crew->Dismiss();
    return Failed(all);
  }
  outcome->workers = crew->Workers();
  const Ticks begin = together_ != nullptr ? together_->AgreeOnStart() : Clock::Now() + kLead;
  const std::int64_t zero_ns = UnixNanos() + (begin - Clock::Now()) - crew->curve().Begin();
  if (const Result<bool> all = All(observer_->OnStart(zero_ns)); !all) {
    crew->Dismiss();
    return Failed(all);
  }
  // Alone, a late start is no matter; with others, the seconds of all are the same ones.
  const Ticks now = Clock::Now();
  outcome->late = together_ != nullptr ? std::max<Ticks>(now - begin, 0) : 0;
  crew->Go(together_ != nullptr ? begin : std::max(begin, now));
  return {};
}

Status Conductor::Prepare() {
  if (plan_.verify.writes && FollowsWrites(driver_)) {
    if (Status able = driver_->Verifier()->LogWrites(); !able) return able;
  }
  StatementSet statements = StatementsOf(plan_);
  if (statements.Empty()) return {};
  return driver_->Preparer()->Prepare(std::move(statements));
}

// Not after an interruption: to read all data may take long.
void Conductor::Verify(Crew* crew, RunLedger* ledger, RunOutcome* outcome) {
  if (outcome->interrupted) {
    outcome->remarks_after.warnings.emplace_back("the data were not verified: interrupted");
    return;
  }
  const auto say = [this, outcome](const Error& error) {
    outcome->unreachable |= error.kind == ErrorKind::kUnreachable && !stop_;
    outcome->remarks_after.invalid.push_back(
        fmt::format("the data could not be verified: {}", error.message));
  };
  Result<JudgedLedger> judged = ledger->Judge(*crew, outcome->events, crew->times().zero, &stop_);
  if (judged) outcome->ledger = std::move(judged->summary);
  if (!judged) {
    say(judged.error());
  } else if (!judged->look) {
    say(judged->look.error());
  }
  if (!FollowsWrites(driver_) && plan_.verify.checks.empty()) return;
  Result<std::vector<CheckResult>> found = driver_->Verifier()->Verify();
  if (!found) return say(found.error());
  outcome->checks = *std::move(found);
}

void Conductor::Measure(Crew* crew, RunOutcome* outcome) {
  const bool open = plan_.load.model == LoadModel::kOpen;
  PhaseTimes& times = crew->times();
  Events events(plan_, &times);
  Intervals intervals(crew, Observer(), together_, open, OpNames(plan_.mix).size());
  const bool slices = DeclaresOutages(plan_);
  const auto slice = [&](Ticks end) {
    const Interval taken = intervals.Slice(end);
    for (const Events::Begun& event : events.TakeBegun())
      observer_->OnEvent(event.event, event.round, event.at);
    if (taken.end > 0) observer_->OnSlice(taken);
  };
  const auto emit = [&](Ticks end) {
    slice(end);
    const Interval interval = intervals.Cut(end);
    LetOthersRun();
    if (interval.begin >= times.End() - times.zero && !HasOps(interval)) return;
    Count(interval, &outcome->account);
    // Also after a failure: the observer's sums go on when its disk is full.
    Status told = observer_->OnInterval(interval);
    if (told || !outcome->observer_error) return;
    outcome->observer_error = std::move(told);
    Interrupt();
  };

  // Without a number of ops the phase lasts as planned, also when its last op ends long before:
  // rates are per second of what was planned.
  const auto goes_on = [&] {
    return crew->Running() || (plan_.load.ops == 0 && Clock::Now() < times.End());
  };
  WatcherSource* const watchers = driver_->Watchers();
  while (goes_on()) {
    const bool is_read = watchers != nullptr && watchers->Exhausted();
    if ((stop_ || is_read) && !times.interrupted) {
      outcome->interrupted = stop_;
      times.EndAt(std::min(Clock::Now() + kInterruptLead, times.End()), kInterruptGrace);
    }
    const Ticks next = times.zero + intervals.NextEnd();
    Clock::SleepUntil(std::min(next, Clock::Now() + kLook));
    const Ticks now = Clock::Now();
    if (now >= next) {
      emit(next - times.zero);
    } else if (slices && intervals.begin() >= 0 &&
               now - times.zero - intervals.slice_begin() >= kFineSlice) {
      slice(now - times.zero);
    }
  }
  crew->Join();
  const Ticks now = Clock::Now() - times.zero;
  emit(std::max(now, intervals.begin()));
  outcome->measured = std::clamp<Ticks>(times.End() - times.zero, 0, std::max<Ticks>(now, 0));
  outcome->cpu = intervals.TakeCpu();
  outcome->events = events.Finish();
  Close(open, *crew, &outcome->account);
  outcome->connections = crew->Connections();
}

}  // namespace mbench
