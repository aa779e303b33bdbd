// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/recorder.h"

#include <sched.h>

#include <algorithm>

#include "harness/base/turns.h"
#include "harness/engine/asymmetric_fence.h"

namespace mbench {
namespace {

template <class Codes, class Value>
Value& FindOrAdd(Codes& codes, std::uint16_t code, Value fallback) {
  const auto found = std::find_if(codes.begin(), codes.end(),
                                  [code](const auto& item) { return item.first == code; });
  if (found != codes.end()) return found->second;
  codes.emplace_back(code, std::move(fallback));
  return codes.back().second;
}

// Adds `from`, an op or a part of `set`, and empties it.
void TakeOp(RecorderSet* set, RecorderSet::PerOp* from, OpStats* to) {
  for (std::size_t i = 0; i < kOutcomes; ++i) {
    to->response[i].Add(from->response[i]);
    from->response[i].Clear();
  }
  to->service.Add(from->service);
  from->service.Clear();
  to->moved.Add(from->moved);
  from->moved = {};
  to->marks.Add(from->marks);
  from->marks = {};
  for (const auto& [code, count] : from->errors)
    to->errors[FindOrAdd(set->error_names, code, std::string())] += count;
  from->errors.clear();
}

bool IsEmpty(const RecorderSet::PerOp& op) {
  return std::ranges::all_of(op.response, [](const auto& histogram) { return histogram.Empty(); });
}

}  // namespace

Recorder::Recorder(std::size_t ops, PartNames* parts) : parts_(parts), known_labels_(ops) {
  for (RecorderSet& set : sets_) {
    set.ops.resize(ops);
    set.parts.resize(ops);
    // Latencies of a usual run, so that recording them allocates nothing.
    for (RecorderSet::PerOp& op : set.ops) {
      op.response[static_cast<std::size_t>(Outcome::kOk)].Reserve(0, 100 * kMicrosecond);
      op.service.Reserve(0, 100 * kMicrosecond);
      op.errors.reserve(16);
    }
    set.lag.Reserve(0, 100 * kMicrosecond);
    set.delay.Reserve(0, 100 * kMicrosecond);
  }
}

void Recorder::Enter() {
  busy_.store(true, std::memory_order_relaxed);
  LightFence();
  current_ = active_.load(std::memory_order_acquire);
}

void Recorder::AddUnanswered(const Sample& sample, Ticks finished) {
  RecorderSet::PerOp& op = current_->ops[sample.op_index];
  if (OpStats::CountsAsAnswered(sample.outcome)) op.service.Record(finished - sample.started);
  op.marks.Error(sample.started, finished);
}

void Recorder::AddErrorAndLabel(const Sample& sample, const Completion& completion) {
  if (completion.error != 0) AddError(current_->ops[sample.op_index], completion.error);
  if (completion.label == 0 || parts_ == nullptr) return;
  RecorderSet::PerOp& part = PartOf(sample.op_index, completion.label);
  part.response[static_cast<std::size_t>(sample.outcome)].Record(completion.finished -
                                                                 sample.planned);
  if (OpStats::CountsAsAnswered(sample.outcome))
    part.service.Record(completion.finished - sample.started);
  part.moved.Add(completion, sample.outcome);
  if (completion.error != 0) AddError(part, completion.error);
}

void Recorder::AddStep(const Step& step) {
  if (step.label == 0 || parts_ == nullptr) return;
  RecorderSet::PerOp& part = PartOf(step.op_index, step.label);
  const Ticks took = step.finished - step.started;
  part.response[static_cast<std::size_t>(step.outcome)].Record(took);
  if (OpStats::CountsAsAnswered(step.outcome)) part.service.Record(took);
  part.moved.Add(step, step.outcome);
  if (step.error != 0) AddError(part, step.error);
}

std::uint8_t Recorder::PartNumber(std::uint16_t op_index, std::uint16_t label) {
  std::vector<std::uint8_t>& known = known_labels_[op_index];
  if (known.size() <= label) known.resize(label + 1U);
  if (known[label] == 0) {
    known[label] =
        static_cast<std::uint8_t>(parts_->Number(op_index, names_->DescribeLabel(label)) + 1);
  }
  return static_cast<std::uint8_t>(known[label] - 1);
}

RecorderSet::PerOp& Recorder::PartOf(std::uint16_t op_index, std::uint16_t label) {
  const std::size_t number = PartNumber(op_index, label);
  std::vector<RecorderSet::PerOp>& parts = current_->parts[op_index];
  if (parts.size() <= number) parts.resize(number + 1);
  return parts[number];
}

void Recorder::AddError(RecorderSet::PerOp& op, std::uint16_t code) {
  ++FindOrAdd(op.errors, code, std::uint64_t{0});
  std::string& name = FindOrAdd(current_->error_names, code, std::string());
  if (name.empty()) name = names_->DescribeError(code);
}

void Recorder::Take(Interval* into) {
  Swap();
  HeavyFence();
  Collect(into);
}

void Recorder::Swap() {
  old_ = active_.load(std::memory_order_relaxed);
  active_.store(old_ == &sets_[0] ? &sets_[1] : &sets_[0], std::memory_order_release);
}

void Recorder::Collect(Interval* into) {
  RecorderSet* const old = old_;
  while (busy_.load(std::memory_order_acquire)) sched_yield();

  for (std::size_t i = 0; i < old->ops.size(); ++i) {
    TakeOp(old, &old->ops[i], &into->ops[i]);
    LetOthersRun();
    for (std::size_t part = 0; part < old->parts[i].size(); ++part) {
      if (IsEmpty(old->parts[i][part])) continue;
      TakeOp(old, &old->parts[i][part], &into->parts[parts_->Name(i, part)]);
    }
  }
  into->lag.Add(old->lag);
  into->delay.Add(old->delay);
  into->warmup_ops += old->warmup_ops;
  old->lag.Clear();
  old->delay.Clear();
  old->warmup_ops = 0;
}

}  // namespace mbench
