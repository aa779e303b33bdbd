// SPDX-License-Identifier: Apache-2.0
#include "drivers/sim/stalls.h"

#include <algorithm>

#include "harness/base/text.h"
#include "harness/base/units.h"

namespace mbench::sim {

Result<Stalls> Stalls::Parse(std::string_view text) {
  text = Trim(text);
  if (text.starts_with("every ")) return ParseEvery(text.substr(6));
  Stalls stalls;
  if (text.empty()) return stalls;
  for (const std::string_view part : Split(text, ',')) {
    const Result<Span> span = ParseOne(Trim(part));
    if (!span) return Failed(span);
    stalls.list_.push_back(*span);
  }
  std::ranges::sort(stalls.list_, {}, &Span::from);
  const auto touching = std::ranges::adjacent_find(
      stalls.list_, [](const Span& one, const Span& next) { return next.from <= one.to; });
  if (touching == stalls.list_.end()) return stalls;
  return BadConfig("option 'stalls': two stalls of {} overlap; expected one after the other",
                   Quote(text));
}

Result<Stalls> Stalls::ParseEvery(std::string_view text) {
  const std::size_t middle = text.find(" for ");
  if (middle == std::string_view::npos) {
    return BadConfig(
        "option 'stalls': 'every {}' has no length; expected something like 'every 5s for 500ms'",
        text);
  }
  const Result<Ticks> every = ParseDuration(Trim(text.substr(0, middle)));
  const Result<Ticks> length = ParseDuration(Trim(text.substr(middle + 5)));
  if (!every || !length) {
    return BadConfig("option 'stalls': {}", (every ? length : every).error().message);
  }
  if (*every < kMillisecond) {
    return BadConfig(
        "option 'stalls': 'every {}' is too often; expected at least 1ms from one to the next",
        text);
  }
  if (*length == 0 || *length >= *every) {
    return BadConfig(
        "option 'stalls': a stall has to be longer than nothing and shorter than the time from one "
        "to the next: 'every {}'",
        text);
  }
  Stalls stalls;
  stalls.every_ = *every;
  stalls.length_ = *length;
  return stalls;
}

Result<Stalls::Span> Stalls::ParseOne(std::string_view text) {
  const std::size_t plus = text.find('+');
  if (plus == std::string_view::npos) {
    return BadConfig(
        "option 'stalls': not a stall: {}; expected something like 5s+500ms (at 5 s, for 500 ms)",
        Quote(text));
  }
  const Result<Ticks> from = ParseDuration(Trim(text.substr(0, plus)));
  const Result<Ticks> length = ParseDuration(Trim(text.substr(plus + 1)));
  if (!from || !length)
    return BadConfig("option 'stalls': {}", (from ? length : from).error().message);
  return Span{*from, *from + *length};
}

Ticks Stalls::Finish(Ticks begin, Ticks work) const {
  Ticks now = begin;
  for (Span stall = NextAfter(now); stall.from < std::min(now + work, kNever);
       stall = NextAfter(now)) {
    work -= std::max<Ticks>(stall.from - now, 0);
    now = stall.to;
  }
  return now + work;
}

Stalls::Span Stalls::NextAfter(Ticks time) const {
  if (every_ > 0) {
    // The n-th is [n every, n every + length), n = 1, 2, ...
    const Ticks n = std::max<Ticks>((time - length_) / every_ + (time >= length_ ? 1 : 0), 1);
    return {n * every_, n * every_ + length_};
  }
  const auto next = std::ranges::upper_bound(list_, time, {}, &Span::to);
  return next == list_.end() ? Span{kNever, kNever} : *next;
}

}  // namespace mbench::sim
