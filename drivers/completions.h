// SPDX-License-Identifier: Apache-2.0
//
// Where a session puts what has finished, and the worker takes it from.
//
// A fixed array, filled by Submit and Poll, read by the worker and emptied before the next turn of
// its loop. Nothing is allocated after construction.
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

  void Clear() { size_ = 0; }
  // REQUIRES: !Full().
  void Add(const Completion& completion) {
    MB_CHECK(size_ < items_.size(), "{} completions", size_);
    items_[size_++] = completion;
  }

  bool Full() const { return size_ == items_.size(); }
  bool Empty() const { return size_ == 0; }
  std::size_t Room() const { return items_.size() - size_; }
  std::span<const Completion> View() const { return {items_.data(), size_}; }

 private:
  std::vector<Completion> items_;
  std::size_t size_ = 0;
};

}  // namespace mbench
