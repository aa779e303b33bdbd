// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/final_look.h"

#include <algorithm>
#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include "harness/base/text.h"
#include "workloads/workload.h"

namespace mbench {
namespace {

// Lines to a store that does not block: at most as many as the run had, so that it has room for
// them.
constexpr std::uint32_t kMostConnections = 16;
constexpr Ticks kPause = 50 * kMillisecond;  // after a failure

// How a key is asked for, and what the answer shows.
class KeyReader {
 public:
  virtual ~KeyReader() = default;
  virtual SessionPlan Plan() const = 0;
  // False: nobody knows how to ask for it.
  virtual bool Make(std::uint64_t key, Request* request) const = 0;
  // Fails when no version stands where it should. `value`: of an answer that there is something.
  virtual Result<std::uint64_t> VersionIn(const Request& request, std::string_view value) const = 0;
};

class RecordKeys final : public KeyReader {
 public:
  explicit RecordKeys(const RunPlan& plan) : plan_(plan), records_(plan) {}
  SessionPlan Plan() const override {
    return {.fields = plan_.data.value.fields, .seed = plan_.engine.seed};
  }
  bool Make(std::uint64_t key, Request* request) const override {
    records_.Make(key, request);
    return true;
  }
  Result<std::uint64_t> VersionIn(const Request& request, std::string_view value) const override {
    return records_.VersionIn(request, value).value_or(kNoVersion);
  }

 private:
  const RunPlan& plan_;
  const RecordLookup records_;
};

// By the statement of verify.writes, whose one argument is the key.
class StatementKeys final : public KeyReader {
 public:
  explicit StatementKeys(const KeyTexts& texts) : texts_(texts) {}
  SessionPlan Plan() const override { return {.phase = SessionPhase::kLook, .records = false}; }
  bool Make(std::uint64_t key, Request* request) const override {
    std::optional<std::string> text = texts_.Find(key);
    if (!text) return false;
    request->record = key;
    request->is_statement = true;
    request->key_storage = *std::move(text);
    request->arguments = {request->key_storage};
    request->op = Op{.kind = OpKind::kStatement, .arguments = request->arguments};
    return true;
  }
  Result<std::uint64_t> VersionIn(const Request& request, std::string_view value) const override {
    if (value.data() != nullptr) return VersionNumber(value);
    return BadConfig(
        "the answer for the key {} has no version where verify.writes says that it stands",
        Quote(request.key_storage));
  }

 private:
  const KeyTexts& texts_;
};

std::unique_ptr<KeyReader> NewKeyReader(const LookTask& task) {
  if (task.keys != nullptr) return std::make_unique<StatementKeys>(*task.keys);
  return std::make_unique<RecordKeys>(task.plan);
}

// Reads keys, many at a time, each until it is answered.
class RecordReader {
 public:
  explicit RecordReader(const LookTask& task)
      : task_(task),
        reader_(NewKeyReader(task)),
        slots_(task.facts.blocking ? 1 : std::min(task.connections, kMostConnections)),
        done_(slots_.size()) {}

  // Calls tell(key, version) for each that can be asked for, in any order.
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
      if (in_flight_ == 0) continue;
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
    SessionPlan plan = reader_->Plan();
    plan.connections = static_cast<std::uint32_t>(slots_.size());
    plan.timeout = task_.plan.engine.timeout;
    plan.want_values = plan.fail_fast = true;
    Result<std::unique_ptr<Session>> made = task_.driver->NewSession(plan);
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
      const bool known = reader_->Make(wanted_.front(), &slot.request);
      wanted_.pop_front();
      if (!known) continue;
      slot.taken = true;
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
      if (completion.outcome == Outcome::kNotFound) {
        tell(record, kAbsentVersion);
        continue;
      }
      const Result<std::uint64_t> shown = reader_->VersionIn(slot.request, completion.value);
      if (!shown) return Failed(shown);
      tell(record, *shown);
    }
    return failure.empty() ? Status() : Pause(failure);
  }

  Status Pause(const std::string& failure) {
    if (Clock::Now() - last_answer_ > task_.plan.verify.look_limit)
      return Unreachable("what was written cannot be read: {}", failure);
    Clock::SleepUntil(Clock::Now() + kPause, task_.stop);
    return {};
  }

  const LookTask& task_;
  const std::unique_ptr<KeyReader> reader_;
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

Result<LookedAt> JudgeLedger(const LookTask& task, Ledger* ledger) {
  LookedAt looked;
  LedgerFindings& findings = looked.findings;
  for (const Ticks from : task.windows) findings.windows.push_back({.from = from});
  RecordReader reader(task);
  const Status visited = ledger->ForEachPart([&](std::vector<LedgerEntry>& entries) -> Status {
    if (task.look && looked.look) looked.look = AddFinals(&reader, &entries);
    ForEachKey(entries, [&](std::span<const LedgerEntry> of_key) {
      JudgeKey(of_key, task.zero, &findings);
    });
    return {};
  });
  if (!visited) return Failed(visited);
  return looked;
}

}  // namespace mbench
