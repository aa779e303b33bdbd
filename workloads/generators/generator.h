// SPDX-License-Identifier: Apache-2.0
//
// The values of one placeholder of a statement: a number, a text, one of several, a UUID.
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
#include "workloads/keys/key_text.h"
#include "workloads/keys/zipf_table.h"

namespace mbench {

// Thread: one worker.
class Generator {
 public:
  // `worker` of `workers`: together they go through sequences once.
  // REQUIRES: of a kind that needs nothing of the op: not kKey, kRecord, kValue.
  Generator(const GeneratorPlan& plan, std::uint32_t worker, std::uint32_t workers);

  // The next value: in `storage`, which grows to the longest one and is used again, or in the
  // generator.
  std::string_view Next(Rng& rng, std::string* storage);

 private:
  std::uint64_t NextInteger(Rng& rng);
  std::string_view NextText(Rng& rng, std::string* storage) const;

  GeneratorKind kind_;
  KeyChoice choose_;
  std::uint64_t from_, span_;    // integers, lengths: [from_, from_ + span_)
  std::uint64_t next_, stride_;  // sequences: counted from 0
  KeyText number_text_;
  std::optional<ZipfTable> popularity_;
  std::vector<std::string> picks_;
  AliasTable pick_weights_;
};

}  // namespace mbench
