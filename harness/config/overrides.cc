// SPDX-License-Identifier: Apache-2.0
#include "harness/config/overrides.h"

#include <charconv>

#include "harness/base/secrets.h"
#include "harness/base/text.h"
#include "harness/config/text_file.h"

namespace mbench {
namespace {

// Mistakes in what a --set gave are shown at the --set: all places of the value become its place.
void Relocate(const Place& place, ValueNode* node) {
  node->place = place;
  node->key_place = place;
  for (ValueNode& child : node->children) Relocate(place, &child);
}

ValueNode* AddKey(std::string_view key, const Place& place, ValueNode* map) {
  ValueNode child;
  child.key = key;
  child.place = place;
  child.key_place = place;
  map->children.push_back(std::move(child));
  return &map->children.back();
}

// Item `step` of a list; the one after the last is added.
ValueNode* Item(std::string_view step, const Place& place, ValueNode* list, Mistakes* mistakes) {
  std::size_t index = 0;
  const char* const end = step.data() + step.size();
  const auto [last, error] = std::from_chars(step.data(), end, index);
  const std::size_t size = list->children.size();
  if (error != std::errc() || last != end || index > size) {
    mistakes->Add(place,
                  fmt::format("no item {} in this list; its items are 0 to {}, and {} adds one",
                              Quote(step), size == 0 ? 0 : size - 1, size));
    return nullptr;
  }
  if (index == size) {
    list->children.emplace_back();
    list->children.back().place = place;
  }
  return &list->children[index];
}

// Where one more step of the path leads; nullptr: nowhere, which was reported.
ValueNode* Follow(std::string_view step, const Place& place, ValueNode* node, Mistakes* mistakes) {
  if (step.empty()) {
    mistakes->Add(place, "the path has an empty part; expected something like load.over=10s");
    return nullptr;
  }
  if (node->kind == ValueNode::Kind::kList) return Item(step, place, node, mistakes);
  if (node->kind == ValueNode::Kind::kScalar) {
    mistakes->Add(
        place, fmt::format("{} is text; there is no {} below it", Quote(node->text), Quote(step)));
    return nullptr;
  }
  node->kind = ValueNode::Kind::kMap;
  ValueNode* const child = node->Child(step);
  return child != nullptr ? child : AddKey(step, place, node);
}

void Apply(const Override& override, const Place& place, ValueNode* root, Mistakes* mistakes) {
  const std::size_t mistakes_before = mistakes->Count();
  ValueNode value = ParseYaml(override.value, place.source, mistakes);
  if (mistakes->Count() != mistakes_before) return;
  ValueNode* node = root;
  for (const std::string_view step : Split(override.path, '.')) {
    node = Follow(step, place, node, mistakes);
    if (node == nullptr) return;
  }
  Relocate(place, &value);
  value.key = node->key;
  *node = std::move(value);
}

// The value is shown, unless the path says that it should not be.
std::string Head(const Override& override) {
  if (LooksSecret(std::string_view(override.path).substr(override.path.rfind('.') + 1)))
    return fmt::format("--set {}=***", override.path);
  const std::string value = Quote(override.value);
  return fmt::format("--set {}={}", override.path, value.substr(1, value.size() - 2));
}

}  // namespace

void ApplyOverrides(const std::vector<Override>& overrides, ValueNode* root, Mistakes* mistakes) {
  for (const Override& override : overrides) {
    const Place place{mistakes->AddArgument(Head(override))};
    if (const std::string binary = DescribeBinary(override.path + override.value);
        !binary.empty()) {
      mistakes->Add(place, binary);
      continue;
    }
    Apply(override, place, root, mistakes);
  }
}

}  // namespace mbench
