// SPDX-License-Identifier: Apache-2.0
//
// generators:
//   customer: {from: 1, to: 10k, choose: zipfian}
//   city: {pick: {Berlin: 5, Rome: 1}}
//   note: {text: 20..200}
//   middle_name: {name: first, missing: 80%}
//   user: {rows: users.csv, column: name}    read_feeders.cc
//   born: {date: 1930-01-01..2010-12-31}     and others: read_realistic.cc
//
// Each makes the values of one {placeholder} of the statements.
#include "harness/base/text.h"
#include "harness/base/text_template.h"
#include "harness/base/units.h"
#include "harness/config/limits.h"
#include "harness/config/read_feeders.h"
#include "harness/config/sections.h"

namespace mbench {
namespace {

constexpr std::string_view kGeneratorExample = "{from: 1, to: 10k}";

void CheckGeneratorName(const ValueNode& node, const ReadState& state) {
  const std::string placeholder = fmt::format("{{{}}}", node.key);
  if (TextTemplate::Names(placeholder) != std::vector<std::string>{node.key}) {
    state.mistakes->Add(node.key_place,
                        fmt::format("{} is no name of a generator; expected letters, digits and _, "
                                    "the first of them no digit",
                                    Quote(node.key)));
  }
  for (const GeneratorKind kind : kBuiltInGenerators) {
    if (node.key != Name(kind)) continue;
    state.mistakes->Add(node.key_place,
                        fmt::format("{} is there already and cannot be declared; choose another "
                                    "name",
                                    Quote(node.key)));
  }
}

void RefuseOthers(MapReader* map, std::initializer_list<std::string_view> keys,
                  std::string_view kind) {
  for (const std::string_view key : keys) {
    map->Refuse(key, fmt::format("'{}' does not go with {}", key, kind));
  }
}

void ReadInteger(MapReader* map, GeneratorPlan* generator) {
  map->Need("from", "from: 1");
  map->Need("to", "to: 10k");
  std::int64_t from = 0, to = 0;
  map->Integer("from", &from);
  map->Integer("to", &to);
  if (map->Has("from") && map->Has("to") && from > to)
    map->Complain("from", fmt::format("from ({}) is above to ({})", from, to));
  generator->from = static_cast<std::uint64_t>(from);
  generator->to = static_cast<std::uint64_t>(to);
  map->Choice("choose", kNumberChoices, &generator->choose);
  ReadTheta(map, generator);
  if (map->Text("prefix", &generator->prefix) && generator->prefix.size() > 256) {
    map->Complain("prefix", "a prefix has at most 256 bytes");
  }
  map->Count("digits", {1, limits::kKeyDigits, "1 to 100"}, &generator->digits);
  if (from >= 0) return;
  if (generator->digits > 1)
    map->Complain("digits", "zeros do not go in front of a number below 0");
  if (!generator->prefix.empty())
    map->Complain("prefix", "a prefix does not go in front of a number below 0");
}

void AddPick(const ValueNode& node, std::string text, double weight, const ReadState& state,
             GeneratorPlan* generator) {
  if (text.size() > static_cast<std::size_t>(limits::kTextBytes)) {
    state.mistakes->Add(node.place, "a text to pick has at most 1MiB");
  }
  generator->picks.emplace_back(std::move(text), weight);
}

void ReadPickWeight(const ValueNode& item, const ReadState& state, GeneratorPlan* generator) {
  const std::string* const text = ScalarText(item, "a weight", state.mistakes);
  if (text == nullptr) return;
  const Result<double> weight = ParseNumber(*text);
  if (!weight || *weight < 0 || *weight > limits::kWeight) {
    return state.mistakes->Add(
        item.place, fmt::format("not a weight: {}; expected 0 or more, such as 5", Quote(*text)));
  }
  AddPick(item, item.key, *weight, state, generator);
}

}  // namespace

void ReadPicks(const ValueNode& node, const ReadState& state, GeneratorPlan* generator) {
  generator->kind = GeneratorKind::kPick;
  if (node.kind != ValueNode::Kind::kList && node.kind != ValueNode::Kind::kMap) {
    return state.mistakes->Add(
        node.Head(), fmt::format("pick must be a list or a map of weights, such as [Berlin, Rome] "
                                 "or {{Berlin: 5, Rome: 1}}; this is {}",
                                 Describe(node.kind)));
  }
  const std::size_t mistakes_before = state.mistakes->Count();
  double sum = 0;
  for (const ValueNode& item : node.children) {
    if (node.kind == ValueNode::Kind::kMap) {
      ReadPickWeight(item, state, generator);
    } else if (const std::string* const text = ScalarText(item, "a text to pick", state.mistakes)) {
      AddPick(item, *text, 1, state, generator);
    }
    if (!generator->picks.empty()) sum += generator->picks.back().second;
  }
  if (state.mistakes->Count() == mistakes_before && sum == 0) {
    state.mistakes->Add(node.Head(),
                        "there is nothing to pick; expected something like "
                        "[Berlin, Rome]");
  }
}

namespace {

// "20..200", or "20": all of one length.
void ReadText(MapReader* map, GeneratorPlan* generator) {
  generator->kind = GeneratorKind::kText;
  std::string text;
  if (!map->Text("text", &text)) return;
  const std::size_t dots = text.find("..");
  const std::string_view from = std::string_view(text).substr(0, dots);
  const std::string_view to =
      dots == std::string::npos ? from : std::string_view(text).substr(dots + 2);
  const Result<std::int64_t> min = ParseBytes(from);
  const Result<std::int64_t> max = ParseBytes(to);
  if (!min || !max || *min < 1 || *max > limits::kTextBytes || *min > *max) {
    return map->Complain("text", fmt::format("not lengths of a text: {}; expected something like "
                                             "20..200, from 1 to 1MiB",
                                             Quote(text)));
  }
  generator->from = static_cast<std::uint64_t>(*min);
  generator->to = static_cast<std::uint64_t>(*max);
}

GeneratorPlan ReadGenerator(const ValueNode& node, const ReadState& state,
                            std::vector<Feeder>* feeders) {
  GeneratorPlan generator;
  generator.name = node.key;
  CheckGeneratorName(node, state);
  MapReader map(node, fmt::format("generator {}", Quote(node.key)), kGeneratorExample,
                state.mistakes);
  if (map.Has("rows")) {
    map.Refuse("missing", "'missing' does not go with rows");
  } else {
    map.Fraction("missing", &generator.missing);
  }
  const ValueNode* const pick = map.Find("pick");
  if (map.Has("pick")) {
    RefuseOthers(&map, {"from", "to", "choose", "theta", "prefix", "digits", "text"}, "pick");
    if (pick != nullptr) ReadPicks(*pick, state, &generator);
  } else if (map.Has("text")) {
    RefuseOthers(&map, {"from", "to", "choose", "theta", "prefix", "digits"}, "text");
    ReadText(&map, &generator);
  } else if (map.Has("rows")) {
    ReadFeeder(&map, &generator, feeders);
  } else if (ReadRealistic(&map, state, &generator)) {
    // Those of read_realistic.cc.
  } else {
    ReadInteger(&map, &generator);
    map.Find("text");
    map.Find("rows");
  }
  map.Finish();
  return generator;
}

}  // namespace

void ReadTheta(MapReader* map, GeneratorPlan* generator) {
  if (generator->choose == KeyChoice::kZipfian) {
    map->Number("theta", limits::kTheta, &generator->theta);
  } else {
    RefuseOthers(map, {"theta"}, fmt::format("choose: {}", Name(generator->choose)));
  }
}

void ReadGenerators(const ValueNode& node, const ReadState& state) {
  MapReader map(node, "generators", fmt::format("{{customer: {}}}", kGeneratorExample),
                state.mistakes);
  std::vector<Feeder> feeders;
  std::vector<GeneratorPlan>& generators = state.plan->mix.generators;
  for (const ValueNode& child : node.children) {
    map.Find(child.key);
    const std::size_t known = feeders.size();
    generators.push_back(ReadGenerator(child, state, &feeders));
    if (feeders.size() > known) feeders.back().generator = generators.size() - 1;
  }
  map.Finish();
  ReadFeederFiles(feeders, state);
}

}  // namespace mbench
