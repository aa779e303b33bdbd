// SPDX-License-Identifier: Apache-2.0
#include "tests/drivers/common/calling_library.h"

#include <latch>
#include <utility>

namespace mbench::testing {

CallingLibrary::CallingLibrary(Habit habit, int threads) : habit_(habit) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { Work(); });
}

CallingLibrary::~CallingLibrary() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

bool CallingLibrary::Send(void* request) {
  if (habit_ == Habit::kIsFull) return false;
  {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
  }
  if (habit_ == Habit::kAnswersAtOnce) on_reply_(request, {});
  if (habit_ == Habit::kAnswersTwice) {
    for (int i = 0; i < 2; ++i) DoSoon([this, request] { on_reply_(request, {}); });
  }
  return true;
}

std::size_t CallingLibrary::Requests() const {
  const std::lock_guard lock(mutex_);
  return requests_.size();
}

void* CallingLibrary::RequestAt(std::size_t number) const {
  const std::lock_guard lock(mutex_);
  return requests_.at(number);
}

void CallingLibrary::Answer(std::size_t number, const CallbackResult& reply) {
  std::latch answered(1);
  DoSoon([this, request = RequestAt(number), &reply, &answered] {
    on_reply_(request, reply);
    answered.count_down();
  });
  answered.wait();
}

void CallingLibrary::AnswerSoon(std::size_t number) {
  DoSoon([this, request = RequestAt(number)] { on_reply_(request, {}); });
}

void CallingLibrary::DoSoon(std::function<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  changed_.notify_one();
}

void CallingLibrary::Work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return ending_ || !tasks_.empty(); });
    if (tasks_.empty()) return;
    const std::function<void()> task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    task();
    lock.lock();
  }
}

}  // namespace mbench::testing
