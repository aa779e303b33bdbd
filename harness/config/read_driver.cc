// SPDX-License-Identifier: Apache-2.0
//
// driver: {use: rocksdb, path: data/ramp, cache: 64MiB}
//
// driver: noop    is short for driver: {use: noop}
//
// An option with a dot in its name is a key of a map: hosts.replica is {hosts: {replica: ...}}. Those
// below an open one may be written either way: {rdkafka: {sasl.mechanism: ...}},
// {rdkafka.sasl.mechanism: ...}.
#include <array>
#include <set>

#include "harness/base/text.h"
#include "harness/config/driver_options.h"
#include "harness/config/sections.h"

namespace mbench {
namespace {

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

}  // namespace

void ReadDriver(const ValueNode& node, ReadState* whole) {
  const ReadState& state = *whole;
  if (node.IsScalar()) {
    const std::optional<DriverOptions> driver = ReadUse(&node, state);
    if (!driver) return;
    whole->language = driver->language;
    return DriverOptionReader(*driver, state.context, state.mistakes, state.plan)
        .Finish(node.place, "driver: {use: " + std::string(driver->name) + ", ", ": ...}");
  }
  MapReader map(node, "driver", kDriverExample, state.mistakes);
  const std::optional<DriverOptions> driver = ReadUse(map.Need("use", "use: rocksdb"), state);
  if (!driver) {
    PassOptions(&map);
    return map.Finish();
  }
  whole->language = driver->language;
  DriverOptionReader options(*driver, state.context, state.mistakes, state.plan);
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
}

}  // namespace mbench
