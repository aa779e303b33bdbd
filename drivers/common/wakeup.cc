// SPDX-License-Identifier: Apache-2.0
#include "drivers/common/wakeup.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>

#include "harness/base/check.h"

namespace mbench {

Wakeup::Wakeup() : fd_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  MB_CHECK(fd_ >= 0, "eventfd: {}", std::strerror(errno));
}

Wakeup::~Wakeup() { close(fd_); }

void Wakeup::Signal() {
  const std::uint64_t one = 1;
  const ssize_t written = write(fd_, &one, sizeof one);
  MB_CHECK(written == sizeof one || errno == EAGAIN, "eventfd: {}", std::strerror(errno));
}

void Wakeup::Wait(Ticks until) {
  const Ticks wait = std::clamp(until - Clock::Now(), Ticks{0}, kHour);
  const timespec timeout{.tv_sec = wait / kSecond, .tv_nsec = wait % kSecond};
  pollfd polled{.fd = fd_, .events = POLLIN, .revents = 0};
  if (ppoll(&polled, 1, &timeout, nullptr) <= 0) return;
  std::uint64_t signals = 0;
  const ssize_t size = read(fd_, &signals, sizeof signals);
  MB_CHECK(size == sizeof signals || errno == EAGAIN, "eventfd: {}", std::strerror(errno));
}

}  // namespace mbench
