// SPDX-License-Identifier: Apache-2.0
#include "workloads/generators/record_values.h"

#include "harness/base/check.h"
#include "harness/base/text_hash.h"
#include "harness/base/text_template.h"

namespace mbench {

RecordValues::RecordValues(const RunPlan& plan)
    : first_(plan.data.first),
      rows_(plan.data.rows),
      key_text_(plan.data.key),
      values_(plan.data.value, plan.engine.seed) {
  for (const std::string& name : plan.data.load_statement->arguments) {
    sources_.push_back(SourceOf(plan, name));
  }
}

RecordValues::Source RecordValues::SourceOf(const RunPlan& plan, const std::string& name) const {
  const std::uint64_t seed = Mix64(plan.engine.seed, HashText(name));
  if (name.starts_with(kRowPrefix)) {
    const std::size_t column = rows_->Find(std::string_view(name).substr(kRowPrefix.size()));
    return {GeneratorKind::kPick, seed, Generator({}, 0, 1), column, true};
  }
  const GeneratorPlan generator = FindGenerator(plan.mix, name);
  MB_CHECK(!generator.name.empty(), "the load asks for the unknown generator {}", name);
  // Columns of one draw have the same seed, and so the same row.
  const bool is_row = generator.kind == GeneratorKind::kRow;
  return {generator.kind, is_row ? Mix64(plan.engine.seed, HashText(generator.draw)) : seed,
          Generator(generator, 0, 1)};
}

void RecordValues::Make(std::uint64_t n, std::uint32_t count, Request* request) {
  const std::size_t values = count * sources_.size();
  if (request->argument_storage.size() < values) request->argument_storage.resize(values);
  request->arguments.clear();
  for (std::uint32_t i = 0; i < count; ++i) {
    for (Source& source : sources_) {
      std::string* const storage = &request->argument_storage[request->arguments.size()];
      request->arguments.push_back(ValueOf(&source, n + i, storage));
    }
  }
  request->is_statement = true;
  request->record = first_ + n;
  request->op =
      Op{.kind = OpKind::kStatement, .slot = request->op.slot, .arguments = request->arguments};
}

std::string_view RecordValues::ValueOf(Source* source, std::uint64_t n, std::string* storage) {
  if (source->is_row) return rows_->Cell(n, source->column);
  const std::uint64_t record = first_ + n;
  switch (source->kind) {
    case GeneratorKind::kKey:
      return key_text_.Write(record, storage);
    case GeneratorKind::kRecord:
      return record_text_.Write(record, storage);
    case GeneratorKind::kValue:
      values_.WriteField(record, 0, 0, storage);
      return *storage;
    case GeneratorKind::kVersion:
      return record_text_.Write(0, storage);
    default: {
      Rng rng(Mix64(source->seed, record));
      source->generator.Seek(record);
      return source->generator.Next(rng, storage);
    }
  }
}

}  // namespace mbench
