// SPDX-License-Identifier: Apache-2.0
//
// The largest numbers that a plan may hold. Not what a machine can do, but where a typing error is
// sure: nobody means a trillion records of a gigabyte.
#pragma once

#include <cstdint>

#include "harness/base/clock.h"
#include "harness/config/map_reader.h"

namespace mbench::limits {

inline constexpr std::int64_t kRecords = 1'000'000'000'000;
inline constexpr std::int64_t kFields = 10'000;
inline constexpr std::int64_t kFieldBytes = 64LL << 20;
inline constexpr std::int64_t kRecordBytes = 1LL << 30;
inline constexpr std::int64_t kKeyDigits = 100;
inline constexpr std::int64_t kTextBytes = 1LL << 20;  // of a generator
inline constexpr Range<double> kTheta = {0.001, 10, "a number above 0, at most 10"};
inline constexpr std::size_t kSystems = 16;
inline constexpr std::size_t kTransactionSteps = 64;
inline constexpr std::size_t kSetUpStatements = 100;
inline constexpr std::int64_t kBatch = 100'000;  // sets of values of a statement
inline constexpr std::int64_t kScan = 1'000'000;
inline constexpr std::int64_t kClients = 1'000'000;
inline constexpr std::int64_t kConnections = 1'000'000;
inline constexpr std::int64_t kWorkers = 1'024;
inline constexpr std::int64_t kSteps = 10'000;
inline constexpr std::int64_t kOps = 1'000'000'000'000'000;
inline constexpr std::int64_t kSeed = 1LL << 53;
inline constexpr double kRate = 100e6;
inline constexpr double kWeight = 1e9;
inline constexpr Ticks kLength = 366 * 24 * kHour;  // of a stage, and of the load
// How long a run that ends after so many ops may take; it would be a mistake to wait for longer.
inline constexpr Ticks kOpsLength = 30 * 24 * kHour;

}  // namespace mbench::limits
