// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/loader.h"

#include <algorithm>
#include <charconv>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "harness/engine/set_up.h"
#include "harness/engine/statements.h"
#include "workloads/generators/record_values.h"
#include "workloads/workload.h"

namespace mbench {
namespace {

// A record is tried so often before the load is given up: a busy store deserves a second chance, a
// full disk does not become empty.
constexpr int kTries = 3;
// Lines to a store that does not block; enough to keep it busy over a network.
constexpr std::uint32_t kConnections = 64;

// What stands in front of the mark of data that an earlier run has added to or taken from.
constexpr std::string_view kChanged = "changed ";

// Data of this plan, though maybe not all of them, or not only them: may be loaded anew without
// asking.
bool IsOurs(std::string_view found, std::string_view mark) {
  if (found.starts_with(kUnfinishedDataset)) return true;
  if (found.starts_with(kChanged)) found.remove_prefix(kChanged.size());
  return found == mark;
}

// ---- loads that can be resumed ----

// The mark of a load by statement that is under way: all records before `at` were written.
std::string ProgressMark(std::uint64_t at, std::string_view mark) {
  return fmt::format("{} at {} of {}", kUnfinishedDataset, at, mark);
}

// Where a load of this data set was ended; 0: it has to begin anew.
std::uint64_t ResumeAt(std::string_view found, std::string_view mark) {
  const std::string head = fmt::format("{} at ", kUnfinishedDataset);
  if (!found.starts_with(head) || !found.ends_with(fmt::format(" of {}", mark))) return 0;
  found.remove_prefix(head.size());
  std::uint64_t at = 0;
  std::from_chars(found.data(), found.data() + found.size(), at);
  return found.starts_with(fmt::format("{} of ", at)) ? at : 0;
}

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

// ---- the load ----

// Shared by the threads of one load.
struct Shared {
  const RunPlan* plan;
  Driver* driver;
  const std::atomic<bool>* stop;
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
      : shared_(shared), loader_(*shared->plan), slots_(slots), done_(slots) {
    if (shared->batches) values_.emplace(*shared->plan);
  }

  void Run() {
    const SessionPlan plan{.connections = static_cast<std::uint32_t>(slots_.size()),
                           .timeout = Timeout(),
                           .phase = SessionPhase::kLoad,
                           .fields = shared_->plan->data.value.fields,
                           .seed = shared_->plan->engine.seed};
    Result<std::unique_ptr<Session>> session = shared_->driver->NewSession(plan);
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
    const Ticks timeout = shared_->plan->engine.timeout;
    return values_ ? std::max(timeout, kMinute) : timeout;
  }

  void Start(std::uint32_t slot) {
    if (*shared_->stop || shared_->failed) return;
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
    const std::uint32_t batch = shared_->plan->data.load_statement->batch;
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
Size SizeOf(const Shared& shared, const DriverFacts& facts) {
  const bool blocks = facts.blocking || (shared.batches && facts.load_batch != 0);
  const unsigned cores = std::max(1u, std::thread::hardware_concurrency());
  const std::uint32_t one_by_one = blocks ? 1 : kConnections;
  const bool gathers = facts.load_batch != 0 && !shared.batches;
  return {blocks ? std::clamp(cores, 2u, 8u) : 1, gathers ? facts.load_batch : one_by_one};
}

// Not to be resumed is no reason to fail.
void LeaveMark(const Shared& shared, std::string_view mark) {
  const std::uint64_t at = std::min(shared.batches->WrittenUpTo(), shared.count);
  if (MarkedStore* const store = shared.driver->Store())
    (void)store->SetDataset(ProgressMark(at, mark));
}

// Waits for the threads. A load by statement leaves a mark each second, to be resumed there.
void Watch(const Shared& shared, std::string_view mark, RunObserver* observer) {
  constexpr Ticks kMarkEvery = kSecond;
  const Ticks begin = Clock::Now();
  Ticks marked = begin;
  for (Ticks tick = begin; shared.running > 0; Clock::SleepUntil(Clock::Now() + kMillisecond)) {
    if (Clock::Now() < tick) continue;
    observer->OnLoad(shared.done, shared.count);
    tick += 250 * kMillisecond;
    if (!shared.batches || tick - marked < kMarkEvery) continue;
    LeaveMark(shared, mark);
    marked = tick;
  }
}

Result<LoadPhase> Load(const RunPlan& plan, const DriverFacts& facts, std::uint64_t first,
                       std::string_view mark, Driver* driver, RunObserver* observer,
                       const std::atomic<bool>* stop) {
  Shared shared{.plan = &plan, .driver = driver, .stop = stop};
  shared.count = RecordLoader(plan).Count();
  shared.done = first;
  if (plan.data.load_statement) shared.batches.emplace(first);
  const Size size = SizeOf(shared, facts);
  const Ticks begin = Clock::Now();

  std::vector<std::jthread> threads;
  shared.running = static_cast<int>(size.threads);
  for (unsigned i = 0; i < size.threads; ++i) {
    threads.emplace_back([&shared, slots = size.slots] {
      LoadThread(&shared, slots).Run();
      --shared.running;
    });
  }
  Watch(shared, mark, observer);
  threads.clear();
  const Ticks took = Clock::Now() - begin;
  if (shared.batches) LeaveMark(shared, mark);
  if (shared.failed) return Failed(shared.error);
  observer->OnLoad(shared.done, shared.count);
  const std::uint64_t there = shared.already_there;
  return LoadPhase{.records = shared.done - first - there,
                   .already_there = there,
                   .resumed_at = first,
                   .took = took};
}

Status CheckMayLoad(const RunPlan& plan, const StoredData& found, std::string_view mark) {
  if (found.empty) return {};
  if (found.dataset.empty()) {
    return BadConfig(
        "{} holds records that mbench did not put there; choose an empty place, or set "
        "data.load to never to use them as they are",
        plan.driver.use);
  }
  if (plan.data.load == LoadData::kAlways || IsOurs(found.dataset, mark)) return {};
  return BadConfig(
      "{} holds another data set ({}) than this workload's ({}); choose another place, or set "
      "data.load to always to replace it",
      plan.driver.use, found.dataset, mark);
}

// Statements alone: what was loaded earlier, if anything was, may be changed by them.
Status MarkAsTouched(MarkedStore* store) {
  const Result<StoredData> found = store->Look();
  if (!found) return Failed(found);
  const std::string& mark = found->dataset;
  const bool whole = !mark.empty() && !mark.starts_with(kUnfinishedDataset);
  if (!whole || mark.starts_with(kChanged)) return {};
  return store->SetDataset(std::string(kChanged) + mark);
}

// False: there are no records to load, or the mix has nothing but statements, which speak of the
// user's own data.
bool SpeaksOfRecords(const RunPlan& plan, const MarkedStore* store) {
  if (plan.data.load_statement) return true;
  if (store == nullptr) return false;
  return HasVerbs(plan.mix) || plan.mix.statements.empty() || plan.data.load == LoadData::kAlways;
}

// Clears what is in the way. Which record to begin with: not the first one, when an earlier load of
// the same data was ended.
Result<std::uint64_t> MakeRoom(const RunPlan& plan, const StoredData& found, std::string_view mark,
                               MarkedStore* store) {
  if (Status may = CheckMayLoad(plan, found, mark); !may) return Failed(may);
  if (found.empty) return 0;
  const bool resumes = plan.data.load_statement && plan.data.load == LoadData::kAuto;
  const std::uint64_t at = resumes ? ResumeAt(found.dataset, mark) : 0;
  if (at > 0) return at;
  if (Status cleared = store->Clear(); !cleared) return Failed(cleared);
  return 0;
}

}  // namespace

Result<LoadPhase> PrepareData(const RunPlan& plan, const DriverFacts& facts, Driver* driver,
                              RunObserver* observer, const std::atomic<bool>* stop) {
  MarkedStore* const store = driver->Store();
  const bool speaks = SpeaksOfRecords(plan, store);
  if (plan.data.load == LoadData::kSkip) return LoadPhase{.reused = speaks};
  const std::string mark = DatasetMark(plan.data, plan.engine.seed);
  LoadPhase phase;
  const auto set_up = [&](SessionPhase when) {
    return RunSetUp(when, plan, driver, stop, &phase.set_up);
  };
  std::uint64_t first = 0;
  if (speaks && store != nullptr) {
    const Result<StoredData> found = store->Look();
    if (!found) return Failed(found);
    if (plan.data.load == LoadData::kAuto && found->dataset == mark)
      return LoadPhase{.reused = true};
    const Result<std::uint64_t> begin = MakeRoom(plan, *found, mark, store);
    if (!begin) return Failed(begin);
    first = *begin;
  }
  if (first == 0) {
    if (Status done = set_up(SessionPhase::kBeforeLoad); !done) return Failed(done);
  }
  if (speaks) {
    Result<LoadPhase> loaded = Load(plan, facts, first, mark, driver, observer, stop);
    if (!loaded) return loaded;
    loaded->set_up = std::move(phase.set_up);
    phase = *std::move(loaded);
  }
  if (*stop) return phase;
  if (Status done = set_up(SessionPhase::kAfterLoad); !done) return Failed(done);
  if (*stop || !speaks || store == nullptr) return phase;
  if (Status set = store->SetDataset(mark); !set) return Failed(set);
  return phase;
}

Status MarkAsChanging(const RunPlan& plan, MarkedStore* store) {
  if (store == nullptr || plan.data.load == LoadData::kSkip) return {};
  if (!SpeaksOfRecords(plan, store)) return MarkAsTouched(store);
  const auto weight = [&plan](Verb verb) {
    return plan.mix.weights[static_cast<std::size_t>(verb)];
  };
  const bool changes =
      weight(Verb::kInsert) > 0 || weight(Verb::kDelete) > 0 || !plan.mix.statements.empty();
  if (!changes) return {};
  return store->SetDataset(std::string(kChanged) + DatasetMark(plan.data, plan.engine.seed));
}

}  // namespace mbench
