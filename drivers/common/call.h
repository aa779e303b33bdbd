// SPDX-License-Identifier: Apache-2.0
//
// The ops a network session has taken and not ended.
//
// A call stands in two lists at once: that of its line, in the order in which replies come, and
// that of all calls by age, the oldest first. Time-outs are the same for every op, so the oldest
// call is the next one to run out of time. Lists are chained through the calls: nothing is
// allocated per op and everything is O(1).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "drivers/op.h"
#include "harness/base/check.h"

namespace mbench {

class Line;

struct Call {
  std::uint32_t index =
      0;                 // its place among those of its session: what a protocol keeps more of it
  Op op;                 // its views stay valid until its completion is delivered
  Line* line = nullptr;  // null: redirected, waits for a line of `group`
  std::uint32_t group = 0;
  Ticks started = 0;  // when its request left our hands
  // For the protocol; as here when the call is taken.
  std::uint32_t step = 0;      // replies it has seen of this op
  std::uint32_t progress = 0;  // how far it has read, or how many replies are still to come
  std::uint64_t state = 0;     // what else it has to remember
  // What is known of its end, where that takes more than one reply.
  Outcome outcome = Outcome::kOk;
  std::uint16_t error = 0;
  std::uint32_t items = 0;
  // What its lines have moved for it, and how much of that is told as steps.
  std::uint32_t sent = 0, received = 0;
  std::uint32_t told_sent = 0, told_received = 0;

  void AddSent(std::size_t bytes) { sent = Sum(sent, bytes); }
  void AddReceived(std::size_t bytes) { received = Sum(received, bytes); }
  static std::uint32_t Sum(std::uint32_t sum, std::size_t bytes) {
    return static_cast<std::uint32_t>(std::min<std::size_t>(sum + bytes, UINT32_MAX));
  }

  struct Links {
    Call* previous = nullptr;
    Call* next = nullptr;
  };
  Links of_line, by_age;
};

// A list through one of the pairs of links. Thread: one.
template <Call::Links Call::*kLinks>
class CallList {
 public:
  bool Empty() const { return first_ == nullptr; }
  Call* First() const { return first_; }
  Call* Last() const { return last_; }
  std::uint32_t Size() const { return size_; }
  static Call* Next(const Call* call) { return (call->*kLinks).next; }

  void PushBack(Call* call) {
    (call->*kLinks) = {.previous = last_, .next = nullptr};
    (last_ == nullptr ? first_ : (last_->*kLinks).next) = call;
    last_ = call;
    ++size_;
  }

  void Remove(Call* call) {
    const Call::Links links = call->*kLinks;
    (links.previous == nullptr ? first_ : (links.previous->*kLinks).next) = links.next;
    (links.next == nullptr ? last_ : (links.next->*kLinks).previous) = links.previous;
    --size_;
  }

 private:
  Call* first_ = nullptr;
  Call* last_ = nullptr;
  std::uint32_t size_ = 0;
};

using LineCalls = CallList<&Call::of_line>;
using AgedCalls = CallList<&Call::by_age>;

// As many calls as a session may have in flight.
class CallPool {
 public:
  explicit CallPool(std::size_t size) : calls_(size) {
    for (std::size_t i = size; i-- > 0;) {
      calls_[i].index = static_cast<std::uint32_t>(i);
      free_.push_back(&calls_[i]);
    }
  }

  bool Empty() const { return free_.empty(); }
  // REQUIRES: !Empty().
  Call* Take() {
    Call* call = free_.back();
    free_.pop_back();
    return call;
  }
  void Return(Call* call) { free_.push_back(call); }

 private:
  std::vector<Call> calls_;
  std::vector<Call*> free_;
};

}  // namespace mbench
