// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/loader.h"

#include <algorithm>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

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
  if (found == kUnfinishedDataset) return true;
  if (found.starts_with(kChanged)) found.remove_prefix(kChanged.size());
  return found == mark;
}

// Shared by the threads of one load.
struct Shared {
  const RunPlan* plan;
  Driver* driver;
  const std::atomic<bool>* stop;
  std::uint64_t count = 0;
  std::atomic<std::uint64_t> next{0};
  std::atomic<std::uint64_t> done{0};
  std::atomic<int> running{0};
  std::atomic<bool> failed{false};
  std::mutex mutex;
  Status error;

  void Fail(Status why) {
    const std::lock_guard lock(mutex);
    if (!failed.exchange(true)) error = std::move(why);
  }
};

// One thread of the load: keeps `slots` inserts in flight until no record is left.
class LoadThread {
 public:
  LoadThread(Shared* shared, std::uint32_t slots)
      : shared_(shared), loader_(*shared->plan), slots_(slots), done_(slots) {}

  void Run() {
    const SessionPlan plan{.connections = static_cast<std::uint32_t>(slots_.size()),
                           .timeout = shared_->plan->engine.timeout,
                           .loading = true,
                           .fields = shared_->plan->data.value.fields,
                           .seed = shared_->plan->engine.seed};
    Result<std::unique_ptr<Session>> session = shared_->driver->NewSession(plan);
    if (!session) return shared_->Fail(Failed(session));
    session_ = std::move(*session);
    for (std::uint32_t slot = 0; slot < slots_.size(); ++slot) Start(slot);
    while (!waiting_.empty() || in_flight_ > 0) Turn();
  }

 private:
  struct Slot {
    Request request;
    std::uint64_t record = 0;
    int tries = 0;
  };

  void Start(std::uint32_t slot) {
    if (*shared_->stop || shared_->failed) return;
    const std::uint64_t record = shared_->next.fetch_add(1, std::memory_order_relaxed);
    if (record >= shared_->count) return;
    slots_[slot].record = record;
    slots_[slot].tries = 0;
    loader_.Make(record, &slots_[slot].request);
    slots_[slot].request.op.slot = slot;
    waiting_.push_back(slots_[slot].request.op);
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
      shared_->done.fetch_add(1, std::memory_order_relaxed);
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
  std::unique_ptr<Session> session_;
  std::vector<Slot> slots_;
  std::vector<Op> waiting_;
  Completions done_;
  std::size_t in_flight_ = 0;
};

Result<LoadPhase> Load(const RunPlan& plan, const DriverFacts& facts, Driver* driver,
                       RunObserver* observer, const std::atomic<bool>* stop) {
  Shared shared{.plan = &plan, .driver = driver, .stop = stop};
  shared.count = RecordLoader(plan).Count();
  const unsigned cores = std::max(1u, std::thread::hardware_concurrency());
  const unsigned count = facts.blocking ? std::clamp(cores, 2u, 8u) : 1;
  const std::uint32_t one_by_one = facts.blocking ? 1 : kConnections;
  const std::uint32_t slots = facts.load_batch != 0 ? facts.load_batch : one_by_one;
  const Ticks begin = Clock::Now();

  std::vector<std::jthread> threads;
  shared.running = static_cast<int>(count);
  for (unsigned i = 0; i < count; ++i) {
    threads.emplace_back([&shared, slots] {
      LoadThread(&shared, slots).Run();
      --shared.running;
    });
  }
  for (Ticks tick = begin; shared.running > 0; Clock::SleepUntil(Clock::Now() + kMillisecond)) {
    if (Clock::Now() < tick) continue;
    observer->OnLoad(shared.done, shared.count);
    tick += 250 * kMillisecond;
  }
  threads.clear();
  if (shared.failed) return Failed(shared.error);
  observer->OnLoad(shared.done, shared.count);
  return LoadPhase{.records = shared.done, .failed = 0, .took = Clock::Now() - begin};
}

Status CheckMayLoad(const RunPlan& plan, const DriverFacts& facts, std::string_view mark) {
  if (facts.empty) return {};
  if (facts.dataset.empty()) {
    return BadConfig(
        "{} holds records that mbench did not put there; choose an empty place, or set "
        "data.load to never to use them as they are",
        plan.driver.use);
  }
  if (plan.data.load == LoadData::kAlways || IsOurs(facts.dataset, mark)) return {};
  return BadConfig(
      "{} holds another data set ({}) than this workload's ({}); choose another place, or set "
      "data.load to always to replace it",
      plan.driver.use, facts.dataset, mark);
}

// Statements alone: what was loaded earlier, if anything was, may be changed by them.
Status MarkAsTouched(const DriverFacts& facts, Driver* driver) {
  const bool whole = !facts.dataset.empty() && facts.dataset != kUnfinishedDataset;
  if (!whole || facts.dataset.starts_with(kChanged)) return {};
  return driver->SetDataset(std::string(kChanged) + facts.dataset);
}

// False: there are no records to load, or the mix has nothing but statements, which speak of the
// user's own data.
bool SpeaksOfRecords(const RunPlan& plan, const DriverFacts& facts) {
  if (!facts.keeps_data || !facts.verbs) return false;
  return HasVerbs(plan.mix) || plan.mix.statements.empty() || plan.data.load == LoadData::kAlways;
}

}  // namespace

Result<LoadPhase> PrepareData(const RunPlan& plan, const DriverFacts& facts, Driver* driver,
                              RunObserver* observer, const std::atomic<bool>* stop) {
  if (!SpeaksOfRecords(plan, facts)) return LoadPhase{};
  if (plan.data.load == LoadData::kSkip) return LoadPhase{.reused = true};
  const std::string mark = DatasetMark(plan.data, plan.engine.seed);
  if (plan.data.load == LoadData::kAuto && facts.dataset == mark) return LoadPhase{.reused = true};
  if (Status may = CheckMayLoad(plan, facts, mark); !may) return Failed(may);

  if (!facts.empty) {
    if (Status cleared = driver->Clear(); !cleared) return Failed(cleared);
  }
  Result<LoadPhase> phase = Load(plan, facts, driver, observer, stop);
  if (!phase || *stop) return phase;
  if (Status set = driver->SetDataset(mark); !set) return Failed(set);
  return phase;
}

Status MarkAsChanging(const RunPlan& plan, const DriverFacts& facts, Driver* driver) {
  if (!facts.keeps_data || !facts.verbs || plan.data.load == LoadData::kSkip) return {};
  if (!SpeaksOfRecords(plan, facts)) return MarkAsTouched(facts, driver);
  const auto weight = [&plan](Verb verb) {
    return plan.mix.weights[static_cast<std::size_t>(verb)];
  };
  const bool changes =
      weight(Verb::kInsert) > 0 || weight(Verb::kDelete) > 0 || !plan.mix.statements.empty();
  if (!changes) return {};
  return driver->SetDataset(std::string(kChanged) + DatasetMark(plan.data, plan.engine.seed));
}

}  // namespace mbench
