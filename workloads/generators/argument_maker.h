// SPDX-License-Identifier: Apache-2.0
//
// The arguments of statements: one value for each placeholder, drawn anew for every op; several
// sets of them for a statement with a batch.
//
// Values live in the Request: each generator has a string of its own there for each set, which
// grows once, so that nothing is allocated per op. {key}, {record}, {value} and {version} are the
// same in all sets. Columns of one file are those of one row in each set, and columns of a fleet
// those of one point. A statement that has a field or the time of a fleet sends its points: each op
// takes the next `batch` places and has a set for each point that they send, which may be more or
// fewer. One that has its tags alone asks about series, drawn at random.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "workloads/fleet/fleet.h"
#include "workloads/generators/generator.h"
#include "workloads/request.h"

namespace mbench {

// Thread: one worker.
class ArgumentMaker {
 public:
  // `fleet`: null when the plan has none; outlives it.
  ArgumentMaker(const MixPlan& plan, std::uint32_t worker, std::uint32_t workers,
                SharedFleet* fleet = nullptr);

  // Whether a placeholder of the statement is {key}, or {value}: `request->op.key` and
  // `request->value` are then to be made first.
  bool WantsKey(std::uint16_t statement) const { return statements_[statement].wants_key; }
  bool WantsValue(std::uint16_t statement) const { return statements_[statement].wants_value; }
  // The same of {version} and `request->version`.
  bool WantsVersion(std::uint16_t statement) const { return statements_[statement].wants_version; }
  // Fills `request->op.arguments`. REQUIRES: the record, and what it wants (see above).
  void Make(std::uint16_t statement, Rng& rng, Request* request);

 private:
  struct Source {
    GeneratorKind kind;
    Generator generator;
    std::size_t column = 0;  // kRow, kFleet
    // kRow: a cell of the row of this draw.
    std::shared_ptr<const Rows> rows;
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
    bool wants_key = false, wants_value = false, wants_version = false;
    bool has_fleet = false, has_others = false;  // among its sources
    bool sends_points = false;
    std::uint32_t batch = 1;  // sets of values
  };

  std::uint16_t SourceOf(const MixPlan& plan, const std::string& name, std::uint32_t worker,
                         std::uint32_t workers);
  void NoteFleet(Statement* statement);
  void MakePoints(const Statement& made, Rng& rng, Request* request);
  void AddPoint(const Statement& made, const FleetPoint& point, Rng& rng, Request* request);
  void AddSet(const Statement& made, std::size_t set, Rng& rng, Request* request);
  std::uint16_t DrawOf(const std::string& name, std::uint16_t source);
  std::string_view ValueOf(std::uint16_t source, Rng& rng, Request* request, std::string* storage);

  std::vector<std::string> names_;
  std::vector<Source> sources_;  // those that are used, as names_
  std::vector<Draw> draws_;
  std::vector<Statement> statements_;
  std::size_t most_arguments_ = 0;
  std::size_t most_sets_ = 0;  // with values that need storage
  SharedFleet* const fleet_;
  std::size_t sets_ = 0;  // of the op that is made, so far
  // Of the point whose set is made.
  std::vector<std::string_view> point_;
  char* point_end_ = nullptr;
  KeyText record_text_{{.prefix = "", .order = KeyOrder::kOrdered}};
};

}  // namespace mbench
