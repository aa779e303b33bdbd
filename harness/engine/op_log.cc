// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/op_log.h"

#include <algorithm>

namespace mbench {
namespace {

// What became of a write that was not answered with yes. No answer at all, though it was sent:
// nobody knows.
LedgerKind KindOf(const Completion& completion, Outcome outcome) {
  if (outcome == Outcome::kTimedOut) return LedgerKind::kInDoubt;
  const bool unanswered = completion.bytes_sent > 0 && completion.bytes_received == 0;
  const bool said_no = outcome == Outcome::kRejected;
  return unanswered && !said_no ? LedgerKind::kInDoubt : LedgerKind::kFailed;
}

}  // namespace

void OpLog::Add(const Request& request, const Completion& completion, Outcome outcome) {
  switch (request.op.kind) {
    case OpKind::kRead:
      return AddRead(request, completion, outcome);
    case OpKind::kUpdate:
    case OpKind::kInsert:
    case OpKind::kDelete:
      if (outcome == Outcome::kNotFound) return;  // there was nothing to write to
      return AddWrite(
          request,
          outcome == Outcome::kOk ? LedgerKind::kAcknowledged : KindOf(completion, outcome),
          completion.started, completion.finished);
    case OpKind::kScan:
    case OpKind::kStatement:
      return;
  }
}

void OpLog::AddUnanswered(const Request& request, Ticks planned, Ticks now) {
  const OpKind kind = request.op.kind;
  const bool writes = kind == OpKind::kUpdate || kind == OpKind::kInsert || kind == OpKind::kDelete;
  if (writes) AddWrite(request, LedgerKind::kInDoubt, std::min(planned, now), now);
}

void OpLog::AddWrite(const Request& request, LedgerKind kind, Ticks started, Ticks ended) {
  LedgerEntry entry;
  entry.version = request.op.kind == OpKind::kDelete ? kAbsentVersion : request.version;
  entry.SetKind(kind);
  Add(entry, request, started, ended);
}

void OpLog::AddRead(const Request& request, const Completion& completion, Outcome outcome) {
  if (!reads_) return;
  LedgerEntry entry;
  switch (outcome) {
    case Outcome::kOk:
      entry.version = workload_->VersionIn(request, completion.value).value_or(kNoVersion);
      break;
    case Outcome::kNotFound:
      entry.version = kAbsentVersion;
      break;
    case Outcome::kMismatch:
      entry.version = kNoVersion;
      break;
    default:
      return;
  }
  entry.SetKind(LedgerKind::kRead);
  if (completion.label != 0)
    entry.SetLabel(recorder_->PartNumber(request.op_index, completion.label) + 1U);
  Add(entry, request, completion.started, completion.finished);
}

void OpLog::Add(LedgerEntry entry, const Request& request, Ticks started, Ticks ended) {
  if (!LedgerEntry::Fits(started, ended)) return lane_->AddUnfit();
  entry.key = request.record;
  entry.SetClient(first_client_ + request.op.slot);
  entry.SetOp(request.op_index);
  entry.SetTimes(started, ended);
  lane_->Add(entry);
}

}  // namespace mbench
