// SPDX-License-Identifier: Apache-2.0
#include "harness/base/clock.h"

#include <time.h>

#include <algorithm>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

#include "harness/base/check.h"
#include "harness/base/wake_up.h"

namespace mbench {
namespace {

Ticks Monotonic() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * kSecond + now.tv_nsec;
}

#if defined(__x86_64__)
// The TSC counts at one speed through sleep states and frequency changes: CPUID 8000_0007h, EDX bit
// 8 (AMD APM vol. 3, Intel SDM vol. 3 "Invariant TSC").
bool HasInvariantTsc() {
  unsigned a = 0, b = 0, c = 0, d = 0;
  return __get_cpuid(0x80000007, &a, &b, &c, &d) != 0 && (d & (1u << 8)) != 0;
}
#endif

}  // namespace

const Clock::Reading Clock::start_ = Clock::ReadBoth();

// The closest of a few tries, so that an interruption between the two readings does not spoil the
// calibration.
Clock::Reading Clock::ReadBoth() {
#if defined(__x86_64__)
  Reading best{};
  std::uint64_t best_gap = UINT64_MAX;
  for (int i = 0; i < 16; ++i) {
    const std::uint64_t before = __rdtsc();
    const Ticks monotonic = Monotonic();
    const std::uint64_t after = __rdtsc();
    if (after - before < best_gap) {
      best_gap = after - before;
      best = {before + (after - before) / 2, monotonic};
    }
  }
  return best;
#else
  return {.monotonic = Monotonic()};
#endif
}

void Clock::Calibrate() {
#if defined(__x86_64__)
  if (scale_.load(std::memory_order_relaxed) != 0 || !HasInvariantTsc()) return;
  while (SystemNow() < 20 * kMillisecond) {
  }
  const Reading now = ReadBoth();
  const auto cycles = static_cast<long double>(now.cycles - start_.cycles);
  const auto ns = static_cast<long double>(now.monotonic - start_.monotonic);
  scale_.store(static_cast<std::uint64_t>(ns / cycles * 4294967296.0L), std::memory_order_relaxed);
#endif
}

Ticks Clock::SystemNow() { return Monotonic() - start_.monotonic; }

Ticks Clock::FakeNow() {
  FakeClock* fake = fake_.load(std::memory_order_relaxed);
  return fake->now_.fetch_add(fake->step_, std::memory_order_relaxed);
}

std::string_view Clock::Name() {
  if (fake_.load(std::memory_order_relaxed) != nullptr) return "fake";
  return scale_.load(std::memory_order_relaxed) != 0 ? "tsc" : "clock_gettime";
}

double Clock::DriftPpm() {
  const Ticks monotonic = SystemNow();
  const Ticks own = Now();
  if (monotonic <= 0) return 0;
  return static_cast<double>(own - monotonic) / static_cast<double>(monotonic) * 1e6;
}

void Clock::SleepUntil(Ticks until, const std::atomic<bool>* stop) {
  if (FakeClock* fake = fake_.load(std::memory_order_relaxed)) return fake->AdvanceTo(until);
  // In slices, so that a stop is noticed: a condition variable would wake the thread at once but
  // cost the one who stops a walk over all sleepers.
  constexpr Ticks kSlice = 10 * kMillisecond;
  for (Ticks now = Now(); now < until; now = Now()) {
    if (stop != nullptr && stop->load(std::memory_order_relaxed)) return;
    const Ticks nap = std::min(until - now, kSlice);
    const timespec length{nap / kSecond, nap % kSecond};
    clock_nanosleep(CLOCK_MONOTONIC, 0, &length, nullptr);
  }
}

Ticks Clock::WaitUntil(Ticks until, const std::atomic<bool>* stop) {
  if (FakeClock* fake = fake_.load(std::memory_order_relaxed)) {
    fake->AdvanceTo(until);
    return 0;
  }
  WakeUp& wake_up = WakeUp::OfThread();
  Ticks begin = Now();
  if (const Ticks wake = until - wake_up.Lead(); begin < wake) {
    SleepUntil(wake, stop);
    begin = Now();
    wake_up.Learn(begin - wake);
  }
  Ticks now = begin;
  while (now < until && (stop == nullptr || !stop->load(std::memory_order_relaxed))) {
#if defined(__x86_64__)
    _mm_pause();
#endif
    now = Now();
  }
  return now - begin;
}

FakeClock::FakeClock(Ticks start, Ticks step) : now_(start), step_(step) {
  FakeClock* none = nullptr;
  MB_CHECK(Clock::fake_.compare_exchange_strong(none, this), "a second fake clock");
}

FakeClock::~FakeClock() { Clock::fake_.store(nullptr); }

void FakeClock::AdvanceTo(Ticks time) {
  Ticks now = now_.load(std::memory_order_relaxed);
  while (now < time && !now_.compare_exchange_weak(now, time, std::memory_order_relaxed)) {
  }
}

}  // namespace mbench
