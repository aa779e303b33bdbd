// SPDX-License-Identifier: Apache-2.0
//
// What the clients ask for: draws verbs, records and values, and judges what comes back.
//
//   SharedRecords   one per run: which records exist; inserts are numbered and acknowledged here
//   Workload        one per worker: everything else, nothing shared
//
//   OpMix           which kind of operation          keys/    which record, and its key text
//   SharedRecords   which records exist              values/  what is written, and what may be read
//   generators/     arguments of statements
//
// The stream of a worker is a pure function of (plan, seed, worker); only which records exist
// depends on the replies, and with sequential keys which worker takes which stretch depends on
// their speed.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/rng.h"
#include "harness/plan/run_plan.h"
#include "workloads/generators/argument_maker.h"
#include "workloads/keys/key_chooser.h"
#include "workloads/keys/key_text.h"
#include "workloads/op_mix.h"
#include "workloads/request.h"
#include "workloads/shared_records.h"
#include "workloads/values/value_maker.h"

namespace mbench {

// Names of the ops of a mix, in the order of Request::op_index: the verbs with weight, then the
// statements.
std::vector<std::string> OpNames(const MixPlan& mix);

// `share`: of a run that several processes share, the part of this one.
std::shared_ptr<SharedRecords> MakeSharedRecords(const RunPlan& plan, RunShare share = {});

// Thread: one worker. SharedRecords may be shared by all.
class Workload {
 public:
  // `worker`, of `workers`: makes their streams differ.
  Workload(const RunPlan& plan, std::shared_ptr<SharedRecords> records, std::uint32_t worker,
           std::uint32_t workers = 1);

  // Chooses the next operation and fills `request`, op included (but for op.slot).
  void Next(Request* request);

  // A rmw whose read was answered: `request->op` becomes its update. The value was made by Next.
  void TurnToUpdate(Request* request) const;

  // To be called once for every request of Next when its outcome is final: acknowledges inserts.
  void Done(const Request& request, Outcome outcome);

  // Whether `value`, returned for the read in `request`, is something that this workload (any
  // worker, any earlier run with the same seed and data) may have written to that record. True for
  // requests whose answer is not one record: scans, statements and writes.
  bool Matches(const Request& request, std::string_view value) const;
  // The version of what the read in `request` returned; nothing: no record of this workload.
  std::optional<std::uint64_t> VersionIn(const Request& request, std::string_view value) const {
    return values_.VersionIn(request.record, request.op.field, value);
  }

  // The number of the write that comes first, so that versions of two runs differ. Else they are
  // the same for the same seed.
  void BeginWritesAt(std::uint64_t number) { writes_ = number; }

 private:
  // Versions are unique within a run: the number of the write within its worker, then the worker,
  // in 36 and 12 bits. More than 4096 workers share; then only "who wrote it" is lost.
  static constexpr int kWorkerBits = 12;

  void NextVerb(Request* request);
  void NextStatement(std::uint16_t statement, Request* request);
  void WriteKey(Request* request) {
    request->op.key = key_text_.Write(request->record, &request->key_storage);
  }
  void MakeValue(Request* request, std::uint16_t field);
  std::uint64_t NextVersion();
  std::uint16_t ReadField() { return read_all_fields_ ? kAllFields : RandomField(); }
  std::uint16_t WriteField() { return write_all_fields_ ? kAllFields : RandomField(); }
  std::uint16_t RandomField();
  std::uint32_t ScanLength();

  std::shared_ptr<SharedRecords> records_;
  Rng rng_;
  OpMix mix_;
  KeyChooser chooser_;
  KeyText key_text_;
  ValueMaker values_;
  ArgumentMaker arguments_;
  bool read_all_fields_, write_all_fields_;
  ScanPlan scan_;
  std::optional<ZipfTable> scan_lengths_;  // rank 0: the shortest
  std::uint64_t writes_ = 0;
  std::uint32_t worker_;
};

// The load phase: record number `first + n`, n = 0 .. count-1. Fills `request` with its insert.
// Thread: one worker.
class RecordLoader {
 public:
  explicit RecordLoader(const RunPlan& plan);
  std::uint64_t Count() const { return count_; }
  void Make(std::uint64_t n, Request* request) const;

 private:
  std::uint64_t first_, count_;
  KeyText key_text_;
  ValueMaker values_;
};

// Reads of whole records by their number, to see which version they have.
// Thread: one.
class RecordLookup {
 public:
  explicit RecordLookup(const RunPlan& plan)
      : key_text_(plan.data.key), values_(plan.data.value, plan.engine.seed) {}
  void Make(std::uint64_t record, Request* request) const;
  std::optional<std::uint64_t> VersionIn(const Request& request, std::string_view value) const {
    return values_.VersionIn(request.record, kAllFields, value);
  }

 private:
  KeyText key_text_;
  ValueMaker values_;
};

}  // namespace mbench
