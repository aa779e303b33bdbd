// SPDX-License-Identifier: Apache-2.0
#include "harness/base/secrets.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace mbench {
namespace {

constexpr std::size_t kShort = 4;
constexpr std::string_view kStars = "***";

bool IsWord(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

bool StandsAlone(std::string_view text, std::size_t at, std::size_t size) {
  const bool open_before = at == 0 || !IsWord(text[at - 1]);
  const bool open_after = at + size == text.size() || !IsWord(text[at + size]);
  return open_before && open_after;
}

std::string Replace(std::string_view text, std::string_view secret) {
  std::string result;
  std::size_t at = 0;
  while (true) {
    const std::size_t found = text.find(secret, at);
    if (found == std::string_view::npos) return result.append(text.substr(at));
    result.append(text.substr(at, found - at));
    const bool whole = secret.size() >= kShort || StandsAlone(text, found, secret.size());
    result.append(whole ? kStars : secret);
    at = found + secret.size();
  }
}

std::string PercentEncode(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 ||
                       std::string_view("-_.~").find(c) != std::string_view::npos;
    if (plain) {
      encoded += c;
    } else {
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return encoded;
}

}  // namespace

std::string Redact(std::string_view text, std::span<const std::string> secrets) {
  // Longest first: of "pass" and "password1" the longer one must not leave its tail behind.
  std::vector<std::string> forms;
  for (const std::string& secret : secrets) {
    if (secret.empty()) continue;
    forms.push_back(secret);
    forms.push_back(PercentEncode(secret));
  }
  std::ranges::stable_sort(forms, std::ranges::greater(), &std::string::size);
  std::string result(text);
  for (const std::string& form : forms) result = Replace(result, form);
  return result;
}

bool LooksSecret(std::string_view name) {
  constexpr std::array<std::string_view, 7> kMarks = {"PASS", "TOKEN", "SECRET",    "KEY",
                                                      "PWD",  "AUTH",  "CREDENTIAL"};
  std::string upper(name);
  std::ranges::transform(upper, upper.begin(),
                         [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return std::ranges::any_of(
      kMarks, [&](std::string_view mark) { return upper.find(mark) != std::string::npos; });
}

std::string_view PasswordInUri(std::string_view uri) {
  const std::size_t scheme = uri.find("://");
  if (scheme == std::string_view::npos) return {};
  const std::string_view authority =
      uri.substr(scheme + 3, uri.find_first_of("/?#", scheme + 3) - scheme - 3);
  const std::size_t at = authority.rfind('@');
  if (at == std::string_view::npos) return {};
  const std::size_t colon = authority.find(':');
  if (colon == std::string_view::npos || colon > at) return {};
  return authority.substr(colon + 1, at - colon - 1);
}

}  // namespace mbench
