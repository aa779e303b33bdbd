// SPDX-License-Identifier: Apache-2.0
#include "workloads/workload.h"

#include <algorithm>
#include <utility>

namespace mbench {
namespace {

OpKind FirstKind(Verb verb) {
  switch (verb) {
    case Verb::kUpdate:
      return OpKind::kUpdate;
    case Verb::kInsert:
      return OpKind::kInsert;
    case Verb::kScan:
      return OpKind::kScan;
    case Verb::kDelete:
      return OpKind::kDelete;
    case Verb::kRead:
    case Verb::kRmw:
      break;
  }
  return OpKind::kRead;
}

std::optional<ZipfTable> ScanLengths(const ScanPlan& plan) {
  if (plan.choose != LengthChoice::kZipfian) return std::nullopt;
  return ZipfTable(plan.max - std::min(plan.min, plan.max) + 1, defaults::kTheta);
}

}  // namespace

std::vector<std::string> OpNames(const MixPlan& mix) {
  std::vector<std::string> names;
  for (const OpChoice& choice : OpChoices(mix)) {
    names.emplace_back(choice.is_statement ? std::string_view(mix.statements[choice.statement].name)
                                           : Name(choice.verb));
  }
  return names;
}

std::shared_ptr<SharedRecords> MakeSharedRecords(const RunPlan& plan, RunShare share) {
  auto records =
      std::make_shared<SharedRecords>(plan.data.first, plan.data.records, plan.keys.theta, share);
  if (plan.mix.fleet)
    records->SetFleet(std::make_shared<SharedFleet>(*plan.mix.fleet, plan.engine.seed));
  return records;
}

Workload::Workload(const RunPlan& plan, std::shared_ptr<SharedRecords> records,
                   std::uint32_t worker, std::uint32_t workers)
    : records_(std::move(records)),
      rng_(Mix64(plan.engine.seed, worker)),
      mix_(plan.mix),
      chooser_(plan, records_.get()),
      key_text_(plan.data.key),
      values_(plan.data.value, plan.engine.seed),
      arguments_(plan.mix, worker, workers, records_->Fleet()),
      read_all_fields_(plan.mix.read_all_fields || plan.data.value.fields == 1),
      write_all_fields_(plan.mix.write_all_fields || plan.data.value.fields == 1),
      scan_(plan.mix.scan),
      scan_lengths_(ScanLengths(plan.mix.scan)),
      worker_(worker) {}

void Workload::Next(Request* request) {
  const OpChoice& choice = mix_.Draw(rng_);
  request->op_index = choice.op_index;
  request->verb = choice.verb;
  request->is_statement = choice.is_statement;
  request->op.kind = FirstKind(choice.verb);
  request->op.statement = 0;
  request->op.field = kAllFields;
  request->op.scan_limit = 0;
  request->op.key = {};
  request->op.value = {};
  request->op.arguments = {};
  request->record = choice.verb == Verb::kInsert ? records_->TakeInsert() : chooser_.Next(rng_);
  if (choice.is_statement) return NextStatement(choice.statement, request);
  WriteKey(request);
  NextVerb(request);
}

void Workload::NextStatement(std::uint16_t statement, Request* request) {
  request->op.kind = OpKind::kStatement;
  request->op.statement = statement;
  if (arguments_.WantsKey(statement)) WriteKey(request);
  if (arguments_.WantsValue(statement)) MakeValue(request, 0);
  if (arguments_.WantsVersion(statement)) request->version = records_->TakeVersion();
  arguments_.Make(statement, rng_, request);
}

void Workload::NextVerb(Request* request) {
  Op& op = request->op;
  switch (request->verb) {
    case Verb::kRead:
      op.field = ReadField();
      return;
    case Verb::kUpdate:
      MakeValue(request, WriteField());
      return TurnToUpdate(request);
    case Verb::kInsert:
      MakeValue(request, kAllFields);
      op.value = request->value;
      return;
    case Verb::kScan:
      op.field = ReadField();
      op.scan_limit = ScanLength();
      return;
    case Verb::kDelete:
      return;
    case Verb::kRmw:
      op.field = ReadField();
      return MakeValue(request, WriteField());
  }
}

void Workload::MakeValue(Request* request, std::uint16_t field) {
  request->version = NextVersion();
  request->write_field = field;
  if (field == kAllFields) {
    values_.WriteRecord(request->record, request->version, &request->value);
  } else {
    values_.WriteField(request->record, request->version, field, &request->value);
  }
}

void Workload::TurnToUpdate(Request* request) const {
  request->op.kind = OpKind::kUpdate;
  request->op.field = request->write_field;
  request->op.value = request->value;
}

void Workload::Done(const Request& request, Outcome outcome) {
  if (request.is_statement || request.verb != Verb::kInsert) return;
  if (outcome == Outcome::kOk) {
    records_->Acknowledge(request.record);
  } else {
    records_->GiveBack(request.record);
  }
}

bool Workload::Matches(const Request& request, std::string_view value) const {
  const bool reads = request.verb == Verb::kRead || request.verb == Verb::kRmw;
  if (request.is_statement || !reads) return true;
  if (request.op.field == kAllFields) return values_.MatchesRecord(request.record, value);
  return values_.MatchesField(request.record, request.op.field, value);
}

// Counts from 1: version 0 is what the load phase writes.
std::uint64_t Workload::NextVersion() {
  return (++writes_ << kWorkerBits | (worker_ & ((1U << kWorkerBits) - 1))) % ValueMaker::kVersions;
}

std::uint16_t Workload::RandomField() {
  return static_cast<std::uint16_t>(rng_.Below(values_.Fields()));
}

std::uint32_t Workload::ScanLength() {
  const std::uint32_t min = std::min(scan_.min, scan_.max);
  const std::uint64_t longer =
      scan_lengths_ ? scan_lengths_->Draw(rng_) : rng_.Below(std::uint64_t{scan_.max} - min + 1);
  return min + static_cast<std::uint32_t>(longer);
}

RecordLoader::RecordLoader(const RunPlan& plan)
    : first_(plan.data.first),
      count_(plan.data.load_records != 0 ? plan.data.load_records : plan.data.records),
      key_text_(plan.data.key),
      values_(plan.data.value, plan.engine.seed) {}

void RecordLoader::Make(std::uint64_t n, Request* request) const {
  request->verb = Verb::kInsert;
  request->is_statement = false;
  request->record = first_ + n;
  request->version = 0;
  values_.WriteRecord(request->record, 0, &request->value);
  request->op = Op{.kind = OpKind::kInsert,
                   .slot = request->op.slot,
                   .key = key_text_.Write(request->record, &request->key_storage),
                   .value = request->value};
}

void RecordLookup::Make(std::uint64_t record, Request* request) const {
  request->verb = Verb::kRead;
  request->is_statement = false;
  request->record = record;
  request->op = Op{.kind = OpKind::kRead, .key = key_text_.Write(record, &request->key_storage)};
}

}  // namespace mbench
