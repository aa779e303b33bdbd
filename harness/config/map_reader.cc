// SPDX-License-Identifier: Apache-2.0
#include "harness/config/map_reader.h"

#include <algorithm>
#include <set>

#include "harness/base/text.h"
#include "harness/base/units.h"

namespace mbench {
namespace {

// A parsed value that is within its range, or nothing and a report.
template <class T, class Parsed>
bool Accept(const ValueNode& node, std::string_view key, const Result<Parsed>& parsed,
            const Range<T>& range, Mistakes* mistakes, T* out) {
  if (!parsed) {
    mistakes->Add(node.place, parsed.error().message);
    return false;
  }
  if (*parsed < range.min || *parsed > range.max) {
    mistakes->Add(node.place, fmt::format("{} is out of range for {}; expected {}",
                                          Quote(node.text), key, range.text));
    return false;
  }
  *out = *parsed;
  return true;
}

}  // namespace

const std::string* ScalarText(const ValueNode& node, std::string_view what, Mistakes* mistakes) {
  if (node.failed) {
    mistakes->Again();
    return nullptr;
  }
  if (node.kind == ValueNode::Kind::kScalar) return &node.text;
  mistakes->Add(node.kind == ValueNode::Kind::kNull ? node.Head() : node.place,
                fmt::format("{} must be a single value; this is {}", what, Describe(node.kind)));
  return nullptr;
}

MapReader::MapReader(const ValueNode& node, std::string where, std::string_view example,
                     Mistakes* mistakes)
    : node_(node), where_(std::move(where)), mistakes_(mistakes) {
  if (node.kind == ValueNode::Kind::kMap) return;
  if (node.failed) {
    mistakes_->Again();
    return;
  }
  mistakes_->Add(node.kind == ValueNode::Kind::kNull ? node.Head() : node.place,
                 fmt::format("{} must be a map, such as {}; this is {}", where_, example,
                             Describe(node.kind)));
}

const ValueNode* MapReader::Find(std::string_view key) {
  if (std::ranges::find(known_, key) == known_.end()) known_.push_back(key);
  const ValueNode* const child = node_.Child(key);
  if (child == nullptr) return nullptr;
  if (child->kind == ValueNode::Kind::kNull) {
    mistakes_->Add(child->Head(),
                   fmt::format("'{}' has no value; write one, or leave the key out", key));
    return nullptr;
  }
  return child;
}

const ValueNode* MapReader::Need(std::string_view key, std::string_view example) {
  const ValueNode* const child = Find(key);
  if (!Has(key)) missing_.push_back({key, std::string(example)});
  return child;
}

void MapReader::Refuse(std::string_view key, std::string_view why) {
  if (!Has(key)) return;
  known_.push_back(key);
  mistakes_->Add(node_.Child(key)->key_place, std::string(why));
}

void MapReader::Complain(std::string_view key, std::string message) {
  const ValueNode* const child = node_.Child(key);
  mistakes_->Add(child != nullptr ? child->place : node_.Head(), std::move(message));
}

bool MapReader::Text(std::string_view key, std::string* out) {
  const ValueNode* const node = Find(key);
  const std::string* const text = node == nullptr ? nullptr : ScalarText(*node, key, mistakes_);
  if (text != nullptr) *out = *text;
  return text != nullptr;
}

bool MapReader::Flag(std::string_view key, bool* out) {
  std::string text;
  if (!Text(key, &text)) return false;
  if (text != "true" && text != "false") {
    Complain(key, fmt::format("{} is {}; expected true or false", key, Quote(text)));
    return false;
  }
  *out = text == "true";
  return true;
}

bool MapReader::Duration(std::string_view key, const Range<Ticks>& range, Ticks* out) {
  std::string text;
  if (!Text(key, &text)) return false;
  return Accept(*node_.Child(key), key, ParseDuration(text), range, mistakes_, out);
}

bool MapReader::Fraction(std::string_view key, double* out) {
  std::string text;
  if (!Text(key, &text)) return false;
  return Accept(*node_.Child(key), key, ParseFraction(text), {0.0, 1.0, "0 to 1"}, mistakes_, out);
}

bool MapReader::Number(std::string_view key, const Range<double>& range, double* out) {
  std::string text;
  if (!Text(key, &text)) return false;
  return Accept(*node_.Child(key), key, ParseNumber(text), range, mistakes_, out);
}

bool MapReader::Integer(std::string_view key, std::int64_t* out) {
  std::string text;
  if (!Text(key, &text)) return false;
  return Accept(*node_.Child(key), key, ParseInteger(text), {INT64_MIN, INT64_MAX, ""}, mistakes_,
                out);
}

bool MapReader::CountAsInt64(std::string_view key, const Range<std::int64_t>& range,
                             std::int64_t* out) {
  std::string text;
  if (!Text(key, &text)) return false;
  return Accept(*node_.Child(key), key, ParseCount(text), range, mistakes_, out);
}

bool MapReader::BytesAsInt64(std::string_view key, const Range<std::int64_t>& range,
                             std::int64_t* out) {
  std::string text;
  if (!Text(key, &text)) return false;
  return Accept(*node_.Child(key), key, ParseBytes(text), range, mistakes_, out);
}

int MapReader::ChoiceIndex(std::string_view key, std::span<const std::string_view> names) {
  std::string text;
  if (!Text(key, &text)) return -1;
  const auto found = std::ranges::find(names, text);
  if (found != names.end()) return static_cast<int>(found - names.begin());
  Complain(key, fmt::format("unknown value {} of {}{}", Quote(text), key, Suggest(text, names)));
  return -1;
}

void MapReader::ReportMissing() {
  for (const Missing& missing : missing_) {
    const bool misspelt = std::ranges::any_of(node_.children, [&](const ValueNode& child) {
      return std::ranges::find(known_, child.key) == known_.end() &&
             ClosestMatch(child.key, known_) == missing.key;
    });
    if (misspelt) continue;
    mistakes_->Add(node_.Head(), fmt::format("'{}' is missing in {}; expected something like {}",
                                             missing.key, where_, missing.example));
  }
}

void MapReader::Finish() {
  // A list in the map's place was reported already.
  if (node_.kind != ValueNode::Kind::kMap) return;
  ReportMissing();
  std::set<std::string_view> seen;
  for (const ValueNode& child : node_.children) {
    const bool known = std::ranges::find(known_, child.key) != known_.end();
    if (!known) {
      mistakes_->Add(child.key_place, fmt::format("unknown key {} in {}{}", Quote(child.key),
                                                  where_, Suggest(child.key, known_)));
    } else if (!seen.insert(child.key).second) {
      mistakes_->Add(child.key_place,
                     fmt::format("duplicate key '{}' in {}; it stands in line {} already",
                                 child.key, where_, node_.Child(child.key)->key_place.line));
    }
  }
}

}  // namespace mbench
