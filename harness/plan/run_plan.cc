// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/run_plan.h"

#include <fmt/format.h>

#include <algorithm>

namespace mbench {
namespace {

std::string DescribeSize(const FieldSize& size) {
  std::string text = fmt::format("{} {}..{}", Name(size.choose), size.min, size.max);
  if (size.choose == SizeChoice::kConstant) return std::to_string(size.max);
  for (const auto& [bytes, weight] : size.histogram) text += fmt::format(" {}:{}", bytes, weight);
  return text;
}

bool AnySays(const MixPlan& mix, std::string_view word) {
  return std::ranges::any_of(mix.statements, [word](const StatementSpec& statement) {
    return statement.weight > 0 && statement.Find(word) != nullptr;
  });
}

}  // namespace

std::vector<const DriverPlan*> SystemsOf(const RunPlan& plan) {
  std::vector<const DriverPlan*> systems = {&plan.driver};
  for (const DriverPlan& other : plan.other_systems) systems.push_back(&other);
  return systems;
}

std::vector<bool> DrivenSystems(const RunPlan& plan) {
  std::vector<bool> driven(1 + plan.other_systems.size());
  const auto note = [&](const StatementSpec& statement) { driven[statement.system] = true; };
  const auto note_all = [&](const std::vector<StatementSpec>& list) {
    std::ranges::for_each(list, note);
  };
  note_all(plan.mix.statements);
  note_all(plan.data.before_load);
  note_all(plan.data.after_load);
  if (plan.data.load_statement) note(*plan.data.load_statement);
  // A plan that only loads has no mix.
  if (HasVerbs(plan.mix) || plan.mix.statements.empty()) driven[0] = true;
  return driven;
}

bool AnyWrites(const MixPlan& mix) { return AnySays(mix, "writes"); }
bool AnyReads(const MixPlan& mix) { return AnySays(mix, "reads"); }

bool HasVerbs(const MixPlan& mix) {
  return std::ranges::any_of(mix.weights, [](double weight) { return weight > 0; });
}

GeneratorPlan FindGenerator(const MixPlan& mix, std::string_view name) {
  const std::size_t column = mix.fleet ? mix.fleet->FindColumn(name) : 0;
  if (mix.fleet && column < mix.fleet->Columns()) {
    return {.name = std::string(name),
            .kind = GeneratorKind::kFleet,
            .type = mix.fleet->ColumnType(column),
            .column = column};
  }
  for (const GeneratorKind kind : kBuiltInGenerators) {
    if (name == Name(kind)) return {.name = std::string(name), .kind = kind};
  }
  const auto found = std::ranges::find(mix.generators, name, &GeneratorPlan::name);
  return found == mix.generators.end() ? GeneratorPlan{} : *found;
}

ValueType TypeOf(const GeneratorPlan& generator) {
  const bool plain = generator.prefix.empty() && generator.digits == 1;
  switch (generator.kind) {
    case GeneratorKind::kRecord:
    case GeneratorKind::kSequence:
    case GeneratorKind::kVersion:
      return ValueType::kInteger;
    case GeneratorKind::kInteger:
      return plain ? ValueType::kInteger : ValueType::kText;
    case GeneratorKind::kAmount:
      return ValueType::kDouble;
    case GeneratorKind::kDate:
      return ValueType::kDate;
    case GeneratorKind::kPoint:
      return ValueType::kPoint;
    case GeneratorKind::kFleet:
      return generator.type;
    case GeneratorKind::kRow:
      return generator.rows == nullptr ? ValueType::kText
                                       : generator.rows->Columns()[generator.column].type;
    default:
      return ValueType::kText;
  }
}

std::string DatasetMark(const DataPlan& data, std::uint64_t seed) {
  const std::uint64_t count = data.load_records != 0 ? data.load_records : data.records;
  const std::string statement =
      data.fingerprint != 0 ? fmt::format(" statements={:016x}", data.fingerprint) : "";
  return fmt::format(
      "mbench-data-1 first={} count={} key={}/{}/{} fields={} size={} compressible={} seed={}{}",
      data.first, count, Name(data.key.order), data.key.digits, data.key.prefix, data.value.fields,
      DescribeSize(data.value.size), data.value.compressible, seed, statement);
}

std::string WhyNotFollowed(const RunPlan& plan) {
  const FieldSize& size = plan.data.value.size;
  std::uint32_t least = size.choose == SizeChoice::kConstant ? size.max : size.min;
  if (size.choose == SizeChoice::kHistogram && !size.histogram.empty())
    least = std::ranges::min_element(size.histogram)->first;
  if (least < kLeastVersioned) {
    return fmt::format(
        "values of {} B carry no version, so their writes cannot be told apart; expected a size of "
        "{} B or more",
        least, kLeastVersioned);
  }
  if (plan.data.value.fields > 1 && !plan.mix.write_all_fields)
    return "writes of single fields are not followed; expected fields: {write: all}";
  return "";
}

bool DeclaresOutages(const RunPlan& plan) {
  return std::ranges::any_of(plan.events,
                             [](const EventPlan& event) { return event.outage.has_value(); });
}

}  // namespace mbench
