// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/final_look.h"

#include <algorithm>
#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include "workloads/workload.h"

namespace mbench {
namespace {

// Lines to a store that does not block: at most as many as the run had, so that it has room for
// them.
constexpr std::uint32_t kMostConnections = 16;
// A system that was stopped in the run may be on its way back: it is asked so long after its last
// answer.
constexpr Ticks kLookPatience = kMinute;
constexpr Ticks kPause = 50 * kMillisecond;  // after a failure

// Reads records, many at a time, each until it is answered.
class RecordReader {
 public:
  explicit RecordReader(const LookTask& task)
      : task_(task),
        reader_(task.plan),
        slots_(task.facts.blocking ? 1 : std::min(task.connections, kMostConnections)),
        done_(slots_.size()) {}

  // Calls tell(record, version) for each, in any order.
  template <class Tell>
  Status Read(std::vector<std::uint64_t> records, Tell tell) {
    wanted_.assign(records.begin(), records.end());
    last_answer_ = Clock::Now();
    while (!wanted_.empty() || in_flight_ > 0) {
      if (*task_.stop) return Unreachable("interrupted");
      if (session_ == nullptr) {
        if (Status connected = Connect(); !connected) return connected;
        continue;
      }
      FillSlots();
      if (Status turned = Turn(tell); !turned) return turned;
    }
    return {};
  }

 private:
  struct Slot {
    Request request;
    bool taken = false;
  };

  Status Connect() {
    Result<std::unique_ptr<Session>> made =
        task_.driver->NewSession({.connections = static_cast<std::uint32_t>(slots_.size()),
                                  .timeout = task_.plan.engine.timeout,
                                  .want_values = true,
                                  .fail_fast = true,
                                  .fields = task_.plan.data.value.fields,
                                  .seed = task_.plan.engine.seed});
    if (made) {
      session_ = *std::move(made);
      return {};
    }
    return Pause(made.error().message);
  }

  void FillSlots() {
    for (std::uint32_t i = 0; i < slots_.size() && !wanted_.empty(); ++i) {
      Slot& slot = slots_[i];
      if (slot.taken) continue;
      slot.taken = true;
      reader_.Make(wanted_.front(), &slot.request);
      wanted_.pop_front();
      slot.request.op.slot = i;
      waiting_.push_back(slot.request.op);
      ++in_flight_;
    }
  }

  template <class Tell>
  Status Turn(Tell& tell) {
    done_.Clear();
    const std::size_t taken = session_->Submit(waiting_, done_);
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(taken));
    if (done_.Empty()) session_->Poll(Clock::Now() + 100 * kMillisecond, done_);
    std::string failure;
    for (const Completion& completion : done_.View()) {
      Slot& slot = slots_[completion.slot];
      slot.taken = false;
      --in_flight_;
      const std::uint64_t record = slot.request.record;
      if (!IsAnswer(completion.outcome)) {
        failure = completion.error != 0 ? session_->DescribeError(completion.error)
                                        : std::string(Name(completion.outcome));
        wanted_.push_back(record);
        continue;
      }
      last_answer_ = Clock::Now();
      tell(record, completion.outcome == Outcome::kNotFound
                       ? kAbsentVersion
                       : reader_.VersionIn(slot.request, completion.value).value_or(kNoVersion));
    }
    return failure.empty() ? Status() : Pause(failure);
  }

  Status Pause(const std::string& failure) {
    if (Clock::Now() - last_answer_ > kLookPatience)
      return Unreachable("the records that were written cannot be read: {}", failure);
    Clock::SleepUntil(Clock::Now() + kPause, task_.stop);
    return {};
  }

  const LookTask& task_;
  RecordLookup reader_;
  std::unique_ptr<Session> session_;
  std::deque<std::uint64_t> wanted_;
  std::vector<Slot> slots_;
  std::vector<Op> waiting_;
  Completions done_;
  std::size_t in_flight_ = 0;
  Ticks last_answer_ = 0;
};

bool IsWrite(const LedgerEntry& entry) {
  return entry.Kind() != LedgerKind::kRead && entry.Kind() != LedgerKind::kFinal;
}

std::vector<std::uint64_t> WrittenKeys(std::span<const LedgerEntry> entries) {
  std::vector<std::uint64_t> keys;
  for (const LedgerEntry& entry : entries)
    if (IsWrite(entry) && (keys.empty() || keys.back() != entry.key)) keys.push_back(entry.key);
  return keys;
}

// Adds what they show to the entries, which stay in order.
Status AddFinals(RecordReader* reader, std::vector<LedgerEntry>* entries) {
  std::vector<LedgerEntry> finals;
  Status read =
      reader->Read(WrittenKeys(*entries), [&finals](std::uint64_t record, std::uint64_t version) {
        LedgerEntry& entry = finals.emplace_back();
        entry.key = record;
        entry.version = version;
        entry.SetKind(LedgerKind::kFinal);
      });
  if (!read) return read;
  const auto by_key = [](const LedgerEntry& a, const LedgerEntry& b) { return a.key < b.key; };
  std::ranges::sort(finals, by_key);
  const auto middle = static_cast<std::ptrdiff_t>(entries->size());
  entries->insert(entries->end(), finals.begin(), finals.end());
  std::inplace_merge(entries->begin(), entries->begin() + middle, entries->end(), by_key);
  return {};
}

}  // namespace

Result<LedgerFindings> JudgeLedger(const LookTask& task, Ledger* ledger) {
  LedgerFindings findings;
  RecordReader reader(task);
  const Status visited = ledger->ForEachPart([&](std::vector<LedgerEntry>& entries) -> Status {
    if (task.look) {
      if (Status added = AddFinals(&reader, &entries); !added) return added;
    }
    ForEachKey(entries, [&](std::span<const LedgerEntry> of_key) {
      JudgeKey(of_key, task.zero, &findings);
    });
    return {};
  });
  if (!visited) return Failed(visited);
  return findings;
}

}  // namespace mbench
