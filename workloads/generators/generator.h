// SPDX-License-Identifier: Apache-2.0
//
// The values of one placeholder of a statement: a number, a text, one of several, a UUID, and what
// realistic.h has.
//
// Which value comes next is a pure function of the random numbers of the worker and of how many
// values it has made.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/rng.h"
#include "harness/plan/run_plan.h"
#include "workloads/alias_table.h"
#include "workloads/generators/realistic.h"
#include "workloads/keys/key_text.h"
#include "workloads/keys/zipf_table.h"

namespace mbench {

// Thread: one worker.
class Generator {
 public:
  // `worker` of `workers`: together they go through sequences once.
  // REQUIRES: of a kind that needs nothing of the op: not kKey, kRecord, kValue, kVersion.
  Generator(const GeneratorPlan& plan, std::uint32_t worker, std::uint32_t workers);

  // The next value: in `storage`, which grows to the longest one and is used again, or in the
  // generator. One that is missing has no data.
  std::string_view Next(Rng& rng, std::string* storage);

  // kRow: the next row, which all generators of its draw share.
  std::uint64_t NextRow(Rng& rng) { return NextInteger(rng); }

  // The next value of a sequence is that of this place in it, counted from 0.
  void Seek(std::uint64_t place) { next_ = place; }

 private:
  std::string_view NextValue(Rng& rng, std::string* storage);
  std::string_view WriteNumber(std::uint64_t number, std::string* storage) const;
  std::string_view PickText(Rng& rng) const { return picks_[pick_weights_.Pick(rng.Next())]; }
  std::uint64_t NextInteger(Rng& rng);
  std::string_view NextText(Rng& rng, std::string* storage) const;

  GeneratorKind kind_;
  KeyChoice choose_;
  double missing_;
  bool is_uniform_;            // a number of from..to, all alike
  std::uint64_t from_, span_;  // integers, lengths, days: [from_, from_ + span_); 0: all of 64 bits
  std::uint64_t next_, stride_;  // sequences: counted from 0
  KeyText number_text_;
  std::optional<ZipfTable> popularity_;
  std::vector<std::string> picks_;
  AliasTable pick_weights_;
  std::optional<People> people_;
  const GeneratorPlan plan_;
};

}  // namespace mbench
