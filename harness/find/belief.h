// SPDX-License-Identifier: Apache-2.0
//
// Where the capacity is, after some probes: bisection with answers that may be wrong.
//
// A probe at level r votes for "the capacity is above r" with the probability that its window shows
// (the normal probability of its clarity z), and for "below" with the rest. Nothing is supposed but
// that a system which holds a level holds every lower one, and that a wrong vote is the less likely
// the farther away the capacity is: by one more standard error for each kSlack of the level. The
// belief about c = log(capacity) is the product over the probes of
//
//     1 - Phi(-|z| / k)              where c is on the side that the probe votes for
//     Phi(-(|z| + d / kSlack) / k)   where c is d away on the other one, and never less than
//                                    kPlainlyWrong
//
// (Horstein 1963; Waeber, Frazier and Henderson, "Bisection search with noisy responses", SIAM J.
// Control Optim. 2013.) k >= 1 is how much more runs differ than one of them shows; it is not
// known, so the belief is a mixture over several, weighted by how well each explains the probes:
// where they contradict one another, the interval widens by itself.
#pragma once

#include <span>
#include <vector>

#include "harness/find/probe.h"

namespace mbench {

class CapacityBelief {
 public:
  // Probes that do not count are left out. REQUIRES: levels are positive.
  explicit CapacityBelief(std::span<const Probe> probes);

  // The level below which the capacity lies with this probability.
  double Quantile(double probability) const;
  // The probability that the capacity is below `level`.
  double MassBelow(double level) const;

 private:
  struct Segment {
    double from, to;  // log(level)
    double mass;      // all together 1
  };
  std::vector<Segment> segments_;
};

}  // namespace mbench
