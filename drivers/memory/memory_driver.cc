// SPDX-License-Identifier: Apache-2.0
//
// An ordered map in our own memory, shared by all sessions: the smallest real store. It is gone
// when the run ends.
//
// One lock guards it all: readers share it, writers are alone. Tests need it right more than they
// need it fast; who wants to know how cheap mbench itself is uses noop.
#include <map>
#include <mutex>
#include <shared_mutex>

#include "drivers/common/blocking_session.h"
#include "drivers/marked_store.h"
#include "drivers/record.h"

namespace mbench {
namespace {

struct Records {
  std::shared_mutex mutex;
  std::map<std::string, std::string, std::less<>> map;
};

std::uint32_t Size(std::string_view bytes) { return static_cast<std::uint32_t>(bytes.size()); }
std::uint32_t Size(const Op& op) { return Size(op.key) + Size(op.value); }

class MemorySession : public BlockingSession {
 public:
  MemorySession(const SessionPlan& plan, std::shared_ptr<Records> records)
      : BlockingSession(plan), records_(std::move(records)) {}

  std::string DescribeError(std::uint16_t error) const override {
    return error == kNoStatements ? "no statements" : std::to_string(error);
  }

 private:
  static constexpr std::uint16_t kNoStatements = 1;

  Completion Execute(const Op& op) override {
    Completion completion = Do(op);
    completion.bytes_sent = Size(op);
    return completion;
  }

  Completion Do(const Op& op) {
    switch (op.kind) {
      case OpKind::kRead:
        return Read(op);
      case OpKind::kUpdate:
        return Update(op);
      case OpKind::kInsert:
        return Insert(op);
      case OpKind::kScan:
        return Scan(op);
      case OpKind::kDelete:
        return Delete(op);
      case OpKind::kStatement:
        break;
    }
    return {.error = kNoStatements, .outcome = Outcome::kFailed};
  }

  Completion Read(const Op& op) {
    const std::shared_lock lock(records_->mutex);
    const auto found = records_->map.find(op.key);
    if (found == records_->map.end()) return {.outcome = Outcome::kNotFound};
    std::string_view value = found->second;
    if (op.field != kAllFields) value = RecordView(value, Plan().fields).Field(op.field);
    if (!Plan().want_values) return {.bytes_received = Size(value)};
    value_ = value;  // a copy: another session may write to the record as soon as the lock is gone
    return {.bytes_received = Size(value), .value = value_};
  }

  Completion Update(const Op& op) {
    const std::unique_lock lock(records_->mutex);
    const auto found = records_->map.find(op.key);
    if (found == records_->map.end()) return {.outcome = Outcome::kNotFound};
    if (op.field == kAllFields) {
      found->second = op.value;
    } else {
      ReplaceField({found->second, Plan().fields}, op.field, op.value, &scratch_);
      found->second = scratch_;
    }
    return {};
  }

  Completion Insert(const Op& op) {
    const std::unique_lock lock(records_->mutex);
    const auto place = records_->map.lower_bound(op.key);
    if (place != records_->map.end() && place->first == op.key) {
      place->second = op.value;
    } else {
      records_->map.emplace_hint(place, op.key, op.value);
    }
    return {};
  }

  Completion Scan(const Op& op) {
    const std::shared_lock lock(records_->mutex);
    Completion completion{.items = 0};
    auto record = records_->map.lower_bound(op.key);
    for (; completion.items < op.scan_limit && record != records_->map.end();
         ++completion.items, ++record) {
      completion.bytes_received += Size(record->first) + Size(record->second);
    }
    return completion;
  }

  Completion Delete(const Op& op) {
    const std::unique_lock lock(records_->mutex);
    const auto found = records_->map.find(op.key);
    if (found == records_->map.end()) return {.outcome = Outcome::kNotFound};
    records_->map.erase(found);
    return {};
  }

  const std::shared_ptr<Records> records_;
  std::string value_;
  std::string scratch_;
};

class MemoryDriver : public Driver, public MarkedStore {
 public:
  Result<DriverFacts> Open() override {
    return DriverFacts{.system = "std::map", .blocking = true};
  }

  Result<std::unique_ptr<Session>> NewSession(const SessionPlan& plan) override {
    return std::make_unique<MemorySession>(plan, records_);
  }

  MarkedStore* Store() override { return this; }

  Result<StoredData> Look() override {
    return StoredData{.dataset = dataset_, .empty = records_->map.empty()};
  }

  Status Clear() override {
    records_->map.clear();
    dataset_ = kUnfinishedDataset;
    return {};
  }

  Status SetDataset(std::string_view mark) override {
    dataset_ = mark;
    return {};
  }

 private:
  const std::shared_ptr<Records> records_ = std::make_shared<Records>();
  std::string dataset_{kUnfinishedDataset};
};

}  // namespace

extern const DriverInfo kMemoryDriver;
constinit const DriverInfo kMemoryDriver = {
    .name = "memory",
    .about = "an ordered map in the memory of mbench, gone when the run ends",
    .options = {},
    .make = [](const OptionValues&) -> std::unique_ptr<Driver> {
      return std::make_unique<MemoryDriver>();
    },
};

}  // namespace mbench
