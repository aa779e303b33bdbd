// SPDX-License-Identifier: Apache-2.0
#include "drivers/kafka/kafka_polls.h"

#include <chrono>
#include <utility>

namespace mbench::kafka {
namespace {

// So long does a thread wait for an op, or for a message, before it looks after its member.
constexpr Ticks kPollTurn = 20 * kMillisecond;

}  // namespace

GroupPolls::GroupPolls(std::vector<std::unique_ptr<GroupMember>> members, Feed* feed, Ticks wait)
    : feed_(feed),
      wait_(wait),
      most_(static_cast<std::size_t>(feed->consume().most)),
      members_(std::move(members)) {
  for (const auto& member : members_)
    threads_.emplace_back(
        [this, &member](const std::stop_token& stop) { Work(stop, member.get()); });
}

// All at once, and not one after another.
GroupPolls::~GroupPolls() {
  for (std::jthread& thread : threads_) thread.request_stop();
}

bool GroupPolls::Ask(const Callbacks& callbacks, CallbackToken token) {
  const Ticks now = Clock::Now();
  const std::lock_guard lock(mutex_);
  if (is_closed_) return false;
  feed_->NoteFirst(now);
  questions_.push_back({callbacks, token, now});
  asked_.notify_one();
  return true;
}

// False: for now nobody asks.
bool GroupPolls::AwaitQuestion(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  return asked_.wait_for(lock, stop, std::chrono::nanoseconds(kPollTurn),
                         [this] { return !questions_.empty(); });
}

std::optional<GroupPolls::Question> GroupPolls::TakeQuestion() {
  const std::lock_guard lock(mutex_);
  if (questions_.empty()) return std::nullopt;
  Question first = std::move(questions_.front());
  questions_.pop_front();
  return first;
}

void GroupPolls::Work(const std::stop_token& stop, GroupMember* member) {
  MessagePtr held;  // in hand, and no op asked for it yet
  while (!stop.stop_requested()) {
    const bool is_asked = AwaitQuestion(stop);
    if (is_asked) member->Begin();
    if (held == nullptr) held = member->Next(is_asked ? Clock::Now() + kPollTurn : 0);
    if (held != nullptr && is_asked) {
      // Another member may have been faster.
      if (const auto question = TakeQuestion()) Answer(*question, member, std::move(held));
    }
    member->Tend();
    EndThoseThatFoundNothing();
  }
}

void GroupPolls::Answer(const Question& question, GroupMember* member, MessagePtr first) {
  std::uint32_t messages = 0;
  std::size_t bytes = 0;
  for (MessagePtr message = std::move(first); message != nullptr;) {
    ++messages;
    bytes += message->len + message->key_len;
    message = messages < most_ ? member->Next(0) : nullptr;
  }
  const bool is_taken = question.callbacks.Finish(
      question.token, {.bytes_received = static_cast<std::uint32_t>(bytes), .items = messages});
  if (!is_taken) feed_->CountUnclaimed(messages);
}

// Those that have waited long enough; when all is read, all of them.
void GroupPolls::EndThoseThatFoundNothing() {
  std::deque<Question> ended;
  {
    const std::lock_guard lock(mutex_);
    is_closed_ = is_closed_ || IsRead();
    const Ticks long_ago = Clock::Now() - wait_;
    while (!questions_.empty() && (is_closed_ || questions_.front().asked <= long_ago)) {
      ended.push_back(std::move(questions_.front()));
      questions_.pop_front();
    }
  }
  for (const Question& question : ended)
    question.callbacks.Finish(question.token, {.outcome = Outcome::kNotFound});
}

}  // namespace mbench::kafka
