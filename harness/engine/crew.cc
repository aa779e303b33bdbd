// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/crew.h"

#include <sched.h>
#include <sys/prctl.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <random>

#include "harness/engine/asymmetric_fence.h"
#include "workloads/workload.h"

namespace mbench {
namespace {

// Half the cores for a driver that does not block: the other half is left to the system, when it
// runs here.
std::uint32_t DefaultWorkers() { return std::max(1u, std::thread::hardware_concurrency() / 2); }

void PinToCore(std::uint32_t index) {
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return;
  const int count = CPU_COUNT(&allowed);
  int skip = static_cast<int>(index) % count;
  for (int core = 0; core < CPU_SETSIZE; ++core) {
    if (!CPU_ISSET(core, &allowed) || skip-- > 0) continue;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(core, &one);
    sched_setaffinity(0, sizeof one, &one);
    return;
  }
}

// The kernel may delay a wake-up by 50 us to save power; a due time should not wait for that.
void WakeOnTime() { prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0); }

std::vector<ClientStep> StepsOf(const RunPlan& plan, const LoadCurve& curve) {
  if (plan.load.model == LoadModel::kOpen) return {};
  return ClientSteps(curve);
}

std::vector<std::uint16_t> StatementOps(const MixPlan& mix, const std::vector<std::string>& names) {
  std::vector<std::uint16_t> ops;
  for (const StatementSpec& statement : mix.statements)
    ops.push_back(
        static_cast<std::uint16_t>(std::ranges::find(names, statement.name) - names.begin()));
  return ops;
}

// Counts a thread out when it ends. To be the first thing in it, so that all else is gone by then.
class Leaving {
 public:
  explicit Leaving(std::atomic<int>* running) : running_(running) {}
  ~Leaving() { running_->fetch_sub(1, std::memory_order_release); }
  Leaving(const Leaving&) = delete;
  Leaving& operator=(const Leaving&) = delete;

 private:
  std::atomic<int>* running_;
};

// Somewhere in the 36 bits of a version that count the writes of a worker (Workload), so that what
// an earlier run has left is not taken for what this one wrote.
std::uint64_t FirstWrite() {
  std::random_device random;
  return Mix64(random(), random()) >> 28;
}

// {version} has to fit into the columns of people, 32 bits with a sign, with room for all writes
// that a ledger can hold.
std::uint64_t FirstVersion() {
  std::random_device random;
  return random() >> 2;
}

// A watcher looks for so long before it is asked whether it is done.
constexpr Ticks kWatchTurn = 100 * kMillisecond;

}  // namespace

Result<CrewSize> SizeCrew(const RunPlan& plan, bool blocking, const std::vector<ClientStep>& steps,
                          const CrewShare& share) {
  CrewSize size;
  for (const ClientStep& step : steps) size.clients = std::max(size.clients, step.clients);
  const std::uint32_t fallback = steps.empty() ? defaults::kOpenConnections : size.clients;
  size.connections = std::max(1u, plan.load.connections != 0 ? plan.load.connections : fallback);
  if (size.connections < share.of.ranks) {
    return BadConfig(
        "{} processes share {} connections, so that some would have none; start fewer, or give "
        "the load more",
        share.of.ranks, size.connections);
  }
  if (!blocking) {
    const std::uint32_t usual = share.usual_workers != 0 ? share.usual_workers : DefaultWorkers();
    const std::uint32_t wanted = plan.engine.workers != 0 ? plan.engine.workers : usual;
    size.workers = static_cast<std::uint32_t>(
        std::min<std::uint64_t>(std::uint64_t{wanted} * share.of.ranks, size.connections));
    return size;
  }
  if (plan.engine.workers != 0 && plan.engine.workers != size.connections) {
    return BadConfig(
        "run.workers is {}, but {} answers only in the thread that asks: it needs a thread for "
        "each of its {} connections; leave run.workers out",
        plan.engine.workers, plan.other_systems.empty() ? plan.driver.use : "one of the systems",
        size.connections);
  }
  size.workers = size.connections;
  return size;
}

Crew::Crew(const RunPlan& plan, const DriverFacts& facts, Driver* driver, const CrewShare& share)
    : plan_(plan),
      facts_(facts),
      driver_(driver),
      share_(share),
      curve_(plan.load),
      steps_(StepsOf(plan, curve_)),
      op_names_(OpNames(plan.mix)),
      statement_ops_(StatementOps(plan.mix, op_names_)),
      part_names_(op_names_),
      records_(MakeSharedRecords(plan, share.of)) {}

Crew::~Crew() = default;

Status Crew::Start() {
  Result<CrewSize> size = SizeCrew(plan_, facts_.blocking, steps_, share_);
  if (!size) return Failed(size);
  size_ = *size;
  const auto begin_of = [this](std::uint64_t rank) {
    return static_cast<std::uint32_t>(size_.workers * rank / share_.of.ranks);
  };
  first_ = begin_of(share_.of.rank);
  workers_ = begin_of(share_.of.rank + 1) - first_;
  shares_arrivals_ = plan_.load.model == LoadModel::kOpen && facts_.blocking && size_.workers > 1;
  if (shares_arrivals_) arrivals_ = std::make_unique<SharedArrivals>(StreamOf(first_));

  Result<std::vector<std::unique_ptr<Watcher>>> watchers = NewWatchers();
  if (!watchers) return Failed(watchers);
  const std::size_t threads = workers_ + watchers->size();
  for (std::size_t i = 0; i < threads; ++i) members_.emplace_back(op_names_.size(), &part_names_);
  running_ = static_cast<int>(threads);
  loading_ = static_cast<int>(workers_);
  for (std::uint32_t i = 0; i < workers_; ++i)
    members_[i].thread = std::jthread(&Crew::Work, this, i);
  for (std::size_t i = 0; i < watchers->size(); ++i) {
    Member& member = members_[workers_ + i];
    member.thread = std::jthread(&Crew::Watch, this, std::move((*watchers)[i]), &member.recorder);
  }
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return reported_ == workers_; });
  if (first_error_) return {};
  lock.unlock();
  Dismiss();
  return first_error_;
}

// What they see of ops of other processes they could not tell from what is missing.
Result<std::vector<std::unique_ptr<Watcher>>> Crew::NewWatchers() {
  WatcherSource* const source = driver_->Watchers();
  if (source == nullptr) return {};
  auto watchers = source->NewWatchers(SessionPlanOf(first_));
  if (watchers && !watchers->empty() && share_.of.ranks > 1)
    return BadConfig(
        "statements that are watched (change streams, consumers) cannot be shared by processes");
  return watchers;
}

void Crew::SetLedger(Ledger* ledger, const WhatIsFollowed* followed) {
  ledger_ = ledger;
  followed_ = followed;
  records_->BeginVersionsAt(FirstVersion());
}

void Crew::Report(Status status) {
  const std::lock_guard lock(mutex_);
  if (first_error_ && !status) first_error_ = std::move(status);
  ++reported_;
  changed_.notify_all();
}

Crew::Signal Crew::AwaitSignal() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return signal_ != Signal::kWait; });
  return signal_;
}

void Crew::Give(Signal signal) {
  const std::lock_guard lock(mutex_);
  signal_ = signal;
  changed_.notify_all();
}

void Crew::Go(Ticks begin) {
  times_.begin = begin;
  times_.zero = begin - curve_.Begin();
  times_.end = times_.zero + curve_.End();
  times_.deadline = times_.end + plan_.load.drain;
  Give(Signal::kGo);
}

void Crew::Dismiss() {
  Give(Signal::kDismiss);
  Join();
}

void Crew::Join() {
  for (Member& member : members_) {
    if (member.thread.joinable()) member.thread.join();
  }
}

// The whole of a worker's thread. `own`: its number in this process.
void Crew::Work(std::uint32_t own) {
  const Leaving leaving(&running_);
  const std::uint32_t index = first_ + own;
  WakeOnTime();
  if (plan_.engine.pin) PinToCore(own);
  Result<std::unique_ptr<Session>> session = driver_->NewSession(SessionPlanOf(index));
  if (!session) return Report(Failed(session));
  Workload workload(plan_, records_, index, size_.workers);
  Report({});
  if (AwaitSignal() == Signal::kGo) {
    Member& member = members_[own];
    std::optional<OpLog> log;
    if (ledger_ != nullptr) {
      workload.BeginWritesAt(FirstWrite());
      log.emplace(ledger_, *followed_, &workload, &member.recorder, FirstClientOf(index));
    }
    const std::unique_ptr<DueSource> source = NewSource(index);
    Worker({.source = source.get(),
            .workload = &workload,
            .session = session->get(),
            .recorder = &member.recorder,
            .gauge = &member.gauge,
            .times = &times_,
            .slots = SlotsOf(index),
            .log = log ? &*log : nullptr,
            .verify = plan_.verify.reads,
            .spin = !facts_.blocking})
        .Run();
    if (log) AddKeys(log->Keys());
    member.waiting = source->Waiting(times_.End());
    member.connections = (*session)->Connections();
  }
  loading_.fetch_sub(1, std::memory_order_release);
}

void Crew::AddKeys(const KeyTexts& keys) {
  const std::lock_guard lock(mutex_);
  written_keys_.Add(keys);
}

std::unique_ptr<DueSource> Crew::NewSource(std::uint32_t index) const {
  if (plan_.load.model == LoadModel::kOpen)
    return std::make_unique<OpenSource>(StreamOf(index), arrivals_.get(), times_.zero);
  return std::make_unique<ClosedSource>(ClosedSourceOptions{.steps = steps_,
                                                            .worker = index,
                                                            .workers = size_.workers,
                                                            .think = plan_.load.think,
                                                            .zero = times_.zero,
                                                            .ops = QuotaOf(index)});
}

SessionPlan Crew::SessionPlanOf(std::uint32_t index) const {
  return {.connections = SlotsOf(index),
          .timeout = plan_.engine.timeout,
          .want_values = plan_.verify.reads || (ledger_ != nullptr && AnyReads(plan_.mix)),
          .fail_fast = plan_.load.model == LoadModel::kOpen,
          .records = HasVerbs(plan_.mix) || plan_.mix.statements.empty(),
          .fields = plan_.data.value.fields,
          .seed = Mix64(plan_.engine.seed, index)};
}

// The whole of a watcher's thread. Goes on after the load until all is seen, at most until the
// run's deadline.
void Crew::Watch(std::unique_ptr<Watcher> given, Recorder* recorder) {
  const Leaving leaving(&running_);
  const std::unique_ptr<Watcher> watcher = std::move(given);  // ends before that
  if (AwaitSignal() != Signal::kGo) return;
  std::vector<Sighting> seen;
  recorder->SetNames(watcher.get());
  for (bool gave_up = false;;) {
    // Asked before the events are read: an op that ends in between may still have one to come.
    const bool load_is_over = loading_.load(std::memory_order_acquire) == 0;
    seen.clear();
    watcher->Poll(Clock::Now() + kWatchTurn, &seen);
    RecordSeen(seen, recorder);
    if (!load_is_over) continue;
    if (seen.empty() && (gave_up || watcher->Missing() == 0)) return;
    if (gave_up || Clock::Now() < times_.Deadline()) continue;
    watcher->GiveUp(times_.interrupted.load(std::memory_order_acquire));
    gave_up = true;
  }
}

// What ended in the warm-up is left out.
void Crew::RecordSeen(std::span<const Sighting> seen, Recorder* recorder) const {
  recorder->Enter();
  for (const Sighting& one : seen) {
    if (one.ended < times_.zero) continue;
    recorder->AddStep({.op_index = statement_ops_[one.statement],
                       .outcome = one.outcome,
                       .error = one.error,
                       .label = one.label,
                       .started = one.ended,
                       .finished = one.seen});
  }
  recorder->Leave();
}

std::uint64_t Crew::QuotaOf(std::uint32_t index) const {
  if (plan_.load.ops == 0) return UINT64_MAX;
  return plan_.load.ops / size_.workers + (index < plan_.load.ops % size_.workers ? 1 : 0);
}

std::uint32_t Crew::SlotsOf(std::uint32_t index) const {
  return size_.connections / size_.workers + (index < size_.connections % size_.workers ? 1 : 0);
}

// Counted from 1 over all workers.
std::uint64_t Crew::FirstClientOf(std::uint32_t index) const {
  const std::uint32_t each = size_.connections / size_.workers;
  return 1 + std::uint64_t{index} * each + std::min(index, size_.connections % size_.workers);
}

ArrivalStream Crew::StreamOf(std::uint32_t index) const {
  if (shares_arrivals_)  // by the workers of a process
    return {&curve_, plan_.load.arrivals, plan_.engine.seed, share_.of.rank, share_.of.ranks};
  return {&curve_, plan_.load.arrivals, plan_.engine.seed, index, std::max(1u, size_.workers)};
}

std::vector<ArrivalStream> Crew::Streams() const {
  std::vector<ArrivalStream> streams;
  if (plan_.load.model == LoadModel::kClosed) return streams;
  const std::uint32_t count = shares_arrivals_ ? 1 : workers_;
  for (std::uint32_t i = 0; i < count; ++i) streams.push_back(StreamOf(first_ + i));
  return streams;
}

void Crew::Take(Interval* into) {
  for (Member& member : members_) member.recorder.Swap();
  HeavyFence();
  for (Member& member : members_) member.recorder.Collect(into);
}

std::uint64_t Crew::Planned() const {
  std::uint64_t sum = 0;
  for (const Member& member : members_) sum += member.gauge.planned.load(std::memory_order_relaxed);
  return sum;
}

std::uint64_t Crew::InFlight() const {
  std::uint64_t sum = 0;
  for (const Member& member : members_) {
    sum += member.gauge.in_flight.load(std::memory_order_relaxed);
  }
  return sum;
}

ConnectionCounts Crew::Connections() const {
  ConnectionCounts sum;
  for (const Member& member : members_) sum.Add(member.connections);
  return sum;
}

std::uint64_t Crew::ClosedWaiting() const {
  std::uint64_t sum = 0;
  for (const Member& member : members_) sum += member.waiting;
  return sum;
}

}  // namespace mbench
