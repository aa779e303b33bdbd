// SPDX-License-Identifier: Apache-2.0
//
// driver: {use: rocksdb, path: data/ramp, cache: 64MiB}
//
// driver: noop    is short for driver: {use: noop}
//
// systems: {cache: {use: redis, url: ...}, primary: {use: postgres, url: ...}}
//
// An option with a dot in its name is a key of a map: hosts.replica is {hosts: {replica: ...}}.
// Those below an open one may be written either way: {rdkafka: {sasl.mechanism: ...}},
// {rdkafka.sasl.mechanism: ...}.
#include <array>
#include <set>

#include "harness/base/text.h"
#include "harness/config/driver_options.h"
#include "harness/config/limits.h"
#include "harness/config/sections.h"

namespace mbench {
namespace {

constexpr std::string_view kSystemsExample =
    "{cache: {use: redis, url: ...}, primary: {use: postgres, url: ...}}";
constexpr std::string_view kDriverExample = "{use: rocksdb, path: data/ramp}";

// Options of a driver that is not known cannot be judged; but one of them may be meant as `use`.
void PassOptions(MapReader* map) {
  constexpr std::array<std::string_view, 1> kUse = {"use"};
  for (const ValueNode& child : map->Node().children) {
    if (map->Has("use") || ClosestMatch(child.key, kUse).empty()) map->Find(child.key);
  }
}

// "hosts" of hosts.replica; "": it is no key of a map.
std::string_view GroupOf(const OptionSpec& spec) {
  const std::size_t dot = spec.name.find('.');
  return dot == std::string_view::npos ? "" : spec.name.substr(0, dot);
}

std::optional<DriverOptions> ReadUse(const ValueNode* use, const ReadState& state) {
  const std::string* const name =
      use == nullptr ? nullptr : ScalarText(*use, "use", state.mistakes);
  if (name == nullptr) return std::nullopt;
  std::string mistake;
  const std::optional<DriverOptions> driver = FindDriverOptions(state.context, *name, &mistake);
  if (!mistake.empty()) state.mistakes->Add(use->place, mistake);
  return driver;
}

void TakeOption(MapReader* map, std::string_view key, std::string_view option,
                const ReadState& state, DriverOptionReader* options) {
  const ValueNode* const value = map->Find(key);
  const std::string* const text =
      value == nullptr ? nullptr : ScalarText(*value, option, state.mistakes);
  if (text != nullptr) {
    options->Take(option, value->written, *text, value->place);
  } else if (value != nullptr) {
    options->TakeWrong(option, value->place);
  }
}

// The options of `driver` that are keys of the map `group`.
void TakeGroup(MapReader* map, std::string_view group, const DriverOptions& driver,
               const ReadState& state, DriverOptionReader* options) {
  const ValueNode* const node = map->Find(group);
  if (node == nullptr) return;
  MapReader nested(*node, std::string(group), kDriverExample, state.mistakes);
  for (const OptionSpec& spec : driver.options) {
    if (GroupOf(spec) == group && spec.IsOpen()) {
      for (const ValueNode& child : node->children)
        TakeOption(&nested, child.key, fmt::format("{}.{}", group, child.key), state, options);
    } else if (GroupOf(spec) == group)
      TakeOption(&nested, spec.name.substr(group.size() + 1), spec.name, state, options);
  }
  nested.Finish();
}

// What a driver is, by itself or as one of several systems. `where`: "driver", "system 'cache'".
// Returns what is known of it.
const DriverLanguage* ReadOne(const ValueNode& node, const std::string& where,
                              const ReadState& state, DriverPlan* chosen) {
  if (node.IsScalar()) {
    const std::optional<DriverOptions> driver = ReadUse(&node, state);
    if (!driver) return nullptr;
    DriverOptionReader(*driver, state.context, state.mistakes, state.plan, chosen)
        .Finish(node.place, fmt::format("{}: {{use: {}, ", node.key, driver->name), ": ...}");
    return driver->language;
  }
  MapReader map(node, where, kDriverExample, state.mistakes);
  const std::optional<DriverOptions> driver = ReadUse(map.Need("use", "use: rocksdb"), state);
  if (!driver) {
    PassOptions(&map);
    map.Finish();
    return nullptr;
  }
  DriverOptionReader options(*driver, state.context, state.mistakes, state.plan, chosen);
  for (const OptionSpec& spec : driver->options) {
    if (GroupOf(spec).empty()) TakeOption(&map, spec.name, spec.name, state, &options);
  }
  std::set<std::string_view> groups;
  for (const OptionSpec& spec : driver->options) groups.insert(GroupOf(spec));
  groups.erase("");
  for (const std::string_view group : groups) TakeGroup(&map, group, *driver, state, &options);
  for (const ValueNode& child : map.Node().children) {
    const OptionSpec* const spec = FindOption(driver->options, child.key);
    if (spec != nullptr && spec->IsOpen()) TakeOption(&map, child.key, child.key, state, &options);
  }
  const std::size_t mistakes_before = state.mistakes->Count();
  map.Finish();
  // With a misspelt option the one that is missing is likely the same.
  options.Finish(node.Head(), "", ": ...", state.mistakes->Count() != mistakes_before);
  return driver->language;
}

bool IsSystemName(std::string_view name) {
  constexpr std::string_view kAllowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
  return !name.empty() && name.size() <= 32 &&
         name.find_first_not_of(kAllowed) == std::string_view::npos;
}

}  // namespace

void ReadDriver(const ValueNode& node, ReadState* state) {
  state->systems.push_back(
      {.language = ReadOne(node, "driver", *state, &state->plan->driver), .place = node.key_place});
}

// One that is wrong stands there all the same, so that statements find it by its name.
void ReadSystems(const ValueNode& node, ReadState* state) {
  MapReader map(node, "systems", kSystemsExample, state->mistakes);
  if (!node.IsMap()) return map.Finish();
  if (node.children.empty() || node.children.size() > limits::kSystems) {
    state->mistakes->Add(node.Head(), fmt::format("{} systems; expected 1 to {}",
                                                  node.children.size(), limits::kSystems));
  }
  for (const ValueNode& child : node.children) {
    if (node.Child(child.key) != &child) continue;  // a second one of that name: map.Finish tells
    map.Find(child.key);
    if (!IsSystemName(child.key)) {
      state->mistakes->Add(
          child.key_place,
          fmt::format("{} is no name of a system; expected at most 32 letters, digits, - and _",
                      Quote(child.key)));
    }
    DriverPlan system;
    system.name = child.key;
    const std::string where = fmt::format("system {}", Quote(child.key));
    state->systems.push_back(
        {.language = ReadOne(child, where, *state, &system), .place = child.key_place});
    if (state->systems.size() == 1)
      state->plan->driver = std::move(system);
    else
      state->plan->other_systems.push_back(std::move(system));
  }
  map.Finish();
}

}  // namespace mbench
