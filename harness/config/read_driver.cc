// SPDX-License-Identifier: Apache-2.0
//
// driver: {use: rocksdb, path: data/ramp, cache: 64MiB}
#include <array>

#include "harness/base/text.h"
#include "harness/config/driver_options.h"
#include "harness/config/sections.h"

namespace mbench {
namespace {

constexpr std::string_view kExample = "{use: rocksdb, path: data/ramp}";

// Options of a driver that is not known cannot be judged; but one of them may be meant as `use`.
void PassOptions(MapReader* map) {
  constexpr std::array<std::string_view, 1> kUse = {"use"};
  for (const YamlNode& child : map->Node().children) {
    if (map->Has("use") || ClosestMatch(child.key, kUse).empty()) map->Find(child.key);
  }
}

const DriverOptions* ReadUse(MapReader* map, const ReadState& state) {
  const YamlNode* const use = map->Need("use", "use: rocksdb");
  const std::string* const name =
      use == nullptr ? nullptr : ScalarText(*use, "use", state.mistakes);
  if (name == nullptr) return nullptr;
  std::string mistake;
  const DriverOptions* const driver = FindDriverOptions(state.context, *name, &mistake);
  if (!mistake.empty()) state.mistakes->Add(use->place, mistake);
  return driver;
}

}  // namespace

void ReadDriver(const YamlNode& node, const ReadState& state) {
  MapReader map(node, "driver", kExample, state.mistakes);
  const DriverOptions* const driver = ReadUse(&map, state);
  if (driver == nullptr) {
    PassOptions(&map);
    return map.Finish();
  }
  DriverOptionReader options(*driver, state.context, state.mistakes, state.plan);
  const std::size_t mistakes_before = state.mistakes->Count();
  for (const OptionSpec& spec : driver->options) {
    const YamlNode* const value = map.Find(spec.name);
    const std::string* const text =
        value == nullptr ? nullptr : ScalarText(*value, spec.name, state.mistakes);
    if (text != nullptr) options.Take(spec.name, value->written, *text, value->place);
  }
  map.Finish();
  // With a misspelt option the one that is missing is likely the same.
  if (state.mistakes->Count() == mistakes_before) options.Finish(node.Head(), "", ": ...");
}

}  // namespace mbench
