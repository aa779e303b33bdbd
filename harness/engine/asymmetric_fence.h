// SPDX-License-Identifier: Apache-2.0
//
// A full memory fence between two threads of which one passes often and one rarely: the rare one
// pays.
//
// LightFence() on one side and HeavyFence() on the other order memory as two full fences would.
// With membarrier(2), PRIVATE_EXPEDITED (Linux 4.14), the light one is only a fence for the
// compiler; without it both are full fences.
#pragma once

#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>

namespace mbench {
namespace detail {

inline bool RegisterMembarrier() {
  return syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) == 0;
}
inline const bool kHasMembarrier = RegisterMembarrier();

}  // namespace detail

inline void LightFence() {
  if (detail::kHasMembarrier) [[likely]] {
    std::atomic_signal_fence(std::memory_order_seq_cst);
  } else {
    std::atomic_thread_fence(std::memory_order_seq_cst);
  }
}

inline void HeavyFence() {
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (detail::kHasMembarrier) syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
}

}  // namespace mbench
