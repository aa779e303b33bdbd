// SPDX-License-Identifier: Apache-2.0
//
// One request to the system under test, and what became of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "harness/base/clock.h"
#include "harness/base/names.h"

namespace mbench {

// What every key-value capable driver can do, and kStatement: a request in the driver's own
// language. rmw is not here: the engine sends it as a read and an update in one slot.
enum class OpKind : std::uint8_t { kRead, kUpdate, kInsert, kScan, kDelete, kStatement };
template <>
inline constexpr auto kNamesOf<OpKind> = Names("read", "update", "insert", "scan", "delete",
                                               "statement");

// How an op ended. Order and names are part of the result format.
enum class Outcome : std::uint8_t {
  kOk,
  kNotFound,  // answered: there is no such record
  kMismatch,  // answered with something that was never written there (only with `verify`)
  kFailed,    // the system or the line to it said no; Completion::error has the class
  kTimedOut,  // no answer within the op's time-out
  kRejected,  // the system said it is overloaded and did not try
};
template <>
inline constexpr auto kNamesOf<Outcome> = Names("ok", "not_found", "mismatch", "failed",
                                                "timed_out", "rejected");
inline constexpr std::size_t kOutcomes = kCountOf<Outcome>;

// An answer came and says what was asked for, or that it is not there.
inline constexpr bool IsAnswer(Outcome outcome) {
  return outcome == Outcome::kOk || outcome == Outcome::kNotFound;
}

// A record has 1..N fields. kAllFields: the op reads or writes the whole record.
inline constexpr std::uint16_t kAllFields = 0xffff;

// Views point into memory of the caller that stays as it is until the op's completion was
// delivered.
struct Op {
  OpKind kind = OpKind::kRead;
  std::uint16_t statement = 0;       // kStatement: index into the StatementSet, in its phase
  std::uint16_t field = kAllFields;  // read, update: the one field that is meant
  std::uint32_t slot = 0;            // echoed in the completion
  std::uint32_t scan_limit = 0;      // scan: records at most, from `key` on in key order
  Ticks planned = 0;                 // when it was due, for who is timed behind its reply
  std::string_view key;
  std::string_view value;  // update, insert: see drivers/record.h for records of many fields
  std::span<const std::string_view> arguments = {};  // kStatement: as StatementSpec::arguments
};

// How an op has ended. Each that was taken has one.
struct Completion {
  std::uint32_t slot = 0;
  // What moved for it, whatever became of it; of an op of many steps all of them. Drivers with a
  // line of their own count what goes over it, before TLS; embedded stores the keys and values; who
  // has a client library in between says in its README what it can see.
  std::uint32_t bytes_sent = 0, bytes_received = 0;
  // Documents, rows, points, messages: what was answered with, or written. 1 for a plain op.
  // Counted when the outcome is kOk.
  std::uint32_t items = 1;
  std::uint16_t error = 0;  // kFailed, kRejected: class, for Session::DescribeError; 0: none
  std::uint16_t label = 0;  // 0: none; else what the reply says of itself (replica, status, shard)
  Outcome outcome = Outcome::kOk;
  Ticks started = 0;   // when the request left our hands
  Ticks finished = 0;  // when its last byte arrived
  // What a read returned (one field or the record), when SessionPlan::want_values; valid until the
  // session's next Submit or Poll.
  std::string_view value = {};
};

// A step of a transaction that is done, while its op goes on: told before the completion of the op.
struct StepDone {
  std::uint32_t slot = 0;  // of the op
  // The rest as in Completion, of the step alone.
  std::uint32_t bytes_sent = 0, bytes_received = 0;
  std::uint32_t items = 1;
  std::uint16_t error = 0;
  std::uint16_t label = 0;  // names the step
  Outcome outcome = Outcome::kOk;
  Ticks started = 0;
  Ticks finished = 0;
};

}  // namespace mbench
