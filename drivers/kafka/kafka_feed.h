// SPDX-License-Identifier: Apache-2.0
//
// Messages that come to a consumer group of a run: those on their way from its statements
//
//   order: {weight: 1, produce: orders, ..., consume: {group: billing, members: 3}}
//
// or whatever there is, where a statement asks for messages and sends none:
//
//   read: {weight: 1, consume: {topic: orders, group: audit, from: beginning}}
//
// Each of the former has a header, `mbench`, by which it is known again and timed from when it was
// due (drivers/common/message_stamp.h).
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "drivers/common/message_feed.h"
#include "drivers/message_counts.h"
#include "drivers/observer.h"

namespace mbench::kafka {

inline constexpr char kStampName[] = "mbench";

// What statements ask for by `consume`.
struct Consume {
  std::string group;
  int members = 0;
  std::string from;  // beginning, end, committed
  // Of a statement that sends nothing:
  bool alone = false;
  bool until_end = false;  // the run is over when all is read that was there when it began
  int most = 0;            // messages of an op
  Ticks wait = 0;          // of an op for the first of them
  bool operator==(const Consume&) const = default;
};

// All messages of a topic for a group; shared by its members. Thread: any.
class Feed : public MessageFeed {
 public:
  Feed(std::string topic, Consume consume, std::uint64_t run);

  const std::string& topic() const { return topic_; }
  const Consume& consume() const { return consume_; }

  // What there is for the group of a partition: offsets from `begin` on, up to `end` when it was
  // asked.
  struct Range {
    std::int64_t begin = 0, end = 0;
  };
  // By partition. To be set before its members begin.
  void SetRanges(std::map<std::int32_t, Range> ranges);
  Range RangeOf(std::int32_t partition) const;
  // Messages of the ranges: with gaps where the log was compacted, fewer.
  std::int64_t Backlog() const;

  // A message is in hand, where none of ours are expected. `sent_ms`: since 1970, by the clock of
  // who sent it, or of its broker; -1: not known.
  void Count(std::size_t bytes, std::int64_t sent_ms);

  // ---- consume alone ----

  // The first op asks for messages.
  void NoteFirst(Ticks now);
  // All before `next` was read of a partition.
  void NotePlace(std::int32_t partition, std::int64_t next, Ticks now);
  // All that was there when the run began is read.
  bool IsRead() const { return is_read_.load(std::memory_order_acquire); }
  // Messages that were given to an op when it had run out of time.
  void CountUnclaimed(std::uint64_t messages) { unclaimed_ += messages; }

  void CountRebalance() { ++rebalances_; }
  // That the group has committed a place in a partition during this run.
  void NoteCommit(std::int32_t partition);
  bool HasCommitted(std::int32_t partition) const;
  // How far one of its members is behind the ends of its partitions.
  void SetLag(int member, std::int64_t messages);
  // Compares the time of the message that was in hand last with the clock of this host.
  void CheckClock();

  // What it says of itself just now; what is counted stands in `counted`.
  void AddFigures(SystemFigures* figures, SystemFigures* counted) const;
  void AddFindings(SystemRemarks* remarks) const;

 private:
  std::int64_t Lag() const;
  double AgeOfLast() const;
  std::string HandedOut() const;
  void AddRead(SystemRemarks* remarks) const;

  const std::string topic_;
  const Consume consume_;
  std::map<std::int32_t, Range> ranges_;
  std::vector<std::atomic<std::int64_t>> lags_;  // by member
  std::atomic<std::uint64_t> rebalances_{0}, unclaimed_{0};
  std::atomic<std::int64_t> last_sent_ms_{-1}, most_ahead_ms_{0};
  std::atomic<bool> is_read_{false};
  mutable std::mutex mutex_;  // guards what follows
  std::set<std::int32_t> committed_;
  std::set<std::int32_t> unread_;     // partitions with messages of before
  Ticks first_at_ = 0, last_at_ = 0;  // the first op, and when all was read
};

}  // namespace mbench::kafka
