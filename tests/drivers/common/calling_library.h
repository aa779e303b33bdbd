// SPDX-License-Identifier: Apache-2.0
//
// A client library that calls back as a test tells it: from within Send, from threads of its own,
// in any order, more than once, late, or never.
//
// Thread: Send from the one that uses the library, the rest from that of the test.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "drivers/common/callback_session.h"

namespace mbench::testing {

class CallingLibrary {
 public:
  using OnReply = std::function<void(void* request, const CallbackResult& reply)>;
  enum class Habit {
    kKeeps,          // remembers the request until it is told to answer
    kAnswersAtOnce,  // from within Send
    kIsFull,         // takes nothing
    kAnswersTwice,   // from its threads, as soon as it can
  };

  explicit CallingLibrary(Habit habit, int threads = 1);
  // Does what it was told to do before it ends.
  ~CallingLibrary();

  // To be called before the first Send.
  void SetCallback(OnReply on_reply) { on_reply_ = std::move(on_reply); }
  void Behave(Habit habit) { habit_ = habit; }

  bool Send(void* request);
  // Requests that it has taken, in order.
  std::size_t Requests() const;

  // Calls back for one of them on a thread of its own. Returns when the callback has returned.
  void Answer(std::size_t number, const CallbackResult& reply = {});
  // The same, but returns at once.
  void AnswerSoon(std::size_t number);
  // Has its thread do something in between.
  void DoSoon(std::function<void()> task);

 private:
  void Work();
  void* RequestAt(std::size_t number) const;

  std::atomic<Habit> habit_;
  OnReply on_reply_;
  mutable std::mutex mutex_;  // guards what follows
  std::vector<void*> requests_;
  std::deque<std::function<void()>> tasks_;
  bool ending_ = false;
  std::condition_variable changed_;
  std::vector<std::thread> threads_;
};

}  // namespace mbench::testing
