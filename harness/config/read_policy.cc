// SPDX-License-Identifier: Apache-2.0
//
//   retry: {on: [timed_out, rejected], times: 3, backoff: 10ms, most: 1s, jitter: 50%}
//   breaker: {open_after: 5, for: 5s, half_open: 1}
#include <algorithm>

#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/config/sections.h"

namespace mbench {
namespace {

constexpr Range<std::int64_t> kTimes = {1, 100, "1 to 100"};
constexpr Range<Ticks> kBackoff = {0, kHour, "0s to 1h"};

void ReadOutcome(const ValueNode& item, const ReadState& state, RetryPolicy* retry) {
  const std::string* const text = ScalarText(item, "an outcome", state.mistakes);
  if (text == nullptr) return;
  std::vector<std::string_view> names;
  for (const RetriedOutcome& outcome : kRetriedOutcomes) {
    if (outcome.name == *text) {
      retry->*outcome.is_retried = true;
      return;
    }
    names.push_back(outcome.name);
  }
  state.mistakes->Add(item.place,
                      fmt::format("{} is no outcome that is tried again; those are failed, "
                                  "timed_out and rejected{}",
                                  Quote(*text), Suggest(*text, names)));
}

}  // namespace

void ReadRetry(const ValueNode& node, const ReadState& state) {
  RetryPolicy& retry = state.plan->client.retry;
  MapReader map(node, "retry", "{on: [timed_out, rejected], times: 3, backoff: 10ms}",
                state.mistakes);
  retry.times = 3;
  if (const ValueNode* const on = map.Find("on");
      on != nullptr && IsList(*on, "on", "[timed_out, rejected]", state)) {
    for (const RetriedOutcome& outcome : kRetriedOutcomes) retry.*outcome.is_retried = false;
    for (const ValueNode& item : on->children) ReadOutcome(item, state, &retry);
    if (on->children.empty()) map.Complain("on", "no outcome is tried again");
  }
  map.Count("times", kTimes, &retry.times);
  map.Duration("backoff", kBackoff, &retry.backoff);
  if (!map.Duration("most", kBackoff, &retry.most))
    retry.most = std::max(retry.most, retry.backoff);
  else if (retry.most < retry.backoff)
    map.Complain("most", fmt::format("the longest backoff is shorter than the first one, {}",
                                     FormatDuration(retry.backoff)));
  map.Fraction("jitter", &retry.jitter);
  map.Finish();
}

void ReadBreaker(const ValueNode& node, const ReadState& state) {
  BreakerPolicy& breaker = state.plan->client.breaker;
  MapReader map(node, "breaker", "{open_after: 5, for: 5s, half_open: 1}", state.mistakes);
  breaker.open_after = 5;
  map.Count("open_after", {1, 1'000'000, "1 to 1M"}, &breaker.open_after);
  map.Duration("for", {kMillisecond, kHour, "1ms to 1h"}, &breaker.open_for);
  map.Count("half_open", {1, 1000, "1 to 1000"}, &breaker.half_open);
  map.Finish();
}

}  // namespace mbench
