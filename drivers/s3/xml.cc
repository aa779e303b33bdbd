// SPDX-License-Identifier: Apache-2.0
#include "drivers/s3/xml.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <iterator>
#include <utility>

namespace mbench::s3 {
namespace {

constexpr std::array<std::pair<std::string_view, char>, 5> kEntities = {
    {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}}};

// "#34", "#x22", "amp"; 0: it is not known.
char CharacterOf(std::string_view entity) {
  for (const auto& [name, character] : kEntities)
    if (entity == name) return character;
  if (!entity.starts_with('#')) return 0;
  const bool hex = entity.starts_with("#x");
  entity.remove_prefix(hex ? 2 : 1);
  unsigned code = 0;
  const auto [end, error] =
      std::from_chars(entity.data(), entity.data() + entity.size(), code, hex ? 16 : 10);
  const bool whole = error == std::errc() && end == entity.data() + entity.size();
  return whole && code < 128 ? static_cast<char>(code) : '\0';
}

}  // namespace

std::string_view NextElement(std::string_view xml, std::string_view name, std::size_t* at) {
  for (std::size_t open = xml.find('<', *at); open != std::string_view::npos;
       open = xml.find('<', open + 1)) {
    std::string_view rest = xml.substr(open + 1);
    if (!rest.starts_with(name) || rest.size() == name.size()) continue;
    const char behind = rest[name.size()];
    if (behind != '>' && behind != ' ') continue;
    const std::size_t begin = rest.find('>');
    if (begin == std::string_view::npos) break;
    rest.remove_prefix(begin + 1);
    for (std::size_t end = rest.find("</"); end != std::string_view::npos;
         end = rest.find("</", end + 2)) {
      const std::string_view tail = rest.substr(end + 2);
      if (!tail.starts_with(name) || !tail.substr(name.size()).starts_with('>')) continue;
      *at = static_cast<std::size_t>(tail.data() - xml.data()) + name.size() + 1;
      return rest.substr(0, end);
    }
    break;
  }
  *at = xml.size();
  return {};
}

std::string_view ElementOf(std::string_view xml, std::string_view name) {
  std::size_t at = 0;
  const std::string_view element = NextElement(xml, name, &at);
  return element.data() == nullptr ? std::string_view("") : element;
}

std::size_t CountElements(std::string_view xml, std::string_view name) {
  std::size_t count = 0;
  for (std::size_t at = 0; NextElement(xml, name, &at).data() != nullptr;) ++count;
  return count;
}

void AppendXmlText(std::string_view text, std::string* out) {
  for (const char c : text) {
    if (c == '&' || c == '<' || c == '>' || (c >= 0 && c < ' ')) {
      fmt::format_to(std::back_inserter(*out), "&#{};", static_cast<int>(c));
    } else {
      *out += c;
    }
  }
}

std::string XmlText(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::size_t end = text[i] == '&' ? text.find(';', i) : std::string_view::npos;
    const char meant =
        end == std::string_view::npos ? '\0' : CharacterOf(text.substr(i + 1, end - i - 1));
    plain += meant != 0 ? meant : text[i];
    if (meant != 0) i = end;
  }
  return plain;
}

}  // namespace mbench::s3
