// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/run_plan.h"

#include <fmt/format.h>

#include <algorithm>

namespace mbench {
namespace {

constexpr std::array<std::string_view, kVerbs> kVerbNames = {"read", "update", "insert",
                                                             "scan", "delete", "rmw"};
constexpr std::array<std::string_view, 2> kKeyOrderNames = {"hashed", "ordered"};
constexpr std::array<std::string_view, 4> kSizeChoiceNames = {"constant", "uniform", "zipfian",
                                                              "histogram"};
constexpr std::array<std::string_view, 3> kLoadDataNames = {"auto", "always", "never"};
constexpr std::array<std::string_view, 2> kLoadModelNames = {"closed", "open"};
constexpr std::array<std::string_view, 2> kArrivalsNames = {"constant", "poisson"};
constexpr std::array<std::string_view, 7> kProfileNames = {"steady", "ramp", "spike", "soak",
                                                           "step",   "sine", "replay"};
constexpr std::array<std::string_view, 7> kKeyChoiceNames = {
    "uniform", "sequential", "zipfian", "scrambled", "latest", "hotspot", "exponential"};
constexpr std::array<std::string_view, 2> kLengthChoiceNames = {"uniform", "zipfian"};
constexpr std::array<std::string_view, kGeneratorKinds> kGeneratorNames = {
    "key",  "record", "value", "sequence", "uuid", "integer", "pick",
    "text", "name",   "email", "amount",   "date", "point",   "object_id"};
constexpr std::array<std::string_view, kShapes> kShapeNames = {"uniform", "normal", "lognormal",
                                                               "exponential"};

std::string DescribeSize(const FieldSize& size) {
  std::string text = fmt::format("{} {}..{}", Name(size.choose), size.min, size.max);
  if (size.choose == SizeChoice::kConstant) return std::to_string(size.max);
  for (const auto& [bytes, weight] : size.histogram) text += fmt::format(" {}:{}", bytes, weight);
  return text;
}

}  // namespace

std::string_view Name(Verb verb) { return kVerbNames[static_cast<std::size_t>(verb)]; }
std::string_view Name(KeyOrder order) { return kKeyOrderNames[static_cast<std::size_t>(order)]; }
std::string_view Name(SizeChoice choice) {
  return kSizeChoiceNames[static_cast<std::size_t>(choice)];
}
std::string_view Name(LoadData load) { return kLoadDataNames[static_cast<std::size_t>(load)]; }
std::string_view Name(LoadModel model) { return kLoadModelNames[static_cast<std::size_t>(model)]; }
std::string_view Name(Arrivals arrivals) {
  return kArrivalsNames[static_cast<std::size_t>(arrivals)];
}
std::string_view Name(Profile profile) { return kProfileNames[static_cast<std::size_t>(profile)]; }
std::string_view Name(KeyChoice choice) {
  return kKeyChoiceNames[static_cast<std::size_t>(choice)];
}
std::string_view Name(LengthChoice choice) {
  return kLengthChoiceNames[static_cast<std::size_t>(choice)];
}

std::string_view Name(GeneratorKind kind) {
  return kGeneratorNames[static_cast<std::size_t>(kind)];
}

std::string_view Name(WordList list) {
  constexpr std::array<std::string_view, 5> kNames = {"none", "first names", "last names",
                                                      "cities of europe", "cities of the world"};
  return kNames[static_cast<std::size_t>(list)];
}

std::string_view Name(Shape shape) { return kShapeNames[static_cast<std::size_t>(shape)]; }

bool HasVerbs(const MixPlan& mix) {
  return std::ranges::any_of(mix.weights, [](double weight) { return weight > 0; });
}

GeneratorPlan FindGenerator(const MixPlan& mix, std::string_view name) {
  for (std::size_t i = 0; i < kBuiltInGenerators; ++i) {
    const auto kind = static_cast<GeneratorKind>(i);
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
      return ValueType::kInteger;
    case GeneratorKind::kInteger:
      return plain ? ValueType::kInteger : ValueType::kText;
    case GeneratorKind::kAmount:
      return ValueType::kDouble;
    case GeneratorKind::kDate:
      return ValueType::kDate;
    case GeneratorKind::kPoint:
      return ValueType::kPoint;
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

}  // namespace mbench
