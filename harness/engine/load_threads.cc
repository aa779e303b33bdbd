// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/load_threads.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "workloads/generators/record_values.h"
#include "workloads/workload.h"

namespace mbench {
namespace {

// A record is tried so often before the load is given up: a busy store deserves a second chance, a
// full disk does not become empty.
constexpr int kTries = 3;
// Lines to a store that does not block; enough to keep it busy over a network.
constexpr std::uint32_t kConnections = 64;

// Which records are taken and written, of a load by statement: they are in flight by thousands.
class Batches {
 public:
  explicit Batches(std::uint64_t first) : next_(first) {}

  std::uint64_t Take(std::uint64_t count) {
    const std::lock_guard lock(mutex_);
    const std::uint64_t taken = next_;
    next_ += count;
    in_flight_.insert(taken);
    return taken;
  }
  void Finish(std::uint64_t taken) {
    const std::lock_guard lock(mutex_);
    in_flight_.erase(taken);
  }
  // All records before it are written.
  std::uint64_t WrittenUpTo() const {
    const std::lock_guard lock(mutex_);
    return in_flight_.empty() ? next_ : *in_flight_.begin();
  }

 private:
  mutable std::mutex mutex_;
  std::uint64_t next_;
  std::set<std::uint64_t> in_flight_;
};

// Shared by the threads of one load.
struct Shared {
  const LoadTask* task;
  std::uint64_t count = 0;
  std::optional<Batches> batches = {};  // of a load by statement
  std::atomic<std::uint64_t> next{0};
  std::atomic<std::uint64_t> done{0};
  std::atomic<std::uint64_t> already_there{0};
  std::atomic<int> running{0};
  std::atomic<bool> failed{false};
  std::mutex mutex;
  Status error;

  void Fail(Status why) {
    const std::lock_guard lock(mutex);
    if (!failed.exchange(true)) error = std::move(why);
  }
};

// One thread of the load: keeps `slots` inserts, or load statements, in flight until no record is
// left.
class LoadThread {
 public:
  LoadThread(Shared* shared, std::uint32_t slots)
      : shared_(shared), loader_(shared->task->plan), slots_(slots), done_(slots) {
    if (shared->batches) values_.emplace(shared->task->plan);
  }

  void Run() {
    const SessionPlan plan{.connections = static_cast<std::uint32_t>(slots_.size()),
                           .timeout = Timeout(),
                           .phase = SessionPhase::kLoad,
                           .fields = shared_->task->plan.data.value.fields,
                           .seed = shared_->task->plan.engine.seed};
    Result<std::unique_ptr<Session>> session = shared_->task->driver->NewSession(plan);
    if (!session) return shared_->Fail(Failed(session));
    session_ = std::move(*session);
    for (std::uint32_t slot = 0; slot < slots_.size(); ++slot) Start(slot);
    while (!waiting_.empty() || in_flight_ > 0) Turn();
    shared_->already_there += session_->AlreadyThere();
  }

 private:
  struct Slot {
    Request request;
    std::uint64_t record = 0;
    std::uint32_t count = 1;  // records, from that one on
    int tries = 0;
  };

  // A batch of thousands is no op of a user.
  Ticks Timeout() const {
    const Ticks timeout = shared_->task->plan.engine.timeout;
    return values_ ? std::max(timeout, kMinute) : timeout;
  }

  void Start(std::uint32_t slot) {
    if (*shared_->task->stop || shared_->failed) return;
    const bool started = values_ ? StartBatch(&slots_[slot]) : StartRecord(&slots_[slot]);
    if (!started) return;
    slots_[slot].tries = 0;
    slots_[slot].request.op.slot = slot;
    waiting_.push_back(slots_[slot].request.op);
  }

  bool StartRecord(Slot* slot) {
    slot->record = shared_->next.fetch_add(1, std::memory_order_relaxed);
    if (slot->record >= shared_->count) return false;
    loader_.Make(slot->record, &slot->request);
    return true;
  }

  bool StartBatch(Slot* slot) {
    const std::uint32_t batch = shared_->task->plan.data.load_statement->batch;
    slot->record = shared_->batches->Take(batch);
    if (slot->record >= shared_->count) {
      shared_->batches->Finish(slot->record);
      return false;
    }
    slot->count =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(batch, shared_->count - slot->record));
    values_->Make(slot->record, slot->count, &slot->request);
    return true;
  }

  void Turn() {
    done_.Clear();
    const std::size_t taken = session_->Submit(waiting_, done_);
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(taken));
    in_flight_ += taken;
    if (done_.Empty()) session_->Poll(Clock::Now() + 100 * kMillisecond, done_);
    for (const Completion& completion : done_.View()) Settle(completion);
  }

  void Settle(const Completion& completion) {
    --in_flight_;
    Slot& slot = slots_[completion.slot];
    if (IsAnswer(completion.outcome)) {
      shared_->done.fetch_add(slot.count, std::memory_order_relaxed);
      if (values_) shared_->batches->Finish(slot.record);
      return Start(completion.slot);
    }
    if (++slot.tries < kTries && !shared_->failed) {
      waiting_.push_back(slot.request.op);
      return;
    }
    const std::string reason = completion.error != 0 ? session_->DescribeError(completion.error)
                                                     : std::string(Name(completion.outcome));
    shared_->Fail(Unreachable("loading the data failed at record {} of {}: {} ({} tries)",
                              slot.record, shared_->count, reason, kTries));
  }

  Shared* shared_;
  RecordLoader loader_;
  std::optional<RecordValues> values_;  // of a load by statement
  std::unique_ptr<Session> session_;
  std::vector<Slot> slots_;
  std::vector<Op> waiting_;
  Completions done_;
  std::size_t in_flight_ = 0;
};

struct Size {
  unsigned threads;
  std::uint32_t slots;  // of each
};

// Statements are sent one by one, batches of their own; a driver that gathers inserts blocks then.
Size SizeOf(const Shared& shared) {
  const DriverFacts& facts = shared.task->facts;
  const bool blocks = facts.blocking || (shared.batches && facts.load_batch != 0);
  const unsigned cores = std::max(1u, std::thread::hardware_concurrency());
  const std::uint32_t one_by_one = blocks ? 1 : kConnections;
  const bool gathers = facts.load_batch != 0 && !shared.batches;
  return {blocks ? std::clamp(cores, 2u, 8u) : 1, gathers ? facts.load_batch : one_by_one};
}

void LeaveProgress(const Shared& shared) {
  shared.task->marks.LeaveProgress(std::min(shared.batches->WrittenUpTo(), shared.count));
}

// Waits for the threads. A load by statement leaves a mark each second, to be resumed there.
void Watch(const Shared& shared) {
  constexpr Ticks kMarkEvery = kSecond;
  const Ticks begin = Clock::Now();
  Ticks marked = begin;
  for (Ticks tick = begin; shared.running > 0; Clock::SleepUntil(Clock::Now() + kMillisecond)) {
    if (Clock::Now() < tick) continue;
    shared.task->observer->OnLoad(shared.done, shared.count);
    tick += 250 * kMillisecond;
    if (!shared.batches || tick - marked < kMarkEvery) continue;
    LeaveProgress(shared);
    marked = tick;
  }
}

}  // namespace

Result<LoadPhase> LoadRecords(const LoadTask& task) {
  Shared shared{.task = &task};
  shared.count = RecordLoader(task.plan).Count();
  shared.done = task.first;
  if (task.plan.data.load_statement) shared.batches.emplace(task.first);
  const Size size = SizeOf(shared);
  const Ticks begin = Clock::Now();

  std::vector<std::jthread> threads;
  shared.running = static_cast<int>(size.threads);
  for (unsigned i = 0; i < size.threads; ++i) {
    threads.emplace_back([&shared, slots = size.slots] {
      LoadThread(&shared, slots).Run();
      --shared.running;
    });
  }
  Watch(shared);
  threads.clear();
  const Ticks took = Clock::Now() - begin;
  if (shared.batches) LeaveProgress(shared);
  if (shared.failed) return Failed(shared.error);
  task.observer->OnLoad(shared.done, shared.count);
  const std::uint64_t there = shared.already_there;
  return LoadPhase{.records = shared.done - task.first - there,
                   .already_there = there,
                   .resumed_at = task.first,
                   .took = took};
}

}  // namespace mbench
