// SPDX-License-Identifier: Apache-2.0
//
// Which level to probe next, when the search is over, and what it found. A pure function of the
// probes so far: a search that was stopped goes on when it is told them again, in their order.
//
//   bracket   levels a factor apart, from `start`, until one holds and a higher one breaks; short
//             windows (scouts)
//   narrow    where a line through the margins of the nearest probes meets the limit; where no line
//             fits (a cliff), the middle of the belief
//   confirm   the lower bound has to hold three times and the upper one to break; a probe that
//             contradicts moves its bound outwards, and the interval is wider
//
// An interval that is found has three runs at its lower end that held and none that broke there, at
// least one at its upper end that broke and none that held there, and 95 % of the belief
// (belief.h).
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "harness/base/names.h"
#include "harness/find/belief.h"
#include "harness/find/probe.h"

namespace mbench {

struct SearchOptions {
  double start = 1000;
  double lowest = 1;    // that it breaks here is the end of the search
  double highest = 0;   // so is that it holds here; 0: no limit
  double width = 0.03;  // of the interval, as a part of the capacity, when chance allows it
  std::size_t most_probes = 12;  // that count
  bool whole = false;            // levels are whole numbers: clients
};

enum class SearchEnd {
  kFound,       // an interval, confirmed
  kWide,        // an interval, but no more probes to confirm or narrow it
  kAtLeast,     // what was asked for held up to the limit; `low` is the highest level that did
  kNeverHolds,  // not even the lowest level holds
  kDied,        // the system went away; `low` as in kAtLeast
  kHost,        // probes did not count, again and again
  kNothing,     // ended before a level was found that holds
};
template <>
inline constexpr auto kNamesOf<SearchEnd> = Names("found", "wide", "at_least", "never_holds",
                                                  "died", "host", "nothing");

struct CapacityInterval {
  SearchEnd end = SearchEnd::kNothing;
  double low = 0;   // the highest level that is known to hold; 0: none is
  double high = 0;  // a level that is known to break; 0: none is
};

struct NextProbe {
  double level = 0;
  bool scout = false;
};

class CapacitySearch {
 public:
  explicit CapacitySearch(const SearchOptions& options) : options_(options) {}

  void Add(const Probe& probe);
  // Nothing: the search is over.
  std::optional<NextProbe> Next() const;
  // What is known now; after the end of the search what it found.
  CapacityInterval Answer() const;

  const std::vector<Probe>& Probes() const { return probes_; }

 private:
  struct Bounds {
    double low = 0, high = 0;  // 0: not known
    bool Both() const { return low > 0 && high > 0; }
  };
  struct Line {
    double root = 0;   // where it meets the limit
    double error = 0;  // of one probe in the level, as a part of it
  };

  std::size_t Counted() const;
  std::size_t InARow(ProbeEnd end) const;  // the last ones
  std::size_t Count(double level, ProbeEnd end) const;
  double Ceiling() const;    // the lowest level that the load generator could not do; 0: none
  Bounds Seen() const;       // the highest level that held and the lowest that broke
  Bounds Confident() const;  // the same, as far as the belief has no doubt
  Bounds Confirmed() const;  // the narrowest pair that may be an answer

  std::optional<NextProbe> Raise(const Probe& highest) const;
  std::optional<NextProbe> Lower(const Probe& lowest) const;
  std::optional<NextProbe> Narrow(const Bounds& within) const;
  std::optional<NextProbe> Confirm(const Bounds& target) const;
  std::optional<NextProbe> At(double level, bool scout) const;
  std::optional<Line> FitLine(const Bounds& within) const;
  // Where the two ends of the interval should be; nothing: not known well enough.
  std::optional<Bounds> Target() const;
  double HalfWidth(const Line& line) const;
  double Snap(double level, double from, double to, ProbeEnd end) const;
  double MostAnswered() const;  // per second, of probes that broke by answering less; 0: none did
  std::size_t RunsAbove() const;
  bool IsNarrow(const Bounds& bounds, double width) const;

  SearchOptions options_;
  std::vector<Probe> probes_;
  CapacityBelief belief_{{}};
  double widened_ = 1;  // by probes that contradicted a bound
};

}  // namespace mbench
