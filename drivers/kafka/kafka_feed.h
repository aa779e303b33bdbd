// SPDX-License-Identifier: Apache-2.0
//
// Messages on their way from the statements of a run to a consumer group of the same run:
//
//   order: {weight: 1, produce: orders, ..., consume: {group: billing, members: 3}}
//
// Each such message has a header, by which it is known again and timed from when it was due:
//
//   mbench  28 bytes, numbers with the highest byte first
//           8  run       of the driver, drawn by lot
//           8  number    of the message (drivers/common/event_ledger.h)
//           8  planned   ns since 1970
//           4  producer  which session sent it: what it sends with one key stays in order
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/common/event_ledger.h"
#include "drivers/observer.h"

namespace mbench::kafka {

inline constexpr char kStampName[] = "mbench";
inline constexpr std::size_t kStampSize = 28;

struct Stamp {
  std::uint64_t run = 0;
  std::uint64_t number = 0;
  std::int64_t planned_ns = 0;
  std::uint32_t producer = 0;
};
std::string PackStamp(const Stamp& stamp);
// nullopt: it is none.
std::optional<Stamp> UnpackStamp(std::string_view bytes);

// Whether what one producer sends with one key comes in the order in which it was sent. Keys share
// 2^18 places (4 MiB): one that was thrown out begins anew, so nothing is blamed for its sake.
class KeyOrder {
 public:
  KeyOrder() : last_(std::size_t{1} << 18) {}
  // False: a later message of that key had come before.
  bool Take(std::uint32_t producer, std::string_view key, std::uint64_t number);

 private:
  struct Last {
    std::uint64_t key = 0, number = 0;
  };
  std::vector<Last> last_;
};

// What statements ask for by `consume`.
struct Consume {
  std::string group;
  int members = 0;
  std::string from;  // beginning, end, committed
  bool operator==(const Consume&) const = default;
};

// All messages of a topic for a group; shared by its members. Thread: any.
class Feed {
 public:
  Feed(std::string topic, Consume consume, std::uint64_t run);

  const std::string& topic() const { return topic_; }
  const Consume& consume() const { return consume_; }
  std::uint64_t run() const { return run_; }
  EventLedger& ledger() { return ledger_; }

  // Offsets from which on the group reads, by partition. To be set before its members begin.
  void SetBegin(std::map<std::int32_t, std::int64_t> begin) { begin_ = std::move(begin); }
  std::int64_t Begin(std::int32_t partition) const;

  // A message is in hand. `stamp`: its header; nullopt: it has none.
  void See(const std::optional<Stamp>& stamp, std::string_view key, std::size_t bytes, Ticks now);

  void CountRebalance() { ++rebalances_; }
  // That the group has committed a place in a partition during this run.
  void NoteCommit(std::int32_t partition);
  bool HasCommitted(std::int32_t partition) const;
  void KeepFault(std::string fault);
  // How far one of its members is behind the ends of its partitions.
  void SetLag(int member, std::int64_t messages);

  // What it says of itself just now; what is counted stands in `counted`.
  void AddFigures(SystemFigures* figures, SystemFigures* counted) const;
  void AddFindings(SystemRemarks* remarks) const;

 private:
  std::int64_t Lag() const;

  const std::string topic_;
  const Consume consume_;
  const std::uint64_t run_;
  EventLedger ledger_;
  std::map<std::int32_t, std::int64_t> begin_;
  std::vector<std::atomic<std::int64_t>> lags_;  // by member
  std::atomic<std::uint64_t> received_{0}, bytes_{0}, foreign_{0}, rebalances_{0};
  mutable std::mutex mutex_;  // guards what follows
  KeyOrder order_;
  std::uint64_t out_of_order_ = 0;
  std::set<std::int32_t> committed_;
  std::string fault_;
};

}  // namespace mbench::kafka
