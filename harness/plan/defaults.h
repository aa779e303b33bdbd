// SPDX-License-Identifier: Apache-2.0
//
// Every default of a run, once, with its reason. README tables and `mbench check` show these.
#pragma once

#include <cstdint>

#include "harness/base/clock.h"

namespace mbench::defaults {

// Data: the records of YCSB's core workload, so that numbers can be set beside those of others.
// 100k of them are about 100 MB: loaded in a second or two, and larger than the caches of a CPU.
inline constexpr std::uint64_t kRecords = 100'000;
inline constexpr std::uint16_t kFields = 10;
inline constexpr std::uint32_t kFieldBytes = 100;
inline constexpr const char* kKeyPrefix = "user";

// Key choice: constants of YCSB's core workload.
inline constexpr double kTheta = 0.99;
inline constexpr double kHotRecords = 0.2;
inline constexpr double kHotOps = 0.8;
inline constexpr double kExponentialPercent = 95;
inline constexpr double kExponentialRecords = 0.8571428571;
inline constexpr std::uint32_t kScanMin = 1;
inline constexpr std::uint32_t kScanMax = 1000;

// Long enough for a stall of a healthy system to be measured and not cut off, short enough that a
// dead one is seen.
inline constexpr Ticks kTimeout = 10 * kSecond;
// A little longer than the time-out: by then every op has ended one way or the other.
inline constexpr Ticks kDrain = 11 * kSecond;

// Open model: a bound for what is in flight. Ops that are due wait behind it, timed from when they
// were due.
inline constexpr std::uint32_t kOpenConnections = 64;

// Events. Ten polls a second are no load; most promotions and restarts take less than a minute.
inline constexpr Ticks kWaitEvery = 100 * kMillisecond;
inline constexpr Ticks kWaitLimit = 60 * kSecond;
// An outage is over when this part of the ops or less fails for this long: 99.9 % is what people
// promise, and a failover that flaps does so within a second or two.
inline constexpr double kRecoveredErrors = 0.001;
inline constexpr Ticks kRecoveredFor = 3 * kSecond;
// Time without an answer is told from this many times the usual on, where no outage was declared:
// with arrivals at random that comes by chance once in 5e8 times. And not below this length, which
// is what a host that is busy does to a thread.
inline constexpr double kGapTimes = 20;
inline constexpr Ticks kShortestGap = kSecond;
// Where one was declared, it is one from this length on.
inline constexpr Ticks kShortestOutage = 100 * kMillisecond;

// Runs are repeatable unless asked otherwise.
inline constexpr std::uint64_t kSeed = 42;

// ---- when a run is not valid (harness/result/validity.h) ----------------------------------------

// Open model: the part of the planned ops that has to be answered by the end of the measured time.
inline constexpr double kMinAchieved = 0.99;
// More errors than this and the latencies describe another system than the one that was meant.
inline constexpr double kMaxErrors = 0.05;
// The harness's own delay (an op was due, a connection was free, and it was not started) may be
// this part of the median response, or kMaxDelay, whichever is larger, at its 99th percentile.
inline constexpr double kMaxDelayPart = 0.10;
inline constexpr Ticks kMaxDelay = 1 * kMillisecond;
// Time stolen by the hypervisor, as a part of all CPU time of the host.
inline constexpr double kMaxSteal = 0.10;
// A worker that is busy for more of its time than this has no room for what comes next: the load
// generator is full.
inline constexpr double kFullWorker = 0.95;
// More of the host's CPU time than this in this process, and its threads wait for a CPU.
inline constexpr double kFullHost = 0.90;
// Of the host's CPU time, in the hands of processes that are neither the load generator nor the
// system under test: from the first the reader is told, and beyond the second they are as much a
// part of the latencies as the system is.
inline constexpr double kSomeOthers = 0.05;
inline constexpr double kMaxOthers = 0.20;
// In a shorter run a burst of somebody's is a large part; it gets the warning alone.
inline constexpr Ticks kOthersJudgedFrom = 5 * kSecond;
// With these a run is still valid, with a warning: a clock this far off is worth a look, and a run
// this short has seen no compaction, no checkpoint and no garbage collection.
inline constexpr double kMaxClockDriftPpm = 100;
inline constexpr Ticks kShortRun = 10 * kSecond;

// ---- when two configurations are compared (reports/compare/verdict.h) ---------------------------

// Changes that matter, as a part of A's value; of errors as a difference. Tails vary more from run
// to run, and people act on larger changes of them.
inline constexpr double kMarginRate = 0.05;
inline constexpr double kMarginMiddle = 0.05;  // percentiles below kTailFrom
inline constexpr double kMarginTail = 0.10;
inline constexpr double kTailFrom = 90;
inline constexpr double kMarginCpu = 0.05;
inline constexpr double kMarginErrors = 0.001;

}  // namespace mbench::defaults
