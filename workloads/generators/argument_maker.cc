// SPDX-License-Identifier: Apache-2.0
#include "workloads/generators/argument_maker.h"

#include <algorithm>

#include "harness/base/check.h"

namespace mbench {

ArgumentMaker::ArgumentMaker(const MixPlan& plan, std::uint32_t worker, std::uint32_t workers) {
  for (const StatementSpec& from : plan.statements) {
    Statement& statement = statements_.emplace_back();
    statement.batch = from.batch;
    for (const std::string& name : from.arguments) {
      const std::uint16_t source = SourceOf(plan, name, worker, workers);
      statement.sources.push_back(source);
      statement.wants_value |= sources_[source].kind == GeneratorKind::kValue;
      const std::uint16_t draw = sources_[source].draw;
      const bool known = std::ranges::find(statement.draws, draw) != statement.draws.end();
      if (sources_[source].kind == GeneratorKind::kRow && !known) statement.draws.push_back(draw);
    }
    most_arguments_ = std::max(most_arguments_, statement.sources.size() * from.batch);
    most_sets_ = std::max<std::size_t>(most_sets_, from.batch);
  }
}

std::uint16_t ArgumentMaker::SourceOf(const MixPlan& plan, const std::string& name,
                                      std::uint32_t worker, std::uint32_t workers) {
  const auto found = std::ranges::find(names_, name);
  const auto index = static_cast<std::uint16_t>(found - names_.begin());
  if (found != names_.end()) return index;
  GeneratorPlan generator = FindGenerator(plan, name);
  MB_CHECK(!generator.name.empty(), "a statement asks for the unknown generator {}", name);
  const GeneratorKind kind = generator.kind;
  names_.push_back(name);
  sources_.push_back(
      {kind, Generator(generator, worker, workers), generator.rows, generator.column});
  if (kind == GeneratorKind::kRow) sources_.back().draw = DrawOf(generator.draw, index);
  return index;
}

// The first that asks for a draw makes it for all.
std::uint16_t ArgumentMaker::DrawOf(const std::string& name, std::uint16_t source) {
  const auto found = std::ranges::find(draws_, name, &Draw::name);
  const auto index = static_cast<std::uint16_t>(found - draws_.begin());
  if (found == draws_.end()) draws_.push_back({name, source});
  return index;
}

void ArgumentMaker::Make(std::uint16_t statement, Rng& rng, Request* request) {
  if (request->argument_storage.size() < most_sets_ * sources_.size()) [[unlikely]] {
    request->argument_storage.resize(most_sets_ * sources_.size());
    request->arguments.reserve(most_arguments_);
  }
  request->arguments.clear();
  const Statement& made = statements_[statement];
  for (std::size_t set = 0; set < made.batch; ++set) {
    for (const std::uint16_t draw : made.draws)
      draws_[draw].row = sources_[draws_[draw].source].generator.NextRow(rng);
    for (const std::uint16_t source : made.sources) {
      std::string* const storage = &request->argument_storage[set * sources_.size() + source];
      request->arguments.push_back(ValueOf(source, rng, request, storage));
    }
  }
  request->op.arguments = request->arguments;
}

std::string_view ArgumentMaker::ValueOf(std::uint16_t source, Rng& rng, Request* request,
                                        std::string* storage) {
  Source& from = sources_[source];
  switch (from.kind) {
    case GeneratorKind::kKey:
      return request->op.key;
    case GeneratorKind::kValue:
      return request->value;
    case GeneratorKind::kRecord:
      return record_text_.Write(request->record, storage);
    case GeneratorKind::kRow:
      return from.rows->Cell(draws_[from.draw].row, from.column);
    default:
      return from.generator.Next(rng, storage);
  }
}

}  // namespace mbench
