// SPDX-License-Identifier: Apache-2.0
#include "harness/run/recording.h"

#include <utility>

#include "harness/base/turns.h"
#include "harness/result/provenance.h"

namespace mbench {

void Recording::OnLoad(std::uint64_t done, std::uint64_t records) {
  watchers_->OnLoad(done, records);
}

Status Recording::OnStart(std::int64_t zero_ns) {
  result_->provenance.started_at = FormatUtc(zero_ns);
  Result<std::unique_ptr<ResultWriter>> writer = ResultWriter::Create(root_, *result_);
  if (!writer) return Failed(writer);
  writer_ = std::move(*writer);
  result_->folder = writer_->Folder();
  watchers_->OnStart();
  return {};
}

Status Recording::OnInterval(const Interval& interval) {
  const Status stored = Store(interval);
  LetOthersRun();
  watchers_->OnInterval(interval);
  return stored;
}

Status Recording::Store(const Interval& interval) {
  if (interval.end <= 0) {
    result_->total.warmup_ops += interval.warmup_ops;
    return {};
  }
  AddInterval(interval, result_);
  LetOthersRun();
  judge_->Add(interval, outages_->TakeDown());
  return writer_->Append(interval);
}

}  // namespace mbench
