// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/recorder.h"

#include <sched.h>

#include <algorithm>

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

void AddOp(const RecorderSet::PerOp& from, OpStats* to) {
  for (std::size_t i = 0; i < kOutcomes; ++i) to->response[i].Add(from.response[i]);
  to->service.Add(from.service);
}

}  // namespace

Recorder::Recorder(std::size_t ops) {
  for (RecorderSet& set : sets_) {
    set.ops.resize(ops);
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

void Recorder::AddError(RecorderSet::PerOp& op, std::uint16_t code) {
  ++FindOrAdd(op.errors, code, std::uint64_t{0});
  std::string& name = FindOrAdd(current_->error_names, code, std::string());
  if (name.empty()) name = session_->DescribeError(code);
}

void Recorder::Take(Interval* into) {
  RecorderSet* old = active_.load(std::memory_order_relaxed);
  active_.store(old == &sets_[0] ? &sets_[1] : &sets_[0], std::memory_order_release);
  HeavyFence();
  while (busy_.load(std::memory_order_acquire)) sched_yield();

  for (std::size_t i = 0; i < old->ops.size(); ++i) {
    RecorderSet::PerOp& op = old->ops[i];
    AddOp(op, &into->ops[i]);
    for (const auto& [code, count] : op.errors) {
      into->ops[i].errors[FindOrAdd(old->error_names, code, std::string())] += count;
    }
    for (IntervalHistogram& histogram : op.response) histogram.Clear();
    op.service.Clear();
    op.errors.clear();
  }
  into->lag.Add(old->lag);
  into->delay.Add(old->delay);
  into->warmup_ops += old->warmup_ops;
  old->lag.Clear();
  old->delay.Clear();
  old->warmup_ops = 0;
}

}  // namespace mbench
