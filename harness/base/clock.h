// SPDX-License-Identifier: Apache-2.0
//
// The one clock of a run.
//
// Ticks are nanoseconds since the program began: a plain integer, so that times subtract, compare
// and print without a conversion. A reading is clock_gettime(CLOCK_MONOTONIC) (20-30 ns); after
// Calibrate(), on x86-64 with an invariant TSC, it is `rdtsc` and one multiplication (about 10 ns).
// Only what measures is worth the 20 ms of a calibration; `mbench --help` is not.
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
    if (const std::uint64_t scale = scale_.load(std::memory_order_relaxed); scale != 0) [[likely]] {
      const std::uint64_t cycles = __rdtsc() - start_.cycles;
      return static_cast<Ticks>((static_cast<Uint128>(cycles) * scale) >> 32);
    }
#endif
    return SystemNow();
  }

  // Makes readings cheap: waits until the program is 20 ms old, to know how long a cycle is to
  // about 1 ppm (both ends are known to some 10 ns). Times that were read before stay comparable.
  // Calls after the first one do nothing.
  static void Calibrate();

  // Returns at `until` or a little later. Sleeps while there is much time and spins for the last of
  // it, because a sleeping thread wakes late; for how long, each thread learns (wake_up.h). `stop`,
  // when it turns true, ends the wait within 10 ms. Returns the time spent spinning, which is CPU
  // time but not work.
  static Ticks WaitUntil(Ticks until, const std::atomic<bool>* stop = nullptr);

  // Sleeps without the spin: for waits where a millisecond does not matter.
  static void SleepUntil(Ticks until, const std::atomic<bool>* stop = nullptr);

  // "tsc", "clock_gettime" (also before Calibrate) or "fake": for the provenance of a result.
  static std::string_view Name();

  // How far the clock has moved away from CLOCK_MONOTONIC since it was calibrated, in parts per
  // million; 0 where it is that clock.
  static double DriftPpm();

 private:
  friend class FakeClock;
  // Both clocks at one moment.
  struct Reading {
    std::uint64_t cycles = 0;  // of the TSC; stays 0 where there is none
    Ticks monotonic = 0;
  };
  static Reading ReadBoth();
  static Ticks FakeNow();
  static Ticks SystemNow();

  static const Reading start_;  // when the program began: tick 0
  // Nanoseconds per cycle, 32.32 fixed point; 0: not calibrated, or no usable TSC.
  static inline std::atomic<std::uint64_t> scale_{0};
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
