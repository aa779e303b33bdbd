// SPDX-License-Identifier: Apache-2.0
//
// What the clients ask for: draws verbs, records and values, and judges what comes back.
//
//   SharedRecords   one per run: which records exist; inserts are numbered and acknowledged here
//   Workload        one per worker: everything else, nothing shared
//
// The stream of a worker is a pure function of (plan, seed, worker); only which records exist depends on
// the replies.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "harness/plan/run_plan.h"
#include "workloads/request.h"

namespace mbench {

class SharedRecords;

// Names of the ops of a mix, in the order of Request::op_index: the verbs with weight, then the statements.
std::vector<std::string> OpNames(const MixPlan& mix);

std::shared_ptr<SharedRecords> MakeSharedRecords(const RunPlan& plan);

// Thread: one worker. SharedRecords may be shared by all.
class Workload {
 public:
  // `worker`: makes streams of workers differ.
  Workload(const RunPlan& plan, std::shared_ptr<SharedRecords> records, std::uint32_t worker);
  ~Workload();

  // Chooses the next operation and fills `request`, op included (but for op.slot).
  void Next(Request* request);

  // A rmw whose read was answered: `request->op` becomes its update. The value was made by Next.
  void TurnToUpdate(Request* request) const;

  // To be called once for every request of Next when its outcome is final: acknowledges inserts.
  void Done(const Request& request, Outcome outcome);

  // Whether `value`, returned for the read in `request`, is something that this workload (any worker, any
  // earlier run with the same seed and data) may have written to that record.
  bool Matches(const Request& request, std::string_view value) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// The load phase: record number `first + n`, n = 0 .. count-1. Fills `request` with its insert.
// Thread: one worker.
class RecordLoader {
 public:
  explicit RecordLoader(const RunPlan& plan);
  ~RecordLoader();
  std::uint64_t Count() const;
  void Make(std::uint64_t n, Request* request);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mbench
