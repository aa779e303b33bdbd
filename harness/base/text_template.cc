// SPDX-License-Identifier: Apache-2.0
#include "harness/base/text_template.h"

#include <algorithm>
#include <optional>

#include "harness/base/text.h"

namespace mbench {
namespace {

bool IsNameStart(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool IsNamePart(char c) { return IsNameStart(c) || (c >= '0' && c <= '9'); }

// The name when `text` begins with {row.COLUMN}.
std::optional<std::string_view> RowNameAtFront(std::string_view text) {
  if (!text.substr(1).starts_with(kRowPrefix)) return std::nullopt;
  const std::size_t end = text.find_first_of("{}\"\\\n", 1);
  if (end == std::string_view::npos || text[end] != '}' || end == 1 + kRowPrefix.size()) {
    return std::nullopt;
  }
  return text.substr(1, end - 1);
}

// The name when `text` begins with {name}.
std::optional<std::string_view> NameAtFront(std::string_view text) {
  if (text.size() < 3 || text[0] != '{' || !IsNameStart(text[1])) return std::nullopt;
  if (const auto row = RowNameAtFront(text)) return row;
  const auto end = std::find_if_not(text.begin() + 1, text.end(), IsNamePart);
  if (end == text.end() || *end != '}') return std::nullopt;
  return text.substr(1, static_cast<std::size_t>(end - text.begin()) - 1);
}

// Calls text(piece) and name(placeholder) in the order of the template.
template <class OnText, class OnName>
void Scan(std::string_view rest, OnText text, OnName name) {
  while (!rest.empty()) {
    const std::size_t brace = std::min(rest.find('{'), rest.size());
    text(rest.substr(0, brace));
    rest.remove_prefix(brace);
    if (rest.empty()) return;
    const auto escaped = rest.size() > 1 ? NameAtFront(rest.substr(1)) : std::nullopt;
    if (escaped && rest.substr(escaped->size() + 3).starts_with('}')) {
      text(rest.substr(1, escaped->size() + 2));
      rest.remove_prefix(escaped->size() + 4);
    } else if (const auto found = NameAtFront(rest)) {
      name(*found);
      rest.remove_prefix(found->size() + 2);
    } else {
      text(rest.substr(0, 1));
      rest.remove_prefix(1);
    }
  }
}

}  // namespace

std::vector<std::string> TextTemplate::Names(std::string_view text) {
  std::vector<std::string> names;
  Scan(
      text, [](std::string_view) {},
      [&names](std::string_view name) {
        if (std::find(names.begin(), names.end(), name) == names.end()) names.emplace_back(name);
      });
  return names;
}

Result<TextTemplate> TextTemplate::Parse(std::string_view text,
                                         std::span<const std::string> arguments) {
  TextTemplate parsed;
  std::optional<std::string_view> unknown;
  Scan(
      text, [&parsed](std::string_view piece) { parsed.pieces_.back().text += piece; },
      [&](std::string_view name) {
        const auto found = std::find(arguments.begin(), arguments.end(), name);
        if (found == arguments.end()) {
          unknown = name;
          return;
        }
        parsed.pieces_.back().argument = static_cast<std::size_t>(found - arguments.begin());
        parsed.pieces_.emplace_back();
      });
  if (unknown) {
    return BadConfig("nothing is called {} here; for text in braces write {{{{{}}}}}",
                     Quote(*unknown), *unknown);
  }
  return parsed;
}

}  // namespace mbench
