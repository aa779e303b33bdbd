// SPDX-License-Identifier: Apache-2.0
#include "workloads/generators/argument_maker.h"

#include <algorithm>
#include <array>

#include "harness/base/check.h"

namespace mbench {

ArgumentMaker::ArgumentMaker(const MixPlan& plan, std::uint32_t worker, std::uint32_t workers,
                             SharedFleet* fleet)
    : fleet_(fleet) {
  if (fleet_ != nullptr) point_.resize(fleet_->Points().Plan().Columns());
  for (const StatementSpec& from : plan.statements) {
    Statement& statement = statements_.emplace_back();
    statement.batch = from.batch;
    for (const std::string& name : from.arguments) {
      const std::uint16_t source = SourceOf(plan, name, worker, workers);
      statement.sources.push_back(source);
      statement.wants_key |= sources_[source].kind == GeneratorKind::kKey;
      statement.wants_value |= sources_[source].kind == GeneratorKind::kValue;
      statement.wants_version |= sources_[source].kind == GeneratorKind::kVersion;
      const std::uint16_t draw = sources_[source].draw;
      const bool known = std::ranges::find(statement.draws, draw) != statement.draws.end();
      if (sources_[source].kind == GeneratorKind::kRow && !known) statement.draws.push_back(draw);
    }
    NoteFleet(&statement);
    const std::size_t sets =
        statement.sends_points ? fleet_->Points().MostSentBy(from.batch) : from.batch;
    most_arguments_ = std::max(most_arguments_, statement.sources.size() * sets);
    if (statement.has_others) most_sets_ = std::max(most_sets_, sets);
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
  MB_CHECK(kind != GeneratorKind::kFleet || fleet_ != nullptr, "no fleet for {}", name);
  sources_.push_back(
      {kind, Generator(generator, worker, workers), generator.column, generator.rows});
  if (kind == GeneratorKind::kRow) sources_.back().draw = DrawOf(generator.draw, index);
  return index;
}

void ArgumentMaker::NoteFleet(Statement* statement) {
  for (const std::uint16_t source : statement->sources) {
    statement->has_others |= sources_[source].kind != GeneratorKind::kFleet;
    if (sources_[source].kind != GeneratorKind::kFleet) continue;
    statement->has_fleet = true;
    statement->sends_points |= sources_[source].column >= fleet_->Points().Plan().tags.size();
  }
}

// The first that asks for a draw makes it for all.
std::uint16_t ArgumentMaker::DrawOf(const std::string& name, std::uint16_t source) {
  const auto found = std::ranges::find(draws_, name, &Draw::name);
  const auto index = static_cast<std::uint16_t>(found - draws_.begin());
  if (found == draws_.end()) draws_.push_back({name, source});
  return index;
}

void ArgumentMaker::Make(std::uint16_t statement, Rng& rng, Request* request) {
  if (request->argument_storage.size() < most_sets_ * sources_.size()) [[unlikely]]
    request->argument_storage.resize(most_sets_ * sources_.size());
  request->arguments.reserve(most_arguments_);
  request->arguments.clear();
  const Statement& made = statements_[statement];
  if (made.has_fleet) {
    MakePoints(made, rng, request);
  } else {
    for (std::size_t set = 0; set < made.batch; ++set) AddSet(made, set, rng, request);
  }
  request->op.arguments = request->arguments;
}

void ArgumentMaker::AddSet(const Statement& made, std::size_t set, Rng& rng, Request* request) {
  for (const std::uint16_t draw : made.draws)
    draws_[draw].row = sources_[draws_[draw].source].generator.NextRow(rng);
  for (const std::uint16_t source : made.sources) {
    if (sources_[source].kind == GeneratorKind::kFleet) {
      request->arguments.push_back(point_[sources_[source].column]);
      continue;
    }
    std::string* const storage = &request->argument_storage[set * sources_.size() + source];
    request->arguments.push_back(ValueOf(source, rng, request, storage));
  }
}

void ArgumentMaker::MakePoints(const Statement& made, Rng& rng, Request* request) {
  const Fleet& fleet = fleet_->Points();
  const std::size_t most = made.sends_points ? fleet.MostSentBy(made.batch) : made.batch;
  if (const std::size_t room = most * fleet.MostBytes(); request->point_room < room) [[unlikely]] {
    request->point_text = std::make_unique_for_overwrite<char[]>(room);
    request->point_room = room;
  }
  point_end_ = request->point_text.get();
  sets_ = 0;
  if (!made.sends_points) {
    for (std::size_t i = 0; i < made.batch; ++i) {
      AddPoint(made, {rng.Below(fleet.Series()), fleet_->Taken() / fleet.Series()}, rng, request);
    }
    return;
  }
  FleetPoint own = fleet.At(fleet_->Take(made.batch));
  std::array<FleetPoint, Fleet::kMostOfPlace> points;
  for (std::size_t place = 0; place < made.batch; ++place) {
    const std::size_t sent = fleet.SentAt(own, points);
    for (std::size_t i = 0; i < sent; ++i) AddPoint(made, points[i], rng, request);
    own = fleet.Next(own);
  }
}

void ArgumentMaker::AddPoint(const Statement& made, const FleetPoint& point, Rng& rng,
                             Request* request) {
  const Fleet& fleet = fleet_->Points();
  for (const std::uint16_t source : made.sources) {
    if (sources_[source].kind != GeneratorKind::kFleet) continue;
    const std::size_t column = sources_[source].column;
    point_[column] = fleet.Write(point, column, fleet_->Start(), &point_end_);
  }
  AddSet(made, sets_++, rng, request);
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
    case GeneratorKind::kVersion:
      return record_text_.Write(request->version, storage);
    case GeneratorKind::kRow:
      return from.rows->Cell(draws_[from.draw].row, from.column);
    default:
      return from.generator.Next(rng, storage);
  }
}

}  // namespace mbench
