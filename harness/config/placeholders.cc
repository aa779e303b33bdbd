// SPDX-License-Identifier: Apache-2.0
#include "harness/config/placeholders.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/base/text_template.h"

namespace mbench {
namespace {

// Of `text` within the scalar at `place`; all of the scalar when it is not in its first line.
Place PlaceWithin(const Place& place, std::string_view text, const Mistakes& mistakes) {
  const std::string_view line = mistakes.Line(place);
  const std::size_t at = line.find(text, place.column - 1);
  if (place.line == 0 || at == std::string_view::npos) return place;
  return {place.source, place.line, static_cast<std::uint32_t>(at + 1),
          static_cast<std::uint32_t>(text.size())};
}

std::vector<std::string_view> GeneratorNames(const MixPlan& mix) {
  std::vector<std::string_view> names;
  for (const GeneratorKind kind : kBuiltInGenerators) names.push_back(Name(kind));
  for (const GeneratorPlan& generator : mix.generators) names.push_back(generator.name);
  for (std::size_t i = 0; mix.fleet && i < mix.fleet->Columns(); ++i)
    names.push_back(mix.fleet->ColumnName(i));
  return names;
}

// "": the placeholder stands for something; else what is wrong with it.
std::string WrongWithRow(std::string_view name, StatementUse use, const ReadState& state) {
  const Rows* const rows = state.plan->data.rows.get();
  if (use != StatementUse::kLoad) return "rows are there for load_statement only";
  if (rows == nullptr)
    return "there are no rows; expected something like rows: {csv: patients.csv}";
  const std::string_view column = name.substr(kRowPrefix.size());
  if (rows->Columns().empty()) return "";  // what is wrong with them was told
  if (rows->Find(column) < rows->Columns().size()) return "";
  std::vector<std::string_view> names;
  for (const RowColumn& known : rows->Columns()) names.push_back(known.name);
  return fmt::format("the rows have no column {}{}", Quote(column), Suggest(column, names));
}

std::string WrongWith(const std::string& name, StatementUse use, const ReadState& state) {
  if (use == StatementUse::kSetUp || use == StatementUse::kCheck) {
    return fmt::format(
        "it is done once, so there are no values for it (for the text {{{}}} write "
        "{{{{{}}}}})",
        name, name);
  }
  if (name.starts_with(kRowPrefix)) return WrongWithRow(name, use, state);
  const GeneratorPlan found = FindGenerator(state.plan->mix, name);
  if (found.kind == GeneratorKind::kFleet && use == StatementUse::kLoad) {
    return fmt::format(
        "{} is a column of the fleet, whose points are sent by statements of the "
        "run",
        Quote(name));
  }
  if (!found.name.empty()) return "";
  return fmt::format("no generator {}{} (for the text {{{}}} write {{{{{}}}}})", Quote(name),
                     Suggest(name, GeneratorNames(state.plan->mix)), name, name);
}

// REQUIRES: there is such a generator or column.
ValueType TypeOf(const std::string& name, const ReadState& state) {
  if (!name.starts_with(kRowPrefix)) return TypeOf(FindGenerator(state.plan->mix, name));
  const Rows& rows = *state.plan->data.rows;
  const std::size_t column = rows.Find(std::string_view(name).substr(kRowPrefix.size()));
  return column < rows.Columns().size() ? rows.Columns()[column].type : ValueType::kText;
}

// Adds the placeholders of one text to the arguments of `statement`; wrong ones too, so that the
// driver does not find them again.
void CollectPlaceholders(std::string_view text, const Place& place, const ReadState& state,
                         StatementSpec* statement) {
  for (const std::string& name : TextTemplate::Names(text)) {
    if (std::ranges::find(statement->arguments, name) != statement->arguments.end()) continue;
    std::string wrong = WrongWith(name, statement->use, state);
    statement->arguments.push_back(name);
    statement->types.push_back(wrong.empty() ? TypeOf(name, state) : ValueType::kText);
    if (wrong.empty()) continue;
    state.mistakes->Add(PlaceWithin(place, fmt::format("{{{}}}", name), *state.mistakes),
                        std::move(wrong));
  }
}

}  // namespace

void CollectArguments(const ValueNode& node, const ReadState& state, StatementSpec* statement) {
  CollectPlaceholders(node.text, node.place, state, statement);
  for (const ValueNode& child : node.children) {
    CollectPlaceholders(child.key, child.key_place, state, statement);
    CollectArguments(child, state, statement);
  }
}

void CheckOnlyKey(const ValueNode& node, const ReadState& state, StatementSpec* statement) {
  for (const std::string& name : TextTemplate::Names(node.text)) {
    if (name != "key") {
      state.mistakes->Add(PlaceWithin(node.place, fmt::format("{{{}}}", name), *state.mistakes),
                          fmt::format("{} has no value here; only {{key}} has, the key that was "
                                      "written (for the text {{{}}} write {{{{{}}}}})",
                                      Quote(name), name, name));
    }
    if (std::ranges::find(statement->arguments, name) != statement->arguments.end()) continue;
    statement->arguments.push_back(name);  // wrong ones too, so that the driver does not find them
    statement->types.push_back(ValueType::kText);
  }
  for (const ValueNode& child : node.children) CheckOnlyKey(child, state, statement);
}

}  // namespace mbench
