// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/part_names.h"

#include <algorithm>

namespace mbench {
namespace {

// A reply decides what a label is called, and nobody wants to read more of it.
constexpr std::size_t kLongestLabel = 64;

}  // namespace

std::size_t PartNames::Number(std::uint16_t op_index, std::string label) {
  if (label.size() > kLongestLabel) label.resize(kLongestLabel);
  if (label == kOtherPart) return kMostParts;
  const std::lock_guard lock(mutex_);
  std::vector<std::string>& labels = labels_[op_index];
  const auto found = std::ranges::find(labels, label);
  const auto number = static_cast<std::size_t>(found - labels.begin());
  if (found == labels.end() && number < kMostParts) labels.push_back(std::move(label));
  return number;
}

std::string PartNames::Name(std::size_t op_index, std::size_t part) const {
  const std::lock_guard lock(mutex_);
  return PartName(op_names_[op_index],
                  part == kMostParts ? kOtherPart : std::string_view(labels_[op_index][part]));
}

}  // namespace mbench
