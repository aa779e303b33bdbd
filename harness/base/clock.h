// SPDX-License-Identifier: Apache-2.0
//
// The one clock of a run.
//
// Ticks are nanoseconds since the clock was first used: a plain integer, so that times subtract,
// compare and print without a conversion. On x86-64 with an invariant TSC a reading is `rdtsc` and
// one multiplication (about 10 ns); elsewhere it is clock_gettime(CLOCK_MONOTONIC) (20-30 ns).
//
// Everything that reads the time or waits goes through here, so that a test can put a FakeClock in
// its place: then waiting costs nothing and a run of an hour takes a moment, the same on every
// machine.
#pragma once

#include <atomic>
#include <cstdint>
#include <string_view>

#include "harness/base/uint128.h"

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

namespace mbench {

using Ticks = std::int64_t;

inline constexpr Ticks kMicrosecond = 1'000;
inline constexpr Ticks kMillisecond = 1'000'000;
inline constexpr Ticks kSecond = 1'000'000'000;
inline constexpr Ticks kMinute = 60 * kSecond;
inline constexpr Ticks kHour = 60 * kMinute;
// Later than any time of a run (292 years), and still safe to add an hour to.
inline constexpr Ticks kNever = INT64_MAX / 2;

inline constexpr double ToSeconds(Ticks ticks) { return static_cast<double>(ticks) * 1e-9; }
inline constexpr Ticks FromSeconds(double seconds) { return static_cast<Ticks>(seconds * 1e9); }

class FakeClock;

// Thread: all of it from any thread.
class Clock {
 public:
  static Ticks Now() {
    if (fake_.load(std::memory_order_relaxed) != nullptr) [[unlikely]]
      return FakeNow();
#if defined(__x86_64__)
    if (scale_.mult != 0) [[likely]] {
      const std::uint64_t cycles = __rdtsc() - scale_.base;
      return static_cast<Ticks>((static_cast<Uint128>(cycles) * scale_.mult) >> 32);
    }
#endif
    return SystemNow();
  }

  // Returns at `until` or a little later. Sleeps while there is much time and spins for the last
  // kSpin of it, because a sleeping thread wakes 5-60 us late. `stop`, when it turns true, ends the
  // wait within 10 ms. Returns the time spent spinning, which is CPU time but not work.
  static Ticks WaitUntil(Ticks until, const std::atomic<bool>* stop = nullptr);

  // Sleeps without the spin: for waits where a millisecond does not matter.
  static void SleepUntil(Ticks until, const std::atomic<bool>* stop = nullptr);

  // "tsc", "clock_gettime" or "fake": goes into the provenance of a result.
  static std::string_view Name();

  // How far the clock has moved away from CLOCK_MONOTONIC since it was calibrated, in parts per
  // million; 0 where it is that clock.
  static double DriftPpm();

  static constexpr Ticks kSpin = 60 * kMicrosecond;

 private:
  friend class FakeClock;
  struct Scale {
    std::uint64_t base = 0;  // TSC at the first use
    std::uint64_t mult = 0;  // nanoseconds per cycle, 32.32 fixed point; 0: no usable TSC
    Ticks monotonic = 0;     // CLOCK_MONOTONIC at `base`
  };
  static Scale Calibrate();
  static Ticks FakeNow();
  static Ticks SystemNow();

  static const Scale scale_;
  static inline std::atomic<FakeClock*> fake_{nullptr};
};

// A clock that moves only when somebody waits (or by `step` at every reading, for code that polls).
// While it lives, Clock answers with it, in the whole process. For tests.
class FakeClock {
 public:
  explicit FakeClock(Ticks start = 0, Ticks step = 0);
  ~FakeClock();
  FakeClock(const FakeClock&) = delete;
  FakeClock& operator=(const FakeClock&) = delete;

  void AdvanceTo(Ticks time);  // never backwards
  void Advance(Ticks by) { now_.fetch_add(by, std::memory_order_relaxed); }

 private:
  friend class Clock;
  std::atomic<Ticks> now_;
  const Ticks step_;
};

}  // namespace mbench
