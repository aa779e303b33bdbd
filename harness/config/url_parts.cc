// SPDX-License-Identifier: Apache-2.0
#include "harness/config/url_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <vector>

#include "harness/base/secrets.h"
#include "harness/base/text.h"

namespace mbench {
namespace {

constexpr std::string_view kPasswordVariable = "MBENCH_PASSWORD";
constexpr std::string_view kQueryVariable = "MBENCH_SECRET";

// What is not known before the run: drawn for each op, or from the environment already.
bool HasBraces(std::string_view text) { return text.find('{') != std::string_view::npos; }

bool IsSchemeLetter(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
         std::string_view("+-.").find(c) != std::string_view::npos;
}

std::string VariableOf(std::string_view header) {
  std::string name = "MBENCH_";
  for (const char c : header) {
    const auto byte = static_cast<unsigned char>(c);
    name += std::isalnum(byte) != 0 ? static_cast<char>(std::toupper(byte)) : '_';
  }
  return name;
}

}  // namespace

bool LooksLikeUrl(std::string_view word) {
  const std::size_t end = word.find("://");
  return end != std::string_view::npos && end > 0 &&
         std::ranges::all_of(word.substr(0, end), IsSchemeLetter);
}

UrlParts SplitUrl(std::string_view url) {
  UrlParts parts;
  const std::size_t colon = url.find("://");
  parts.scheme = url.substr(0, colon);
  std::ranges::transform(parts.scheme, parts.scheme.begin(),
                         [](unsigned char c) { return std::tolower(c); });
  std::string_view rest = url.substr(colon + 3);
  rest = rest.substr(0, rest.find('#'));
  if (const std::size_t question = rest.find('?'); question != std::string_view::npos) {
    parts.query = rest.substr(question + 1);
    rest = rest.substr(0, question);
  }
  const std::size_t slash = rest.find('/');
  if (slash != std::string_view::npos) parts.path = rest.substr(slash);
  parts.host = rest.substr(0, slash);
  if (const std::size_t at = parts.host.rfind('@'); at != std::string::npos) {
    parts.login = parts.host.substr(0, at);
    parts.host.erase(0, at + 1);
  }
  return parts;
}

std::string CommandLineSecrets::Keep(const std::string& name, const std::string& value) {
  std::string free = name;
  for (int i = 2; variables_.contains(free); ++i) free = fmt::format("{}_{}", name, i);
  variables_.emplace(free, value);
  return fmt::format("${{{}}}", free);
}

std::string CommandLineSecrets::KeepThoseOfUrl(std::string_view url) {
  std::string safe(url);
  const std::string_view password = PasswordInUri(safe);
  if (!password.empty() && !HasBraces(password)) {
    const auto begin = static_cast<std::size_t>(password.data() - safe.data());
    const std::string value(password);
    safe.replace(begin, value.size(), Keep(std::string(kPasswordVariable), value));
  }
  const std::size_t question = safe.find('?');
  if (question == std::string::npos) return safe;
  std::string query;
  for (const std::string_view item : Split(std::string_view(safe).substr(question + 1), '&')) {
    const std::size_t equals = item.find('=');
    const std::string name(item.substr(0, equals));
    const std::string value(equals == std::string_view::npos ? "" : item.substr(equals + 1));
    if (!query.empty()) query += '&';
    if (!value.empty() && LooksSecret(name) && !HasBraces(value)) {
      query += fmt::format("{}={}", name, Keep(std::string(kQueryVariable), value));
    } else {
      query += item;
    }
  }
  return safe.substr(0, question + 1) + query;
}

std::string CommandLineSecrets::KeepThatOfHeader(std::string_view name, const std::string& value) {
  if (value.empty() || !LooksSecret(name) || HasBraces(value)) return value;
  return Keep(VariableOf(name), value);
}

std::string CommandLineSecrets::Hide(std::string_view text) const {
  std::vector<std::string> values;
  for (const auto& [name, value] : variables_) values.push_back(value);
  return Redact(text, values);
}

}  // namespace mbench
