// SPDX-License-Identifier: Apache-2.0
//
// Ops that ask a group for messages: `consume` alone.
//
//     session's thread                 a thread for each member
//     Start -> Ask(op) -> ops that wait -> the first message: takes an op, and what else is there
//     Poll  <---- Callbacks::Finish <------'
//
// An op ends with the first message that is there for it and all that are there behind it, up to
// `most`; or, when none has come within `wait`, as not found. While no op asks, one message is kept
// in hand at most, and librdkafka fetches ahead as it does for an application that is busy.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "drivers/common/callback_session.h"
#include "drivers/kafka/kafka_member.h"

namespace mbench::kafka {

class GroupPolls {
 public:
  // `feed`: that of the members; outlives it. `wait`: of an op.
  GroupPolls(std::vector<std::unique_ptr<GroupMember>> members, Feed* feed, Ticks wait);
  // The members leave their group.
  ~GroupPolls();
  GroupPolls(const GroupPolls&) = delete;
  GroupPolls& operator=(const GroupPolls&) = delete;

  // Gives the op messages when there are some. False: all has been read, and nothing comes any
  // more. Thread: any.
  bool Ask(const Callbacks& callbacks, CallbackToken token);

  // Thread: any.
  bool IsRead() const { return feed_->consume().until_end && feed_->IsRead(); }

 private:
  struct Question {
    Callbacks callbacks;
    CallbackToken token;
    Ticks asked;
  };

  void Work(const std::stop_token& stop, GroupMember* member);
  bool AwaitQuestion(const std::stop_token& stop);
  std::optional<Question> TakeQuestion();
  void Answer(const Question& question, GroupMember* member, MessagePtr first);
  void EndThoseThatFoundNothing();

  Feed* const feed_;
  const Ticks wait_;
  const std::size_t most_;
  const std::vector<std::unique_ptr<GroupMember>> members_;
  std::mutex mutex_;
  std::condition_variable_any asked_;
  std::deque<Question> questions_;
  bool is_closed_ = false;             // nothing comes any more
  std::vector<std::jthread> threads_;  // the last member: ends before the others do
};

}  // namespace mbench::kafka
