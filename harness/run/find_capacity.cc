// SPDX-License-Identifier: Apache-2.0
#include "harness/run/find_capacity.h"

#include <algorithm>

#include "harness/base/units.h"

namespace mbench {
namespace {

// Four scouts and eight full windows.
constexpr double kUsualProbes = 12;
constexpr double kUsualWindows = 9;
constexpr Ticks kOverhead = 2 * kSecond;  // of a probe: opening, draining, storing
constexpr Ticks kShortestWindow = 4 * kSecond;
constexpr Ticks kLongestWindow = 5 * kMinute;
constexpr Ticks kShortestScout = 2 * kSecond;
constexpr Ticks kLongestWarmup = 10 * kMinute;

class Finder {
 public:
  Finder(const FindTimes& times, const FindWorld& world, CapacityResult* result)
      : times_(times),
        world_(world),
        result_(*result),
        search_(result->options),
        begin_(world.now()) {
    for (const StoredProbe& stored : result_.probes) search_.Add(stored.probe);
    times_.warmup = std::max(times.warmup, result_.warmup);
    result_.warmup = times_.warmup;
    result_.window = times.window;
    result_.rest = times.rest;
    result_.ended_by.clear();
  }

  Status Run() {
    while (const std::optional<NextProbe> next = search_.Next()) {
      if (const Status ran = Go(*next); !ran) return ran;
      if (is_over_) break;
    }
    result_.capacity = search_.Answer();
    return world_.store(result_);
  }

 private:
  Status Go(const NextProbe& next) {
    const ProbeTimes times = TimesOf(next, times_);
    if (world_.interrupted()) return End("interrupted");
    const Ticks needed = times.warmup + times.window + kOverhead;
    if (times_.budget > 0 && world_.now() - begin_ + needed > times_.budget)
      return End(fmt::format("the budget of {} is used up", FormatDuration(times_.budget)));
    if (!result_.probes.empty()) world_.rest(times_.rest);
    const Result<ProbeOutcome> outcome = world_.probe(next, times);
    if (!outcome) return Unreached(next, outcome.error());
    if (outcome->interrupted) return End("interrupted");
    has_probed_ = true;
    if (result_.system.empty()) result_.system = outcome->system;
    Take(outcome->stored);
    return world_.store(result_);
  }

  void Take(const StoredProbe& stored) {
    result_.probes.push_back(stored);
    search_.Add(stored.probe);
    result_.capacity = search_.Answer();
    if (stored.probe.end == ProbeEnd::kUnsettled)
      times_.warmup = std::min(std::max(2 * times_.warmup, 2 * kSecond), kLongestWarmup);
    result_.warmup = times_.warmup;
    world_.tell(stored);
  }

  // Before the first probe of this session the system is not there yet; after it, it has died.
  Status Unreached(const NextProbe& next, const Error& error) {
    if (error.kind != ErrorKind::kUnreachable || !has_probed_) {
      result_.ended_by = error.message;
      if (const Status stored = world_.store(result_); !stored) return stored;
      return tl::unexpected<Error>(error);
    }
    StoredProbe died;
    died.probe.level = next.level;
    died.probe.scout = next.scout;
    died.probe.end = ProbeEnd::kDied;
    died.why = error.message;
    Take(died);
    return world_.store(result_);
  }

  Status End(std::string why) {
    result_.ended_by = std::move(why);
    is_over_ = true;
    return {};
  }

  FindTimes times_;  // the warm-up grows when it was too short
  const FindWorld& world_;
  CapacityResult& result_;
  CapacitySearch search_;
  const Ticks begin_;
  bool is_over_ = false;
  bool has_probed_ = false;  // in this session
};

}  // namespace

Ticks WindowFor(Ticks budget, Ticks warmup, Ticks rest) {
  const double left =
      static_cast<double>(budget) - kUsualProbes * static_cast<double>(warmup + rest + kOverhead);
  const auto window = static_cast<Ticks>(left / kUsualWindows) / kSecond * kSecond;
  return std::clamp(window, kShortestWindow, kLongestWindow);
}

ProbeTimes TimesOf(const NextProbe& next, const FindTimes& times) {
  const Ticks window = std::max(times.window, times.shortest);
  if (!next.scout) return {times.warmup, window};
  const Ticks quarter = (window / 4 + kSecond - 1) / kSecond * kSecond;
  return {times.warmup, std::min(std::max({quarter, kShortestScout, times.shortest}), window)};
}

Ticks ShortestProbe(const FindTimes& times) {
  const ProbeTimes scout = TimesOf({.scout = true}, times);
  return scout.warmup + scout.window + kOverhead;
}

Status FindCapacity(const FindTimes& times, const FindWorld& world, CapacityResult* result) {
  return Finder(times, world, result).Run();
}

}  // namespace mbench
