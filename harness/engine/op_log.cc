// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/op_log.h"

#include <algorithm>

namespace mbench {
namespace {

// What became of a write. No answer at all, though it was sent: nobody knows.
LedgerKind KindOf(const Completion& completion, Outcome outcome) {
  if (outcome == Outcome::kOk) return LedgerKind::kAcknowledged;
  if (outcome == Outcome::kTimedOut) return LedgerKind::kInDoubt;
  const bool unanswered = completion.bytes_sent > 0 && completion.bytes_received == 0;
  const bool said_no = outcome == Outcome::kRejected;
  return unanswered && !said_no ? LedgerKind::kInDoubt : LedgerKind::kFailed;
}

}  // namespace

void OpLog::Add(const Request& request, const Completion& completion, Outcome outcome) {
  if (request.op.kind != OpKind::kStatement) {
    if (followed_.verbs) AddVerb(request, completion, outcome);
  } else if (!followed_.statements.empty()) {
    AddStatement(request, completion, outcome);
  }
}

void OpLog::AddVerb(const Request& request, const Completion& completion, Outcome outcome) {
  switch (request.op.kind) {
    case OpKind::kRead:
      return AddRead(request, completion, outcome);
    case OpKind::kUpdate:
    case OpKind::kInsert:
    case OpKind::kDelete:
      if (outcome == Outcome::kNotFound) return;  // there was nothing to write to
      return AddWrite(request, KindOf(completion, outcome), completion.started,
                      completion.finished);
    case OpKind::kScan:
    case OpKind::kStatement:
      return;
  }
}

// A statement may do both: what a compare-and-set has found, and what it has left. One that says
// that it has written nothing has written nothing.
void OpLog::AddStatement(const Request& request, const Completion& completion, Outcome outcome) {
  const FollowedStatement& statement = followed_.statements[request.op.statement];
  const bool idle =
      outcome == Outcome::kNotFound || (outcome == Outcome::kOk && completion.items == 0);
  if (statement.write && !idle)
    AddStatementWrite(*statement.write, request, KindOf(completion, outcome), completion.started,
                      completion.finished);
  if (!statement.read || !IsAnswer(outcome)) return;
  LedgerEntry entry;
  entry.version = outcome == Outcome::kNotFound        ? kAbsentVersion
                  : completion.value.data() == nullptr ? kNoVersion
                                                       : VersionNumber(completion.value);
  entry.SetKind(LedgerKind::kRead);
  entry.SetLabel(LabelOf(request, completion));
  Add(entry, KeyNumber(Text(*statement.read, request)), request, completion.started,
      completion.finished);
}

void OpLog::AddUnanswered(const Request& request, Ticks planned, Ticks now) {
  const OpKind kind = request.op.kind;
  const Ticks started = std::min(planned, now);
  const bool writes = kind == OpKind::kUpdate || kind == OpKind::kInsert || kind == OpKind::kDelete;
  if (writes && followed_.verbs) AddWrite(request, LedgerKind::kInDoubt, started, now);
  if (kind != OpKind::kStatement || followed_.statements.empty()) return;
  const FollowedStatement& statement = followed_.statements[request.op.statement];
  if (statement.write)
    AddStatementWrite(*statement.write, request, LedgerKind::kInDoubt, started, now);
}

void OpLog::AddStatementWrite(const FollowedStatement::Write& write, const Request& request,
                              LedgerKind kind, Ticks started, Ticks ended) {
  LedgerEntry entry;
  entry.version = VersionNumber(Text(write.version, request));
  entry.SetKind(kind);
  const std::string_view key = Text(write.key, request);
  const std::uint64_t number = KeyNumber(key);
  keys_.Keep(number, key);
  Add(entry, number, request, started, ended);
}

// Good until the next one.
std::string_view OpLog::Text(const TextTemplate& text, const Request& request) {
  text_.clear();
  text.AppendTo(request.op.arguments, &text_);
  return text_;
}

void OpLog::AddWrite(const Request& request, LedgerKind kind, Ticks started, Ticks ended) {
  LedgerEntry entry;
  entry.version = request.op.kind == OpKind::kDelete ? kAbsentVersion : request.version;
  entry.SetKind(kind);
  Add(entry, request.record, request, started, ended);
}

void OpLog::AddRead(const Request& request, const Completion& completion, Outcome outcome) {
  if (!followed_.reads) return;
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
  entry.SetLabel(LabelOf(request, completion));
  Add(entry, request.record, request, completion.started, completion.finished);
}

std::uint64_t OpLog::LabelOf(const Request& request, const Completion& completion) const {
  if (completion.label == 0) return 0;
  return recorder_->PartNumber(request.op_index, completion.label) + 1U;
}

void OpLog::Add(LedgerEntry entry, std::uint64_t key, const Request& request, Ticks started,
                Ticks ended) {
  if (!LedgerEntry::Fits(started, ended)) return lane_->AddUnfit();
  entry.key = key;
  entry.SetClient(first_client_ + request.op.slot);
  entry.SetOp(request.op_index);
  entry.SetTimes(started, ended);
  lane_->Add(entry);
}

}  // namespace mbench
