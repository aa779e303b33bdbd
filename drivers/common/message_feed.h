// SPDX-License-Identifier: Apache-2.0
//
// Messages on their way from the statements of a run to who receives them in the same run, for
// drivers of brokers: which have come, twice, late, or not at all, and how long they took.
//
//     session   number = feed.ledger().Begin(statement, planned); sends it with a MessageStamp;
//               Acknowledge(number) or Abandon(number)
//     watcher   feed.See(stamp, ...) for each message that is in hand
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "drivers/common/error_table.h"
#include "drivers/common/event_ledger.h"
#include "drivers/common/message_stamp.h"
#include "drivers/observer.h"
#include "drivers/watcher.h"
#include "drivers/words.h"
#include "harness/base/text.h"

namespace mbench {

// Thread: any.
class MessageFeed {
 public:
  static constexpr std::size_t kTracked = std::size_t{1} << 20;  // 32 MiB

  // `name`: of who receives them, for people: "group billing of orders". `tracked`: messages that
  // are remembered at most, a power of two; 1 where none of ours are expected.
  MessageFeed(std::string name, std::uint64_t run, std::size_t tracked = kTracked)
      : name_(std::move(name)), run_(run), ledger_(NewRun(), tracked) {}

  const std::string& name() const { return name_; }
  std::uint64_t run() const { return run_; }
  EventLedger& ledger() { return ledger_; }
  const EventLedger& ledger() const { return ledger_; }

  // A message is in hand. `stamp`: what it bears; nullopt: nothing, so that it is somebody else's.
  // `key`: what is sent with the same one has to come in order; "": any order is right.
  void See(const std::optional<MessageStamp>& stamp, std::string_view key, std::size_t bytes,
           Ticks now);
  // One that is received whoever sent it.
  void CountReceived(std::size_t bytes);
  // The last thing that kept somebody from receiving.
  void KeepFault(std::string fault);

  // Those of the ledger and of who receives, beginning with `prefix`: "group_billing_lag_s". What
  // is counted stands in `counted`. `behind`: messages that are known to be there and not in hand.
  void AddFigures(const std::string& prefix, std::int64_t behind, SystemFigures* figures,
                  SystemFigures* counted) const;
  // What it came to. `more`: behind the counts.
  void AddFindings(const std::string& more, SystemRemarks* remarks) const;

 protected:
  std::uint64_t Received() const { return received_.load(std::memory_order_relaxed); }
  std::uint64_t Bytes() const { return bytes_.load(std::memory_order_relaxed); }
  std::string Fault() const;

 private:
  const std::string name_;
  const std::uint64_t run_;
  EventLedger ledger_;
  std::atomic<std::uint64_t> received_{0}, bytes_{0}, foreign_{0};
  mutable std::mutex mutex_;  // guards what follows
  KeyOrder order_;
  std::uint64_t out_of_order_ = 0;
  std::string fault_;
};

// What all who receive messages of a feed tell of them: a part `end_to_end` of their statement.
// A driver adds Poll, which lets the feed see what comes and ends with Tell.
class MessageWatcher : public Watcher {
 public:
  std::uint64_t Missing() const final { return feed_->ledger().Missing(); }
  void GiveUp(bool interrupted) final { feed_->ledger().GiveUp(!interrupted); }
  std::string DescribeError(std::uint16_t error) const final { return errors_.Name(error); }
  std::string DescribeLabel(std::uint16_t) const final { return "end_to_end"; }

 protected:
  // `feed` outlives it.
  explicit MessageWatcher(MessageFeed* feed) : feed_(feed) {}
  void Tell(std::vector<Sighting>* seen);

 private:
  MessageFeed* const feed_;
  std::vector<EventLedger::Sighting> untold_;
  ErrorTable errors_;
};

// One who receives over a session of its own, whose lines let the feed see what comes.
class SessionWatcher final : public MessageWatcher {
 public:
  SessionWatcher(std::unique_ptr<Session> session, MessageFeed* feed)
      : MessageWatcher(feed), session_(std::move(session)) {}

  void Poll(Ticks until, std::vector<Sighting>* seen) override {
    done_.Clear();
    session_->Poll(until, done_);
    Tell(seen);
  }

 private:
  const std::unique_ptr<Session> session_;
  Completions done_{1};
};

// One for each member of all `receivers`, which have a `feed` and say in `consume` how many they
// are. `connect`: Receivers& -> a session of one of them.
template <class AllReceivers, class Connect>
Result<std::vector<std::unique_ptr<Watcher>>> NewMembers(AllReceivers& receivers, Connect connect) {
  std::vector<std::unique_ptr<Watcher>> watchers;
  for (auto& one : receivers) {
    for (std::uint32_t member = 0; member < one.consume.members; ++member) {
      auto session = connect(one);
      if (!session) return Unreachable("{}: {}", one.feed.name(), session.error().message);
      watchers.push_back(std::make_unique<SessionWatcher>(*std::move(session), &one.feed));
    }
  }
  return watchers;
}

// How those who receive are called, for people and in figures. `group`: "": they are of no group
// but of the statement.
inline std::string ReceiversName(const std::string& group, const std::string& what) {
  return (group.empty() ? "consumers" : "group " + group) + " of " + what;
}
inline std::string ReceiversPrefix(const std::string& group, const std::string& statement) {
  return group.empty() ? "consumers_" + statement : "group_" + group;
}

// Statements that name the same group say the same of it, or Observe could not tell whose figures
// are whose. `read(statement, complaints)`: a message with its `statement` and `consume`.
template <class Read>
void CheckGroups(const RunWants& wants, Read read, Complaints* complaints) {
  using Message = std::invoke_result_t<Read, const StatementSpec&, Complaints*>;
  std::map<std::string, Message> groups;
  for (const StatementSpec* const statement : wants.statements) {
    ComplaintList told;  // when the statement was checked
    const Message message = read(*statement, &told);
    if (!message.consume || message.consume->group.empty()) continue;
    const auto [group, is_new] = groups.emplace(message.consume->group, message);
    if (is_new || group->second.consume == message.consume) continue;
    complaints->Add(statement->Find("consume")->Head(),
                    "group " + Quote(message.consume->group) + " is that of " +
                        group->second.statement + ", with other words; give it another name");
  }
}

// What became of the messages of statements, which stand in their order, each with its `feed` or
// nullptr: WatcherSource::Delivered.
template <class Messages>
std::map<std::uint16_t, MessageCounts> DeliveredOf(const Messages& messages) {
  std::map<std::uint16_t, MessageCounts> delivered;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    if (messages[i].feed == nullptr) continue;
    const std::vector<MessageCounts> counts = messages[i].feed->ledger().ByStatement();
    delivered[static_cast<std::uint16_t>(i)] = i < counts.size() ? counts[i] : MessageCounts();
  }
  return delivered;
}

}  // namespace mbench
