// SPDX-License-Identifier: Apache-2.0
//
// fleet:
//   tags: {site: 12, machine: {count: 40, prefix: m-}, sensor: [vibration, temperature]}
//   fields:
//     value: {walk: {start: 20, step: 0.1, min: 0, max: 100}}
//     quality: {pick: {good: 99, bad: 1}}
//   every: 10ms
//   late: {part: 1%, by: 30s}
//   missing: 0.1%
//   start: now
//
// What it means: harness/plan/fleet.h.
#include <algorithm>
#include <cmath>
#include <memory>

#include "harness/base/date.h"
#include "harness/base/text.h"
#include "harness/base/text_template.h"
#include "harness/base/units.h"
#include "harness/config/limits.h"
#include "harness/config/sections.h"

namespace mbench {
namespace {

constexpr std::string_view kFleetExample = "{tags: {machine: 40}, fields: {...}, every: 1s}";
constexpr std::string_view kSignalExample = "{walk: {start: 20, step: 0.1, min: 0, max: 100}}";
constexpr Range<double> kFieldValues = {-1e12, 1e12, "-1e12 to 1e12"};
constexpr Range<double> kFieldHeights = {0, 1e12, "0 to 1e12"};
constexpr Range<double> kFieldSteps = {1e-6, 1e12, "0.000001 to 1e12"};
constexpr Range<Ticks> kFleetEvery = {1 * kMicrosecond, 24 * kHour, "1us to 24h"};
constexpr Range<Ticks> kFleetPeriods = {1 * kMicrosecond, 366 * 24 * kHour, "1us to 366 days"};
constexpr std::int64_t kMostValues = 1'000'000;  // of a tag
constexpr Range<std::int64_t> kValueCounts = {1, kMostValues, "1 to 1M"};

// Its values are those of a placeholder. False: it cannot be one, which was told.
bool CheckFleetColumnName(const ValueNode& node, std::string_view what, const ReadState& state) {
  const std::string placeholder = fmt::format("{{{}}}", node.key);
  if (TextTemplate::Names(placeholder) != std::vector<std::string>{node.key}) {
    state.mistakes->Add(node.key_place,
                        fmt::format("{} is no name of a {}; expected letters, digits and _, the "
                                    "first of them no digit",
                                    Quote(node.key), what));
    return false;
  }
  if (node.key != FleetPlan::kTime) return true;
  state.mistakes->Add(
      node.key_place,
      fmt::format("a {} cannot be called 'time': that is when a point was due", what));
  return false;
}

// ---- tags ----

void AddTagValues(std::int64_t count, std::string_view prefix, FleetTag* tag) {
  for (std::int64_t i = 1; i <= count; ++i) tag->values.push_back(fmt::format("{}{}", prefix, i));
}

void ReadTagScalar(const ValueNode& node, const ReadState& state, FleetTag* tag) {
  const std::string* const text = ScalarText(node, node.key, state.mistakes);
  if (text == nullptr) return;
  const Result<std::int64_t> count = ParseCount(*text);
  if (!count || *count < 1 || *count > kMostValues) {
    return state.mistakes->Add(
        node.place, fmt::format("{} is no number of values of a tag; expected 1 to 1M, a list of "
                                "values, or something like {{count: 40, prefix: m-}}",
                                Quote(*text)));
  }
  AddTagValues(*count, node.key + "-", tag);
}

void ReadTag(const ValueNode& node, const ReadState& state, FleetPlan* fleet) {
  FleetTag tag{.name = node.key, .values = {}};
  const bool is_named = CheckFleetColumnName(node, "tag", state);
  if (node.IsList()) {
    for (const ValueNode& value : node.children) {
      const std::string* const text = ScalarText(value, "a value of a tag", state.mistakes);
      if (text != nullptr && text->empty())
        state.mistakes->Add(value.place, "a value of a tag cannot be empty");
      if (text != nullptr) tag.values.push_back(*text);
    }
    if (node.children.empty())
      state.mistakes->Add(node.Head(), "a tag has one value at least; the list is empty");
  } else if (node.IsMap()) {
    MapReader map(node, fmt::format("tag {}", Quote(node.key)), "{count: 40, prefix: m-}",
                  state.mistakes);
    map.Need("count", "count: 40");
    std::int64_t count = 0;
    std::string prefix = node.key + "-";
    map.Count("count", kValueCounts, &count);
    map.Text("prefix", &prefix);
    map.Finish();
    AddTagValues(count, prefix, &tag);
  } else {
    ReadTagScalar(node, state, &tag);
  }
  if (is_named) fleet->tags.push_back(std::move(tag));
}

// ---- fields ----

void ReadWalkField(MapReader* map, SignalPlan* signal) {
  map->Number("start", kFieldValues, &signal->start);
  map->Need("step", "step: 0.1");
  map->Number("step", kFieldSteps, &signal->step);
  map->Number("min", kFieldValues, &signal->min);
  map->Number("max", kFieldValues, &signal->max);
  if (signal->min >= signal->max) {
    map->Complain("min", fmt::format("min ({}) is not below max ({})", signal->min, signal->max));
  } else if (signal->start < signal->min || signal->start > signal->max) {
    map->Complain("start", fmt::format("start ({}) is not within min..max ({}..{})", signal->start,
                                       signal->min, signal->max));
  }
}

void ReadSineField(MapReader* map, SignalPlan* signal) {
  map->Number("mean", kFieldValues, &signal->mean);
  map->Need("amplitude", "amplitude: 5");
  map->Number("amplitude", kFieldHeights, &signal->amplitude);
  map->Need("period", "period: 1h");
  map->Duration("period", kFleetPeriods, &signal->period);
  map->Number("noise", kFieldHeights, &signal->noise);
}

void ReadStepsField(MapReader* map, const ReadState& state, SignalPlan* signal) {
  map->Need("hold", "hold: 30s");
  map->Duration("hold", kFleetPeriods, &signal->period);
  const ValueNode* const levels = map->Need("levels", "levels: [0, 1, 2]");
  if (levels == nullptr || !IsList(*levels, "levels", "[0, 1, 2]", state)) return;
  for (const ValueNode& level : levels->children) {
    const std::string* const text = ScalarText(level, "a level", state.mistakes);
    if (text == nullptr) continue;
    const Result<double> number = ParseNumber(*text);
    if (number && std::abs(*number) <= kFieldValues.max) {
      signal->levels.push_back(*number);
    } else {
      state.mistakes->Add(level.place, fmt::format("{} is no level; expected a number, {}",
                                                   Quote(*text), kFieldValues.text));
    }
  }
  if (levels->children.empty()) map->Complain("levels", "there is no level in it");
}

void ReadCounterField(MapReader* map, SignalPlan* signal) {
  std::int64_t start = 0, by = 1;
  map->Count("start", {0, 1'000'000'000'000, "0 to 1T"}, &start);
  map->Count("by", {1, 1'000'000, "1 to 1M"}, &by);
  signal->start = static_cast<double>(start);
  signal->step = static_cast<double>(by);
}

void ReadSpikeField(MapReader* map, SignalPlan* signal) {
  double peak = 0;
  map->Number("base", kFieldValues, &signal->mean);
  map->Need("peak", "peak: 50");
  map->Number("peak", kFieldValues, &peak);
  signal->amplitude = peak - signal->mean;
  map->Need("part", "part: 0.1%");
  map->Fraction("part", &signal->part);
  map->Need("for", "for: 2s");
  map->Duration("for", kFleetPeriods, &signal->period);
  map->Number("noise", kFieldHeights, &signal->noise);
}

void ReadPickField(const ValueNode& node, const ReadState& state, SignalPlan* signal) {
  GeneratorPlan picks;
  ReadPicks(node, state, &picks);
  signal->picks = std::move(picks.picks);
}

void ReadFieldKind(const ValueNode& node, const ReadState& state, SignalPlan* signal) {
  if (signal->kind == SignalKind::kPick) return ReadPickField(node, state, signal);
  MapReader map(node, fmt::format("{} of field {}", node.key, Quote(signal->name)),
                kSignalExample.substr(7, kSignalExample.size() - 8), state.mistakes);
  switch (signal->kind) {
    case SignalKind::kWalk:
      ReadWalkField(&map, signal);
      break;
    case SignalKind::kSine:
      ReadSineField(&map, signal);
      break;
    case SignalKind::kSteps:
      ReadStepsField(&map, state, signal);
      break;
    case SignalKind::kCounter:
      ReadCounterField(&map, signal);
      break;
    case SignalKind::kSpike:
      ReadSpikeField(&map, signal);
      break;
    case SignalKind::kPick:
      break;
  }
  if (signal->kind != SignalKind::kCounter)
    map.Count("decimals", {0, 6, "0 to 6"}, &signal->decimals);
  map.Finish();
}

void ReadField(const ValueNode& node, const ReadState& state, FleetPlan* fleet) {
  SignalPlan signal{.name = node.key};
  const bool is_named = CheckFleetColumnName(node, "field", state);
  std::vector<std::string_view> kinds;
  const ValueNode* said = nullptr;
  for (std::size_t i = 0; i < kCountOf<SignalKind>; ++i) {
    kinds.push_back(Name(static_cast<SignalKind>(i)));
    if (const ValueNode* const found = node.Child(kinds.back())) {
      said = found;
      signal.kind = static_cast<SignalKind>(i);
    }
  }
  if (!node.IsMap() || node.children.size() != 1 || said == nullptr) {
    std::string_view written;
    if (!node.children.empty()) written = node.children[0].key;
    state.mistakes->Add(
        node.Head(),
        fmt::format("field {} says not how its values go; expected one "
                    "of {}, something like {}{}",
                    Quote(node.key), fmt::join(kinds, ", "), kSignalExample,
                    said != nullptr || written.empty() ? "" : Suggest(written, kinds)));
  } else {
    ReadFieldKind(*said, state, &signal);
  }
  if (is_named) fleet->fields.push_back(std::move(signal));
}

// ---- the rest ----

// How a part of the points differs: {part: 1%, by: 30s}.
void ReadLatePoints(const ValueNode& node, const ReadState& state, FleetPlan* fleet) {
  MapReader map(node, "fleet.late", "{part: 1%, by: 30s}", state.mistakes);
  map.Need("part", "part: 1%");
  map.Fraction("part", &fleet->late);
  map.Need("by", "by: 30s");
  map.Duration("by", kFleetPeriods, &fleet->late_by);
  map.Finish();
}

void ReadChurn(const ValueNode& node, const ReadState& state, FleetPlan* fleet) {
  MapReader map(node, "fleet.churn", "{tag: machine, every: 1h}", state.mistakes);
  map.Need("every", "every: 1h");
  map.Duration("every", kFleetPeriods, &fleet->churn_every);
  std::string tag;
  map.Need("tag", "tag: machine");
  if (map.Text("tag", &tag)) {
    fleet->churn_tag = fleet->FindColumn(tag);
    std::vector<std::string_view> names;
    for (const FleetTag& one : fleet->tags) names.push_back(one.name);
    if (fleet->churn_tag >= fleet->tags.size())
      map.Complain("tag", fmt::format("no tag {}{}", Quote(tag), Suggest(tag, names)));
  }
  map.Finish();
}

void ReadFleetStart(MapReader* map, FleetPlan* fleet) {
  std::string text;
  if (!map->Text("start", &text) || text == "now") return;
  constexpr std::int64_t kNsPerMs = 1'000'000, kLastMs = 4'102'444'800'000;  // 2100
  const std::optional<std::int64_t> ms = ParseDate(text);
  if (!ms || *ms < 0 || *ms > kLastMs) {
    return map->Complain("start", fmt::format("{} is no time of a first point; expected now, or a "
                                              "date from 1970 to 2100 such as 2026-01-31",
                                              Quote(text)));
  }
  fleet->start = *ms * kNsPerMs;
}

void CheckWholeFleet(const ValueNode& node, const FleetPlan& fleet, const ReadState& state) {
  if (fleet.fields.empty())
    state.mistakes->Add(node.Head(),
                        "a fleet has one field at least; expected something like "
                        "fields: {value: {walk: {step: 1}}}");
  for (std::size_t column = 0; column < fleet.Columns(); ++column) {
    const std::string_view name = fleet.ColumnName(column);
    if (std::ranges::find(state.plan->mix.generators, name, &GeneratorPlan::name) !=
        state.plan->mix.generators.end()) {
      state.mistakes->Add(node.Head(),
                          fmt::format("the fleet has a column {}, and so is a generator "
                                      "called; choose another name for one of them",
                                      Quote(name)));
    }
    if (fleet.FindColumn(name) < column) {
      state.mistakes->Add(node.Head(),
                          fmt::format("the fleet has two columns called {}", Quote(name)));
    }
  }
  if (fleet.Series() > FleetPlan::kMostSeries) {
    state.mistakes->Add(
        node.Child("tags")->Head(),
        fmt::format("the tags make more than {} series", FormatCount(FleetPlan::kMostSeries)));
  }
}

}  // namespace

void ReadFleet(const ValueNode& node, const ReadState& state) {
  auto fleet = std::make_shared<FleetPlan>();
  const std::size_t mistakes_before = state.mistakes->Count();
  MapReader map(node, "fleet", kFleetExample, state.mistakes);
  if (const ValueNode* const tags = map.Need("tags", "tags: {machine: 40}")) {
    MapReader each(*tags, "fleet.tags", "{machine: 40}", state.mistakes);
    for (const ValueNode& tag : tags->children) {
      if (each.Find(tag.key) != nullptr) ReadTag(tag, state, fleet.get());
    }
    each.Finish();
  }
  if (const ValueNode* const fields = map.Need("fields", "fields: {value: {walk: {step: 1}}}")) {
    MapReader each(*fields, "fleet.fields", "{value: {walk: {step: 1}}}", state.mistakes);
    for (const ValueNode& field : fields->children) {
      if (each.Find(field.key) != nullptr) ReadField(field, state, fleet.get());
    }
    each.Finish();
  }
  map.Need("every", "every: 1s");
  map.Duration("every", kFleetEvery, &fleet->every);
  ReadFleetStart(&map, fleet.get());
  map.Duration("jitter", {0, kFleetEvery.max, "0s to 24h"}, &fleet->jitter);
  map.Fraction("missing", &fleet->missing);
  map.Fraction("duplicate", &fleet->duplicate);
  if (const ValueNode* const late = map.Find("late")) ReadLatePoints(*late, state, fleet.get());
  if (const ValueNode* const churn = map.Find("churn")) ReadChurn(*churn, state, fleet.get());
  map.Finish();
  if (state.mistakes->Count() == mistakes_before) CheckWholeFleet(node, *fleet, state);
  // One with mistakes in it is there too, so that its names are known.
  state.plan->mix.fleet = std::move(fleet);
}

namespace {

ValueNode FleetPlaceholder(std::string_view key, std::string_view name, const Place& place) {
  return {.kind = ValueNode::Kind::kScalar,
          .text = fmt::format("{{{}}}", name),
          .written = fmt::format("{{{}}}", name),
          .plain = false,
          .place = place,
          .key = std::string(key),
          .key_place = place};
}

// The columns first .. end - 1 as a map of placeholders.
ValueNode FleetColumns(std::string_view key, const FleetPlan& fleet, std::size_t first,
                       std::size_t end, const Place& place) {
  ValueNode map{
      .kind = ValueNode::Kind::kMap, .place = place, .key = std::string(key), .key_place = place};
  for (; first < end; ++first)
    map.children.push_back(
        FleetPlaceholder(fleet.ColumnName(first), fleet.ColumnName(first), place));
  return map;
}

}  // namespace

void AddFleetColumns(const ReadState& state, StatementSpec* statement) {
  const FleetPlan* const fleet = state.plan->mix.fleet.get();
  if (fleet == nullptr || (!statement->Find("write") && !statement->Find("copy"))) return;
  const DriverLanguage* const language = state.systems[statement->system].language;
  if (language == nullptr) return;
  const WordSpec* const head = FindHead(language->words, *statement, false);
  if (head == nullptr || (head->name != "write" && head->name != "copy")) return;
  const auto is_open = [&](std::string_view word) {
    return statement->Find(word) == nullptr &&
           FindWord(language->words, word, kInStatement, head) != nullptr;
  };
  // Who says fields of their own has points of their own.
  if (!is_open("fields")) return;
  const Place place = statement->Find(head->name)->place;
  const std::size_t tags = fleet->tags.size();
  std::vector<ValueNode>& words = statement->body.children;
  const bool tags_open = is_open("tags"), time_open = is_open("time");
  words.push_back(FleetColumns("fields", *fleet, tags, tags + fleet->fields.size(), place));
  if (tags_open) words.push_back(FleetColumns("tags", *fleet, 0, tags, place));
  if (time_open) words.push_back(FleetPlaceholder("time", FleetPlan::kTime, place));
}

void CheckFleetIsUsed(const ValueNode& fleet, const ReadState& state) {
  for (const StatementSpec& statement : state.plan->mix.statements) {
    for (const std::string& name : statement.arguments) {
      if (FindGenerator(state.plan->mix, name).kind == GeneratorKind::kFleet) return;
    }
  }
  state.mistakes->Add(fleet.key_place,
                      "no statement sends points of the fleet; expected something like "
                      "ingest: {weight: 1, write: sensors, batch: 1000}");
}

}  // namespace mbench
