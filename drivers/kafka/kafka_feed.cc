// SPDX-License-Identifier: Apache-2.0
#include "drivers/kafka/kafka_feed.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/units.h"

namespace mbench::kafka {
namespace {

constexpr std::int64_t kAheadMs = 1000;  // of a clock, before anybody is told

std::int64_t UnixMs() { return UnixNs() / 1'000'000; }

}  // namespace

Feed::Feed(std::string topic, Consume consume, std::uint64_t run)
    : MessageFeed(fmt::format("group {} of {}", consume.group, topic), run,
                  consume.alone ? 1 : kTracked),
      topic_(std::move(topic)),
      consume_(std::move(consume)),
      lags_(static_cast<std::size_t>(consume_.members)) {}

void Feed::SetRanges(std::map<std::int32_t, Range> ranges) {
  const std::lock_guard lock(mutex_);
  ranges_ = std::move(ranges);
  for (const auto& [partition, range] : ranges_)
    if (range.begin < range.end) unread_.insert(partition);
}

// One that was made meanwhile: all of it.
Feed::Range Feed::RangeOf(std::int32_t partition) const {
  const auto found = ranges_.find(partition);
  return found == ranges_.end() ? Range() : found->second;
}

std::int64_t Feed::Backlog() const {
  std::int64_t sum = 0;
  for (const auto& [partition, range] : ranges_)
    sum += std::max<std::int64_t>(0, range.end - range.begin);
  return sum;
}

void Feed::Count(std::size_t bytes, std::int64_t sent_ms) {
  CountReceived(bytes);
  if (sent_ms >= 0) last_sent_ms_.store(sent_ms, std::memory_order_relaxed);
}

void Feed::NoteFirst(Ticks now) {
  const std::lock_guard lock(mutex_);
  if (first_at_ == 0) first_at_ = now;
}

void Feed::NotePlace(std::int32_t partition, std::int64_t next, Ticks now) {
  if (IsRead() || next < RangeOf(partition).end) return;
  const std::lock_guard lock(mutex_);
  if (unread_.erase(partition) == 0 || !unread_.empty()) return;
  last_at_ = now;
  is_read_.store(true, std::memory_order_release);
}

void Feed::NoteCommit(std::int32_t partition) {
  const std::lock_guard lock(mutex_);
  committed_.insert(partition);
}

bool Feed::HasCommitted(std::int32_t partition) const {
  const std::lock_guard lock(mutex_);
  return committed_.contains(partition);
}

void Feed::SetLag(int member, std::int64_t messages) {
  lags_[static_cast<std::size_t>(member)].store(messages, std::memory_order_relaxed);
}

std::int64_t Feed::Lag() const {
  std::int64_t sum = 0;
  for (const auto& lag : lags_) sum += lag.load(std::memory_order_relaxed);
  return sum;
}

void Feed::CheckClock() {
  const std::int64_t ahead_ms = last_sent_ms_.load(std::memory_order_relaxed) - UnixMs();
  if (ahead_ms > most_ahead_ms_.load(std::memory_order_relaxed)) most_ahead_ms_ = ahead_ms;
}

// How old the message is that was in hand last, by the clock of this host.
double Feed::AgeOfLast() const {
  const std::int64_t sent_ms = last_sent_ms_.load(std::memory_order_relaxed);
  if (sent_ms < 0) return 0;
  return std::max(0.0, static_cast<double>(UnixMs() - sent_ms) / 1e3);
}

void Feed::AddFigures(SystemFigures* figures, SystemFigures* counted) const {
  const std::string prefix = "group_" + consume_.group;
  MessageFeed::AddFigures(prefix, Lag(), figures, counted);
  if (!consume_.alone || Lag() == 0) return;
  double& lag_s = (*figures)[prefix + "_lag_s"];
  lag_s = std::max(lag_s, AgeOfLast());
}

std::string Feed::HandedOut() const {
  return fmt::format("; partitions were handed out {}",
                     rebalances_ == 1 ? "once" : fmt::format("{} times", rebalances_.load()));
}

void Feed::AddFindings(SystemRemarks* remarks) const {
  if (!consume_.alone) return MessageFeed::AddFindings(HandedOut(), remarks);
  AddRead(remarks);
}

void Feed::AddRead(SystemRemarks* remarks) const {
  const std::lock_guard lock(mutex_);
  std::string& fact = remarks->facts[name()];
  fact = fmt::format("{} messages and {} bytes read", Received(), Bytes());
  if (is_read_ && first_at_ != 0) {
    const Ticks took = std::max<Ticks>(1, last_at_ - first_at_);
    fact += fmt::format("; the {} that were there when it began within {} of the first op ({})",
                        Backlog(), FormatDuration(took),
                        FormatRate(static_cast<double>(Backlog()) / ToSeconds(took)));
  }
  fact += fmt::format("; {} behind in the end{}", Lag(), HandedOut());
  const std::string fault = Fault();
  if (consume_.until_end && !is_read_) {
    remarks->warnings.push_back(fmt::format(
        "the run was over before {} had read what was there when it began: {} of {} messages were "
        "in hand",
        name(), Received(), Backlog()));
  }
  if (!fault.empty())
    remarks->warnings.push_back(fmt::format("members of {} said: {}", name(), fault));
  if (unclaimed_ > 0) {
    remarks->warnings.push_back(fmt::format(
        "{} messages of {} came to ops that had run out of time, so that no op counts them; raise "
        "run.timeout",
        unclaimed_.load(), name()));
  }
  if (most_ahead_ms_ > kAheadMs) {
    remarks->warnings.push_back(fmt::format(
        "messages of {} bear times up to {} ahead of the clock of this host: the clock of who sent "
        "them is wrong, or this one, and so is group_{}_lag_s",
        name(), FormatDuration(most_ahead_ms_ * kMillisecond), consume_.group));
  }
}

}  // namespace mbench::kafka
