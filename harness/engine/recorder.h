// SPDX-License-Identifier: Apache-2.0
//
// Where a worker notes what it measured, and the collector takes it from: once a second, or where
// an outage is declared every 10 ms.
//
// Two sets of histograms per worker, nothing shared between workers. The worker writes into the
// active one; the collector swaps them, waits until the worker is out of the old one, adds it up
// and clears it. A worker that is blocked in a slow op is not in its set, so it holds nobody up.
//
//     worker                                collector
//     busy = true                           active = other set
//     (compiler fence)                      membarrier: every core has passed a full fence
//     write into *active                    wait while busy
//     busy = false                          read the old set
//
// The worker's "store busy, then load active" needs a full fence between the two, 4-5 ns on
// every op. membarrier(2) makes the collector pay for it, once for all workers. Where the kernel
// has none, the worker does the fence itself.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "drivers/driver.h"
#include "harness/engine/part_names.h"
#include "harness/stats/interval.h"

namespace mbench {

// Of one worker, one interval.
struct RecorderSet {
  struct PerOp {
    std::array<IntervalHistogram, kOutcomes> response;
    IntervalHistogram service;
    Moved moved;
    OpMarks marks;                                                // on the clock
    std::vector<std::pair<std::uint16_t, std::uint64_t>> errors;  // code -> count; few codes
  };
  std::vector<PerOp> ops;
  std::vector<std::vector<PerOp>> parts;  // by op, then as PartNames numbers them
  IntervalHistogram lag;
  IntervalHistogram delay;
  std::uint64_t warmup_ops = 0;
  // Names of the codes in `errors`. Kept when the set is emptied.
  std::vector<std::pair<std::uint16_t, std::string>> error_names;
};

class Recorder {
 public:
  // `parts`: shared by all recorders of the run, outlives them. Null: labels are not looked at.
  explicit Recorder(std::size_t ops, PartNames* parts = nullptr);

  // ---- worker's thread ----

  struct Sample {
    std::uint16_t op_index;
    Outcome outcome;  // of `completion` as the worker judges it
    Ticks planned, started;
    Ticks free_since;  // when a connection was there for it
  };
  // A step of a transaction: no op, and timed from its own start.
  struct Step {
    std::uint16_t op_index;
    Outcome outcome;
    std::uint16_t error;
    std::uint16_t label;
    Ticks started, finished;
    std::uint32_t bytes_sent = 0, bytes_received = 0, items = 1;
  };
  // All samples of one turn go between Enter and Leave; nothing in between may wait.
  void Enter();
  void Add(const Sample& sample, const Completion& completion) {
    RecorderSet::PerOp& op = current_->ops[sample.op_index];
    op.response[static_cast<std::size_t>(sample.outcome)].Record(completion.finished -
                                                                 sample.planned);
    if (IsAnswer(sample.outcome)) [[likely]] {
      op.service.Record(completion.finished - sample.started);
      op.marks.Answer(completion.finished);
    } else {
      AddUnanswered(sample, completion.finished);
    }
    op.moved.Add(completion, sample.outcome);
    current_->lag.Record(sample.started - sample.planned);
    current_->delay.Record(sample.started - std::max(sample.planned, sample.free_since));
    if ((completion.error | completion.label) != 0) [[unlikely]]
      AddErrorAndLabel(sample, completion);
  }
  void AddStep(const Step& step);
  // Half of an op that is made of two: what it moved.
  void AddHalf(std::uint16_t op_index, const Completion& half) {
    current_->ops[op_index].moved.AddBytes(half);
  }
  // The number of the part (PartNames) that a label makes.
  std::uint8_t PartNumber(std::uint16_t op_index, std::uint16_t label);
  void AddWarmup() { ++current_->warmup_ops; }
  void Leave() { busy_.store(false, std::memory_order_release); }

  // Error codes are named by the session, which only the worker may ask.
  void SetNames(const CodeNames* names) { names_ = names; }

  // ---- collector's thread ----

  // Adds what came since the last call to `into` and empties it.
  // REQUIRES: into->ops has as many elements as this recorder has ops.
  void Take(Interval* into);
  // The same in three steps, of which one fence in the middle serves many recorders: Swap of each,
  // HeavyFence, Collect of each.
  void Swap();
  void Collect(Interval* into);

 private:
  [[gnu::noinline, gnu::cold]] void AddUnanswered(const Sample& sample, Ticks finished);
  void AddErrorAndLabel(const Sample& sample, const Completion& completion);
  void AddError(RecorderSet::PerOp& op, std::uint16_t code);
  RecorderSet::PerOp& PartOf(std::uint16_t op_index, std::uint16_t label);

  RecorderSet sets_[2];
  std::atomic<RecorderSet*> active_{&sets_[0]};
  std::atomic<bool> busy_{false};
  RecorderSet* old_ = nullptr;        // from Swap to Collect
  RecorderSet* current_ = &sets_[0];  // between Enter and Leave: *active_
  const CodeNames* names_ = nullptr;
  PartNames* parts_;
  // By op, then by label: 1 + its number in PartNames; 0: not asked yet. The worker's own.
  std::vector<std::vector<std::uint8_t>> known_labels_;
};

}  // namespace mbench
