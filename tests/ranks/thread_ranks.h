// SPDX-License-Identifier: Apache-2.0
//
// Ranks that are threads of a test.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "harness/ranks/ranks.h"

namespace mbench {

// What they share.
class ThreadWorld {
 public:
  explicit ThreadWorld(std::uint32_t size) : size_(size), said_(size) {}

  // Runs `rank(Ranks*)` as each of them, and waits for all.
  template <class Rank>
  static void Run(std::uint32_t size, Rank rank);

 private:
  friend class ThreadRanks;

  // All have said theirs, and nobody says the next before all have heard.
  std::vector<std::string> Exchange(std::uint32_t rank, const std::string& bytes) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return heard_ == 0; });
    said_[rank] = bytes;
    if (++spoken_ == size_) heard_ = size_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return heard_ > 0; });
    std::vector<std::string> all = said_;
    if (--heard_ == 0) spoken_ = 0;
    changed_.notify_all();
    // Not before the last one has heard it: else it would hear the next round's.
    changed_.wait(lock, [this] { return heard_ == 0; });
    return all;
  }

  const std::uint32_t size_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> said_;
  std::uint32_t spoken_ = 0, heard_ = 0;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::deque<Ticks>> mail_;  // from, to
};

class ThreadRanks final : public Ranks {
 public:
  ThreadRanks(ThreadWorld* world, std::uint32_t rank) : world_(world), rank_(rank) {}

  std::uint32_t Rank() const override { return rank_; }
  std::uint32_t Size() const override { return world_->size_; }
  void Broadcast(std::string* bytes) override { *bytes = world_->Exchange(rank_, *bytes)[0]; }
  std::vector<std::string> Gather(const std::string& bytes) override {
    std::vector<std::string> all = world_->Exchange(rank_, bytes);
    return rank_ == 0 ? all : std::vector<std::string>();
  }
  void Send(std::uint32_t to, Ticks value) override {
    const std::lock_guard lock(world_->mutex_);
    world_->mail_[{rank_, to}].push_back(value);
    world_->changed_.notify_all();
  }
  Ticks Receive(std::uint32_t from, Wait /*wait*/) override {
    std::unique_lock lock(world_->mutex_);
    std::deque<Ticks>& mail = world_->mail_[{from, rank_}];
    world_->changed_.wait(lock, [&] { return !mail.empty(); });
    const Ticks value = mail.front();
    mail.pop_front();
    return value;
  }
  void Leave() override {}

 private:
  ThreadWorld* const world_;
  const std::uint32_t rank_;
};

template <class Rank>
void ThreadWorld::Run(std::uint32_t size, Rank rank) {
  ThreadWorld world(size);
  std::vector<std::jthread> threads;
  for (std::uint32_t i = 0; i < size; ++i)
    threads.emplace_back([&world, &rank, i] {
      ThreadRanks ranks(&world, i);
      rank(&ranks);
    });
}

}  // namespace mbench
