// SPDX-License-Identifier: Apache-2.0
#include "tests/find/simulated_queue.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "harness/base/rng.h"

namespace mbench {
namespace {

// Work that is begun at `begin` and rests while the server stalls.
double FinishOf(const QueuePlan& plan, double begin, double work) {
  if (plan.stall_every_s <= 0) return begin + work;
  double now = begin;
  for (;;) {
    const double next = (std::floor(now / plan.stall_every_s) + 1) * plan.stall_every_s;
    if (now + work <= next) return now + work;
    work -= next - now;
    now = next + plan.stall_s;
  }
}

// Exponential with mean 1, from 15 random bits: the middles of as many equal parts.
class ExponentialTable {
 public:
  ExponentialTable() {
    for (std::size_t i = 0; i < kParts; ++i)
      values_[i] = static_cast<float>(-std::log1p(-(static_cast<double>(i) + 0.5) / kParts));
  }
  double operator[](std::uint64_t bits) const { return values_[bits % kParts]; }

 private:
  static constexpr std::size_t kParts = 1 << 15;
  std::array<float, kParts> values_;
};
const ExponentialTable kExponential;

class Queue {
 public:
  Queue(const QueuePlan& plan, std::uint64_t seed)
      : plan_(plan), rng_(seed), free_at_(static_cast<std::size_t>(plan.servers), 0.0) {}

  double Gap(double rate) {
    return (plan_.arrivals == ArrivalsOf::kPoisson ? kExponential[rng_.Next() >> 13] : 1.0) / rate;
  }

  // When the request that arrives `now` is answered.
  double Send(double now) {
    double work = plan_.service_s;
    if (plan_.service == Service::kExponential) work *= kExponential[rng_.Next() >> 13];
    double& free_at = *std::ranges::min_element(free_at_);
    if (std::max(now, free_at) < plan_.cold_s) work *= plan_.cold_factor;
    if (plan_.collapse_above > 0 && (free_at - now) * static_cast<double>(plan_.servers) >
                                        plan_.collapse_above * plan_.service_s)
      work *= plan_.collapse_factor;
    free_at = FinishOf(plan_, std::max(now, free_at), work);
    return free_at;
  }

 private:
  const QueuePlan& plan_;
  Rng rng_;
  std::vector<double> free_at_;
};

}  // namespace

WindowSeen Simulate(const QueuePlan& plan, double rate, double warmup_s, double window_s,
                    std::uint64_t seed) {
  Queue queue(plan, seed);
  const auto seconds = static_cast<std::size_t>(window_s);
  WindowSeen seen{std::vector<ShareBlock>(seconds), std::vector<double>(seconds, 0), 0};
  std::vector<double> ended(seconds, 0);
  double now = queue.Gap(rate);
  double answered = 0;
  for (; now < warmup_s + window_s; now += queue.Gap(rate)) {
    const double finish = queue.Send(now);
    if (now < warmup_s) continue;
    const auto second = static_cast<std::size_t>(now - warmup_s);
    if (second >= seconds) break;
    seen.blocks[second].all += 1;
    seen.blocks[second].bad += finish - now >= plan.limit_s ? 1 : 0;
    if (finish >= warmup_s + window_s) continue;
    answered += 1;
    ended[static_cast<std::size_t>(finish - warmup_s)] += 1;
  }
  double open = 0;
  for (std::size_t i = 0; i < seconds; ++i) {
    open += seen.blocks[i].all - ended[i];
    seen.backlog[i] = open;
  }
  seen.answered_per_s = answered / window_s;
  return seen;
}

Probe ProbeOf(const WindowSeen& seen, const QueuePlan& plan, double rate, bool scout) {
  const ShareEvidence evidence = JudgeShare(seen.blocks, plan.allowed);
  Probe probe{.level = rate,
              .scout = scout,
              .end = evidence.share < plan.allowed ? ProbeEnd::kHolds : ProbeEnd::kBreaks,
              .margin = evidence.margin,
              .margin_error = evidence.margin_error,
              .clarity = evidence.clarity,
              .answered_per_s = seen.answered_per_s};
  if (QueueGrows(seen.backlog, rate)) {
    probe.end = ProbeEnd::kBreaks;
    probe.clarity = -kClear;
  } else if (IsUnsettled(seen.blocks, plan.allowed)) {
    probe.end = ProbeEnd::kUnsettled;
  }
  return probe;
}

}  // namespace mbench
