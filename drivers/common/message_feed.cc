// SPDX-License-Identifier: Apache-2.0
#include "drivers/common/message_feed.h"

#include <fmt/format.h>

#include <algorithm>

namespace mbench {

void MessageFeed::CountReceived(std::size_t bytes) {
  received_.fetch_add(1, std::memory_order_relaxed);
  bytes_.fetch_add(bytes, std::memory_order_relaxed);
}

void MessageFeed::See(const std::optional<MessageStamp>& stamp, std::string_view key,
                      std::size_t bytes, Ticks now) {
  CountReceived(bytes);
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

void MessageFeed::KeepFault(std::string fault) {
  const std::lock_guard lock(mutex_);
  fault_ = std::move(fault);
}

std::string MessageFeed::Fault() const {
  const std::lock_guard lock(mutex_);
  return fault_;
}

// What was acknowledged is there, also while a broker says nothing of it.
void MessageFeed::AddFigures(const std::string& prefix, std::int64_t behind, SystemFigures* figures,
                             SystemFigures* counted) const {
  const EventLedger::Counts counts = ledger_.Look();
  const std::int64_t lag = std::max(behind, static_cast<std::int64_t>(counts.awaited));
  (*figures)[prefix + "_lag_messages"] += static_cast<double>(lag);
  double& lag_s = (*figures)[prefix + "_lag_s"];
  if (counts.oldest != 0)
    lag_s = std::max(lag_s, ToSeconds(std::max<Ticks>(0, Clock::Now() - counts.oldest)));
  (*counted)[prefix + "_messages_per_s"] += static_cast<double>(Received());
  (*counted)[prefix + "_bytes_per_s"] += static_cast<double>(Bytes());
}

void MessageFeed::AddFindings(const std::string& more, SystemRemarks* remarks) const {
  const EventLedger::Counts counts = ledger_.Look();
  const std::lock_guard lock(mutex_);
  remarks->facts[name_] = fmt::format(
      "{} messages acknowledged, {} seen, {} lost, {} doubled, {} out of order within their key, {} "
      "seen that were not acknowledged, {} foreign{}",
      counts.acknowledged, counts.seen, counts.lost, counts.doubled, out_of_order_,
      counts.unacknowledged, foreign_.load(), more);
  const std::string why = fault_.empty() ? "" : fmt::format("; its members said: {}", fault_);
  if (counts.lost > 0)
    remarks->warnings.push_back(
        fmt::format("{} of {} acknowledged messages did not come to {} by the end of the run{}",
                    counts.lost, counts.acknowledged, name_, why));
  if (counts.untracked > 0)
    remarks->invalid.push_back(
        fmt::format("{} messages to {} were so far behind that they were not waited for",
                    counts.untracked, name_));
  if (counts.doubled > 0)
    remarks->warnings.push_back(
        fmt::format("{} messages came to {} more than once", counts.doubled, name_));
  if (out_of_order_ > 0)
    remarks->warnings.push_back(
        fmt::format("{} messages came to {} behind a later one of the same key and producer",
                    out_of_order_, name_));
  if (counts.not_awaited > 0)
    remarks->warnings.push_back(fmt::format(
        "{} messages had not come to {} when the run was interrupted", counts.not_awaited, name_));
}

void MessageWatcher::Tell(std::vector<Sighting>* seen) {
  using Fate = EventLedger::Fate;
  feed_->ledger().TakeSightings(&untold_);
  for (const EventLedger::Sighting& message : untold_) {
    Sighting sighting{
        .statement = message.statement, .label = 1, .ended = message.from, .seen = message.seen};
    if (message.fate != Fate::kSeen) {
      sighting.outcome = Outcome::kFailed;
      sighting.error =
          errors_.Code(message.fate == Fate::kLost ? "message lost" : "message doubled");
    }
    seen->push_back(sighting);
  }
  untold_.clear();
}

}  // namespace mbench
