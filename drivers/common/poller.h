// SPDX-License-Identifier: Apache-2.0
//
// epoll, edge-triggered: a descriptor is registered once for reading and writing, and never touched
// again until it is closed. (A toggle of the interest costs 160-280 ns, more than all the rest we
// do for an op.)
#pragma once

#include <sys/epoll.h>

#include <array>
#include <cstdint>
#include <span>

#include "harness/base/clock.h"
#include "harness/base/result.h"

namespace mbench {

// Thread: one.
class Poller {
 public:
  Poller();
  ~Poller();
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  // `token` comes back in epoll_event::data.u64. False with errno when the kernel refuses.
  bool Add(int fd, std::uint64_t token);
  // Tells once more of what it is ready for, which was not all taken.
  void Again(int fd, std::uint64_t token);
  // To be called before the descriptor is closed.
  void Remove(int fd);

  // What became ready, at once or until `until` (by Clock). Empty: nothing did. Valid until the
  // next call.
  std::span<const epoll_event> Wait(Ticks now, Ticks until);

  // Readable when something became ready: to wait for it beside others.
  int Fd() const { return fd_; }

 private:
  // Few at a time: ops that are answered together are followed by new ones together, and the last
  // of those waits for the writes of all before it. A call costs a hundredth of what its ops do.
  static constexpr int kMost = 32;
  int fd_;
  std::array<epoll_event, kMost> events_;
};

}  // namespace mbench
