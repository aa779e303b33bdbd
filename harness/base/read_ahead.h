// SPDX-License-Identifier: Apache-2.0
//
// What a slow source has next is made in a thread of its own while the caller works on what came
// before.
#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

#include "harness/base/result.h"

namespace mbench {

// Thread: one, but for the source.
template <class T>
class ReadAhead {
 public:
  // Fills *item; false: there are no more. Called by the thread of this object only, until it has
  // no more, fails, or the object goes.
  using Source = std::function<Result<bool>(T* item)>;

  explicit ReadAhead(Source source) : source_(std::move(source)), thread_([this] { ReadOn(); }) {}
  // Waits until the source has ended what it does.
  ~ReadAhead() {
    {
      const std::lock_guard lock(mutex_);
      leaving_ = true;
    }
    taken_cv_.notify_one();
    thread_.join();
  }
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;

  // The next item, in order; what *item held before is given back to be filled again. What the
  // source said last (no more, or an error) is said again by all later calls.
  Result<bool> Next(T* item) {
    std::unique_lock lock(mutex_);
    made_cv_.wait(lock, [this] { return taken_ < made_ || ended_; });
    if (taken_ == made_) return last_;
    std::swap(*item, slots_[taken_ % kSlots]);
    ++taken_;
    lock.unlock();
    taken_cv_.notify_one();
    return true;
  }

 private:
  static constexpr std::size_t kSlots = 16;

  void ReadOn() {
    while (WaitForRoom()) {
      // Nobody else touches this slot: made_ does not count it yet.
      Result<bool> more = source_(&slots_[made_ % kSlots]);
      const std::lock_guard lock(mutex_);
      if (more && *more) {
        ++made_;
      } else {
        last_ = std::move(more);
        ended_ = true;
      }
      made_cv_.notify_one();
      if (ended_) return;
    }
  }

  bool WaitForRoom() {
    std::unique_lock lock(mutex_);
    taken_cv_.wait(lock, [this] { return made_ - taken_ < kSlots || leaving_; });
    return !leaving_;
  }

  Source source_;
  std::mutex mutex_;
  std::condition_variable made_cv_, taken_cv_;
  std::array<T, kSlots> slots_{};
  std::size_t made_ = 0, taken_ = 0;
  bool ended_ = false, leaving_ = false;
  Result<bool> last_ = false;
  std::thread thread_;
};

}  // namespace mbench
