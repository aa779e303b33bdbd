// SPDX-License-Identifier: Apache-2.0
//
// The watchers of a driver at work, for tests of drivers of brokers.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "drivers/driver.h"
#include "drivers/watcher.h"

namespace mbench::testing {

// Those who receive, each in a thread of its own, as the engine has them.
class Watching {
 public:
  explicit Watching(Driver& driver) {
    auto watchers = driver.Watchers()->NewWatchers({.timeout = 10 * kSecond});
    EXPECT_TRUE(watchers) << watchers.error().message;
    if (!watchers) return;
    for (auto& watcher : *watchers)
      threads_.emplace_back([this, watcher = std::move(watcher)](const std::stop_token& stop) {
        while (!stop.stop_requested()) Turn(*watcher);
        while (watcher->Missing() != 0 && Clock::Now() < deadline_) Turn(*watcher);
        watcher->GiveUp(false);
        Turn(*watcher);
      });
  }
  void Finish(Ticks patience = 20 * kSecond) {
    deadline_ = Clock::Now() + patience;
    for (auto& thread : threads_) thread.request_stop();
    threads_.clear();
  }

  int seen = 0;
  std::map<std::string, int> failed;
  Ticks longest = 0;

 private:
  void Turn(Watcher& watcher) {
    std::vector<Sighting> told;
    watcher.Poll(Clock::Now() + 20 * kMillisecond, &told);
    const std::lock_guard lock(mutex_);
    for (const Sighting& one : told) {
      if (one.outcome == Outcome::kOk) {
        ++seen;
        longest = std::max(longest, one.seen - one.ended);
      } else {
        ++failed[watcher.DescribeError(one.error)];
      }
    }
  }

  std::mutex mutex_;
  std::atomic<Ticks> deadline_{0};
  std::vector<std::jthread> threads_;
};

}  // namespace mbench::testing
