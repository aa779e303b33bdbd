// SPDX-License-Identifier: Apache-2.0
//
// Lines that can take a call, in the order in which they are used: a ring that has room for every
// line of its group, so that nothing is allocated per op. (std::deque allocates a block every 64
// elements.)
#pragma once

#include <bit>
#include <cstddef>
#include <vector>

namespace mbench {

class Line;

// Thread: one session.
class LineQueue {
 public:
  explicit LineQueue(std::size_t most) : ring_(std::bit_ceil(most)), mask_(ring_.size() - 1) {}

  bool Empty() const { return size_ == 0; }
  std::size_t Size() const { return size_; }
  Line* Front() const { return ring_[first_]; }
  void PushBack(Line* line) { At(size_++) = line; }

  // REQUIRES: it is there. Usually it is the first one.
  void Remove(Line* line) {
    std::size_t place = 0;
    while (At(place) != line) ++place;
    for (; place > 0; --place) At(place) = At(place - 1);
    first_ = (first_ + 1) & mask_;
    --size_;
  }

 private:
  Line*& At(std::size_t place) { return ring_[(first_ + place) & mask_]; }

  std::vector<Line*> ring_;
  std::size_t mask_;
  std::size_t first_ = 0;
  std::size_t size_ = 0;
};

}  // namespace mbench
