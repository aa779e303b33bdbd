// SPDX-License-Identifier: Apache-2.0
//
// driver: {use: rocksdb, path: data/ramp, cache: 64MiB}
#include <algorithm>

#include "harness/base/secrets.h"
#include "harness/base/text.h"
#include "harness/config/sections.h"
#include "harness/config/variables.h"

namespace mbench {
namespace {

constexpr std::string_view kExample = "{use: rocksdb, path: data/ramp}";

// A password in the file would be kept with every result of the run.
void CheckSecrecy(const OptionSpec& spec, const YamlNode& node, const ReadState& state) {
  if (spec.secret && !IsBareVariable(node.written)) {
    state.mistakes->Hide(node.text);
    state.mistakes->Add(node.place,
                        fmt::format("'{}' is secret and must come from the environment; write "
                                    "{}: ${{NAME}}",
                                    spec.name, spec.name));
    return;
  }
  const std::string_view written = PasswordInUri(node.written);
  if (!written.empty() && !IsBareVariable(written)) {
    state.mistakes->Hide(std::string(PasswordInUri(node.text)));
    state.mistakes->Add(node.place,
                        "the password in this address must come from the environment; write "
                        "user:${NAME}@host");
  }
}

void KeepSecrets(const OptionSpec& spec, const std::string& text, const ReadState& state) {
  const std::string password(PasswordInUri(text));
  for (const std::string& secret : {spec.secret ? text : std::string(), password}) {
    if (secret.empty()) continue;
    state.plan->secrets.push_back(secret);
    state.mistakes->Hide(secret);
  }
}

void ReadOption(const OptionSpec& spec, MapReader* map, const ReadState& state,
                std::map<std::string, std::string>* given) {
  const YamlNode* const node =
      spec.required ? map->Need(spec.name, fmt::format("{}: <{}>", spec.name, Describe(spec.type)))
                    : map->Find(spec.name);
  if (node == nullptr) return;
  const std::string* const text = ScalarText(*node, spec.name, state.mistakes);
  if (text == nullptr) return;
  CheckSecrecy(spec, *node, state);
  KeepSecrets(spec, *text, state);
  if (const Status status = OptionValues::Check(spec, *text); !status) {
    // The message quotes the value.
    state.mistakes->Add(node->place,
                        spec.secret ? fmt::format("the value of '{}' is not right: expected {}",
                                                  spec.name, Describe(spec.type))
                                    : status.error().message);
  }
  given->emplace(spec.name, *text);
  state.plan->driver.shown.emplace(spec.name, node->written);
}

// Options of a driver that is not known cannot be judged.
void PassAll(MapReader* map) {
  for (const YamlNode& child : map->Node().children) map->Find(child.key);
}

}  // namespace

const DriverOptions* FindDriverOptions(const ReadContext& context, std::string_view use,
                                       std::string* mistake) {
  const auto found = std::ranges::find(context.drivers, use, &DriverOptions::name);
  if (found == context.drivers.end()) {
    std::vector<std::string_view> names;
    for (const DriverOptions& driver : context.drivers) names.push_back(driver.name);
    *mistake = fmt::format("unknown driver {}{}", Quote(use), Suggest(use, names));
    return nullptr;
  }
  if (!found->missing.empty()) {
    *mistake = fmt::format("driver '{}' is not in this build: {}", use, found->missing);
    return nullptr;
  }
  return &*found;
}

void ReadDriver(const YamlNode& node, const ReadState& state) {
  MapReader map(node, "driver", kExample, state.mistakes);
  const YamlNode* const use = map.Need("use", "use: rocksdb");
  const std::string* const name =
      use == nullptr ? nullptr : ScalarText(*use, "use", state.mistakes);
  std::string mistake;
  const DriverOptions* const driver =
      name == nullptr ? nullptr : FindDriverOptions(state.context, *name, &mistake);
  if (!mistake.empty()) state.mistakes->Add(use->place, mistake);
  if (driver == nullptr) {
    PassAll(&map);
    return map.Finish();
  }
  state.plan->driver.use = *name;
  const std::size_t mistakes_before = state.mistakes->Count();
  std::map<std::string, std::string> given;
  for (const OptionSpec& spec : driver->options) ReadOption(spec, &map, state, &given);
  map.Finish();
  if (state.mistakes->Count() != mistakes_before) return;
  Result<OptionValues> values = OptionValues::Parse(driver->options, given);
  if (values) {
    state.plan->driver.options = *std::move(values);
  } else {
    state.mistakes->Add(node.Head(), values.error().message);
  }
}

}  // namespace mbench
