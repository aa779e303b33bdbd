// SPDX-License-Identifier: Apache-2.0
//
// The arguments of the statement that loads records: one set of values for each record.
//
// A value is a pure function of (seed, number of the record, placeholder): whoever loads a record,
// at whatever time and in whatever batch, makes the same one. That is what lets a load be spread
// over threads and done again after it was killed.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "workloads/generators/generator.h"
#include "workloads/request.h"
#include "workloads/values/value_maker.h"

namespace mbench {

// Thread: one worker.
class RecordValues {
 public:
  // REQUIRES: plan.data.load_statement.
  explicit RecordValues(const RunPlan& plan);

  // Fills `request` with the op that loads the records first + n, ..., `count` of them.
  void Make(std::uint64_t n, std::uint32_t count, Request* request);

 private:
  // Where the values of a placeholder come from: a column of the rows, or a generator.
  struct Source {
    GeneratorKind kind;
    std::uint64_t seed;
    Generator generator;
    std::size_t column = 0;
    bool is_row = false;
  };

  Source SourceOf(const RunPlan& plan, const std::string& name) const;
  std::string_view ValueOf(Source* source, std::uint64_t n, std::string* storage);

  std::uint64_t first_;
  std::shared_ptr<const Rows> rows_;
  KeyText key_text_;
  KeyText record_text_{{.prefix = "", .order = KeyOrder::kOrdered}};
  ValueMaker values_;
  std::vector<Source> sources_;
};

}  // namespace mbench
