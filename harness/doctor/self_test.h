// SPDX-License-Identifier: Apache-2.0
//
// What this host can measure, tried for about two seconds: how late a thread wakes, how even a loop
// runs that does the same again and again, how many operations a second mbench itself makes, and
// how many questions and answers loopback carries.
#pragma once

#include <vector>

#include "harness/base/clock.h"
#include "harness/base/finding.h"

namespace mbench {

struct SelfTest {
  double clock_read_ns = 0;
  Ticks wake_p50 = 0, wake_p99 = 0;  // after the time it was to wake at
  // A loop of always the same work: its time, and how much longer one of a hundred takes.
  Ticks loop_p50 = 0, loop_p99 = 0;
  double noop_per_s = 0;      // of the driver that does nothing; 0: it could not be tried
  double loopback_per_s = 0;  // a message to another thread over TCP and back; 0: the same
};

// Thread: one; makes others. The clock is calibrated.
SelfTest TestHost();

// As rows.
std::vector<Finding> Findings(const SelfTest& test);

}  // namespace mbench
