// SPDX-License-Identifier: Apache-2.0
//
// The numbered writes of the op that a session is doing: what they are, and, when the op is over,
// what the ledgers of the events and the log of the run are told of them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/mongodb/requests.h"
#include "drivers/mongodb/write_log.h"
#include "drivers/op.h"

namespace mbench::mongodb {

// Thread: one.
class WriteTracer {
 public:
  using Values = std::span<const std::string_view>;

  // `log`: null when writes are not logged; outlives the tracer.
  explicit WriteTracer(WriteLog* log)
      : log_(log), lane_(log == nullptr ? nullptr : log->NewLane()) {}

  // A write begins; returns its number, 0 for one without.
  std::uint64_t Begin(const Tracing& tracing, std::uint16_t statement, bool deletes);
  // Also adds the number to the values of the write. They are there until the next call.
  Values Begin(const Action& action, std::uint16_t statement, bool deletes, Values values);
  // The document of what the last call of Begin was about, if that is logged: what stands at `path`
  // ("_id", "query._id") in the filter, or in what is inserted. Without an _id it is one of its
  // own.
  void Name(std::string_view bson, const char* path);

  std::size_t Open() const { return open_.size(); }
  // What became of the writes from the `first` on: kOk acknowledged, kNotFound nothing was there to
  // write to, any other: nobody knows.
  void Settle(Outcome outcome, std::size_t first = 0);

 private:
  struct OpenWrite {
    EventLedger* ledger;
    bool logged;
    std::uint64_t collection;  // a hash
    std::uint64_t document;    // a hash of what it is called, and in which collection
    std::uint64_t number;      // that is left there; 0: it deletes
    Ticks started;
  };

  WriteLog* const log_;
  Ledger::Lane* const lane_;
  std::vector<OpenWrite> open_;
  bool names_last_ = false;  // the last of these began with the last call of Begin, and is logged
  std::string number_;
  std::vector<std::string_view> values_;
};

}  // namespace mbench::mongodb
