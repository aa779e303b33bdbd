// SPDX-License-Identifier: Apache-2.0
#include "drivers/common/poller.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "harness/base/check.h"

namespace mbench {

Poller::Poller() : fd_(epoll_create1(EPOLL_CLOEXEC)) {
  MB_CHECK(fd_ >= 0, "epoll_create1: {}", std::strerror(errno));
}

Poller::~Poller() { close(fd_); }

namespace {

epoll_event Everything(std::uint64_t token) {
  return {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data = {.u64 = token}};
}

}  // namespace

bool Poller::Add(int fd, std::uint64_t token) {
  epoll_event event = Everything(token);
  return epoll_ctl(fd_, EPOLL_CTL_ADD, fd, &event) == 0;
}

void Poller::Again(int fd, std::uint64_t token) {
  epoll_event event = Everything(token);
  epoll_ctl(fd_, EPOLL_CTL_MOD, fd, &event);
}

void Poller::Remove(int fd) { epoll_ctl(fd_, EPOLL_CTL_DEL, fd, nullptr); }

// epoll_pwait2 rather than epoll_wait, which can only wait for whole milliseconds.
std::span<const epoll_event> Poller::Wait(Ticks now, Ticks until) {
  int count = 0;
  if (until <= now) {
    count = epoll_wait(fd_, events_.data(), kMost, 0);
  } else {
    const Ticks wait = std::min(until - now, 10 * kSecond);
    const timespec timeout{.tv_sec = wait / kSecond, .tv_nsec = wait % kSecond};
    count = epoll_pwait2(fd_, events_.data(), kMost, &timeout, nullptr);
    if (count < 0 && errno == ENOSYS) {
      const int milliseconds = static_cast<int>((wait + kMillisecond - 1) / kMillisecond);
      count = epoll_wait(fd_, events_.data(), kMost, milliseconds);
    }
  }
  return {events_.data(), static_cast<std::size_t>(std::max(count, 0))};
}

}  // namespace mbench
