// SPDX-License-Identifier: Apache-2.0
//
// Which records a store holds, by the mark it bears (drivers/marked_store.h), and what follows:
//
//   no records               they are loaded
//   the mark of this plan    nothing to do
//   "changed " and that      a run has added records or taken some away: all are loaded anew
//   "unfinished ..."         a load was ended: all are loaded anew, or it goes on where it was
//   another mark             refused, unless data.load is always
//   records without a mark   somebody else's: refused
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "drivers/marked_store.h"
#include "harness/base/result.h"
#include "harness/plan/run_plan.h"

namespace mbench {

// Thread: the conductor's.
class DataMarks {
 public:
  // `store`: null for a driver whose data bear no mark. Both outlive this.
  DataMarks(const RunPlan& plan, MarkedStore* store);

  // False: there are no records to load, or the mix has nothing but statements, which speak of the
  // user's own data.
  bool SpeaksOfRecords() const;

  // Clears what is in the way of a load. The record to begin with, which is not the first one when
  // an earlier load of the same data was ended; nothing: all records are there. Fails with kUsage
  // when the store holds something else.
  Result<std::optional<std::uint64_t>> MakeRoom() const;

  // A load by statement is under way: all records before `at` are written.
  void LeaveProgress(std::uint64_t at) const;
  // The load is done.
  Status LeaveWhole() const;
  // A run begins that may leave another data set behind, which the next one loads anew.
  Status LeaveChanging() const;

 private:
  Status CheckMayLoad(const StoredData& found) const;
  bool IsOurs(std::string_view found) const;
  Status LeaveTouched() const;

  const RunPlan& plan_;
  MarkedStore* store_;
  const std::string mark_;
};

}  // namespace mbench
