// SPDX-License-Identifier: Apache-2.0
//
// Where a session puts what has finished, and the worker takes it from.
//
// A fixed array, filled by Submit and Poll, read by the worker and emptied before the next turn of
// its loop. Nothing is allocated after construction. Steps of transactions stand in a list of their
// own, which grows: a transaction that is tried again has more of them than anybody can know.
#pragma once

#include <span>
#include <vector>

#include "drivers/op.h"
#include "harness/base/check.h"

namespace mbench {

// Thread: one worker and its session.
class Completions {
 public:
  explicit Completions(std::size_t capacity) : items_(capacity) {}

  void Clear() {
    size_ = 0;
    steps_size_ = 0;
  }
  // REQUIRES: !Full().
  void Add(const Completion& completion) {
    MB_CHECK(size_ < items_.size(), "{} completions", size_);
    items_[size_++] = completion;
  }

  // REQUIRES: the op of the step has not ended.
  void AddStep(const StepDone& step) {
    if (steps_size_ == steps_.size()) steps_.emplace_back();
    steps_[steps_size_++] = step;
  }

  // Grows with whatever is added.
  std::size_t Told() const { return size_ + steps_size_; }
  bool Full() const { return size_ == items_.size(); }
  bool Empty() const { return Told() == 0; }
  std::size_t Room() const { return items_.size() - size_; }
  std::span<const Completion> View() const { return {items_.data(), size_}; }
  // All of them belong before the completions of their ops.
  std::span<const StepDone> Steps() const { return {steps_.data(), steps_size_}; }

 private:
  std::vector<Completion> items_;
  std::vector<StepDone> steps_;
  std::size_t size_ = 0;
  std::size_t steps_size_ = 0;
};

}  // namespace mbench
