// SPDX-License-Identifier: Apache-2.0
#include "drivers/kafka/kafka_feed.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

namespace mbench::kafka {
namespace {

void PackNumber(std::uint64_t number, int bytes, std::string* to) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
    to->push_back(static_cast<char>(number >> shift & 0xff));
}

std::uint64_t UnpackNumber(std::string_view bytes) {
  std::uint64_t number = 0;
  for (const char byte : bytes) number = number << 8 | static_cast<unsigned char>(byte);
  return number;
}

}  // namespace

std::string PackStamp(const Stamp& stamp) {
  std::string bytes;
  bytes.reserve(kStampSize);
  PackNumber(stamp.run, 8, &bytes);
  PackNumber(stamp.number, 8, &bytes);
  PackNumber(static_cast<std::uint64_t>(stamp.planned_ns), 8, &bytes);
  PackNumber(stamp.producer, 4, &bytes);
  return bytes;
}

std::optional<Stamp> UnpackStamp(std::string_view bytes) {
  if (bytes.size() != kStampSize) return std::nullopt;
  return Stamp{.run = UnpackNumber(bytes.substr(0, 8)),
               .number = UnpackNumber(bytes.substr(8, 8)),
               .planned_ns = static_cast<std::int64_t>(UnpackNumber(bytes.substr(16, 8))),
               .producer = static_cast<std::uint32_t>(UnpackNumber(bytes.substr(24, 4)))};
}

bool KeyOrder::Take(std::uint32_t producer, std::string_view key, std::uint64_t number) {
  const std::uint64_t hash = std::hash<std::string_view>()(key) ^
                             (std::uint64_t{producer} + 1) * std::uint64_t{0x9e3779b97f4a7c15};
  Last& last = last_[hash & (last_.size() - 1)];
  if (last.key == hash && number < last.number) return false;
  last = {hash, number};
  return true;
}

Feed::Feed(std::string topic, Consume consume, std::uint64_t run)
    : topic_(std::move(topic)),
      consume_(std::move(consume)),
      run_(run),
      ledger_(NewRun()),
      lags_(static_cast<std::size_t>(consume_.members)) {}

std::int64_t Feed::Begin(std::int32_t partition) const {
  const auto found = begin_.find(partition);
  return found == begin_.end() ? 0 : found->second;  // one that was made meanwhile: all of it
}

void Feed::See(const std::optional<Stamp>& stamp, std::string_view key, std::size_t bytes,
               Ticks now) {
  received_.fetch_add(1, std::memory_order_relaxed);
  bytes_.fetch_add(bytes, std::memory_order_relaxed);
  if (!stamp || stamp->run != run_) {
    foreign_.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  // One that comes again is not out of order, but doubled.
  const bool first = ledger_.See(stamp->number, now);
  if (!first || key.empty()) return;
  const std::lock_guard lock(mutex_);
  if (!order_.Take(stamp->producer, key, stamp->number)) ++out_of_order_;
}

void Feed::NoteCommit(std::int32_t partition) {
  const std::lock_guard lock(mutex_);
  committed_.insert(partition);
}

bool Feed::HasCommitted(std::int32_t partition) const {
  const std::lock_guard lock(mutex_);
  return committed_.contains(partition);
}

void Feed::KeepFault(std::string fault) {
  const std::lock_guard lock(mutex_);
  fault_ = std::move(fault);
}

void Feed::SetLag(int member, std::int64_t messages) {
  lags_[static_cast<std::size_t>(member)].store(messages, std::memory_order_relaxed);
}

std::int64_t Feed::Lag() const {
  std::int64_t sum = 0;
  for (const auto& lag : lags_) sum += lag.load(std::memory_order_relaxed);
  return sum;
}

void Feed::AddFigures(SystemFigures* figures, SystemFigures* counted) const {
  const EventLedger::Counts counts = ledger_.Look();
  const std::string name = "group_" + consume_.group;
  const Ticks now = Clock::Now();
  (*figures)[name + "_lag_messages"] += static_cast<double>(Lag());
  double& lag_s = (*figures)[name + "_lag_s"];
  if (counts.oldest != 0)
    lag_s = std::max(lag_s, ToSeconds(std::max<Ticks>(0, now - counts.oldest)));
  (*counted)[name + "_messages_per_s"] += static_cast<double>(received_.load());
  (*counted)[name + "_bytes_per_s"] += static_cast<double>(bytes_.load());
}

void Feed::AddFindings(SystemRemarks* remarks) const {
  const EventLedger::Counts counts = ledger_.Look();
  const std::lock_guard lock(mutex_);
  const std::string name = fmt::format("group {} of {}", consume_.group, topic_);
  remarks->facts[name] = fmt::format(
      "{} messages acknowledged, {} seen, {} lost, {} doubled, {} out of order within their key, {} "
      "seen that were not acknowledged, {} foreign; partitions were handed out {}",
      counts.acknowledged, counts.seen, counts.lost, counts.doubled, out_of_order_,
      counts.unacknowledged, foreign_.load(),
      rebalances_ == 1 ? "once" : fmt::format("{} times", rebalances_.load()));
  const std::string why = fault_.empty() ? "" : fmt::format("; its members said: {}", fault_);
  if (counts.lost > 0)
    remarks->invalid.push_back(
        fmt::format("{} of {} acknowledged messages did not come to {} by the end of the run{}",
                    counts.lost, counts.acknowledged, name, why));
  if (counts.untracked > 0)
    remarks->invalid.push_back(
        fmt::format("{} messages to {} were so far behind that they were not waited for",
                    counts.untracked, name));
  if (counts.doubled > 0)
    remarks->warnings.push_back(
        fmt::format("{} messages came to {} more than once", counts.doubled, name));
  if (out_of_order_ > 0)
    remarks->warnings.push_back(
        fmt::format("{} messages came to {} behind a later one of the same key and producer",
                    out_of_order_, name));
  if (counts.not_awaited > 0)
    remarks->warnings.push_back(fmt::format(
        "{} messages had not come to {} when the run was interrupted", counts.not_awaited, name));
}

}  // namespace mbench::kafka
