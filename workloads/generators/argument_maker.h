// SPDX-License-Identifier: Apache-2.0
//
// The arguments of statements: one value for each placeholder, drawn anew for every op; several
// sets of them for a statement with a batch.
//
// Values live in the Request: each generator has a string of its own there for each set, which
// grows once, so that nothing is allocated per op. {key}, {record} and {value} are the same in all
// sets. Columns of one file are those of one row in each set.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "workloads/generators/generator.h"
#include "workloads/request.h"

namespace mbench {

// Thread: one worker.
class ArgumentMaker {
 public:
  ArgumentMaker(const MixPlan& plan, std::uint32_t worker, std::uint32_t workers);

  // Whether a placeholder of the statement is {value}: `request->value` is then to be made first.
  bool WantsValue(std::uint16_t statement) const { return statements_[statement].wants_value; }
  // Fills `request->op.arguments`. REQUIRES: record, op.key and (see above) value are there.
  void Make(std::uint16_t statement, Rng& rng, Request* request);

 private:
  struct Source {
    GeneratorKind kind;
    Generator generator;
    // kRow: a cell of the row of this draw.
    std::shared_ptr<const Rows> rows;
    std::size_t column = 0;
    std::uint16_t draw = 0;
  };
  struct Draw {
    std::string name;
    std::uint16_t source;  // whose generator says which row
    std::uint64_t row = 0;
  };
  struct Statement {
    std::vector<std::uint16_t> sources;  // in the order of its arguments
    std::vector<std::uint16_t> draws;    // of rows, that these need
    bool wants_value = false;
    std::uint32_t batch = 1;  // sets of values
  };

  std::uint16_t SourceOf(const MixPlan& plan, const std::string& name, std::uint32_t worker,
                         std::uint32_t workers);
  std::uint16_t DrawOf(const std::string& name, std::uint16_t source);
  std::string_view ValueOf(std::uint16_t source, Rng& rng, Request* request, std::string* storage);

  std::vector<std::string> names_;
  std::vector<Source> sources_;  // those that are used, as names_
  std::vector<Draw> draws_;
  std::vector<Statement> statements_;
  std::size_t most_arguments_ = 0;
  std::size_t most_sets_ = 1;
  KeyText record_text_{{.prefix = "", .order = KeyOrder::kOrdered}};
};

}  // namespace mbench
