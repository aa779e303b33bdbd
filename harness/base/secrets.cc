// SPDX-License-Identifier: Apache-2.0
#include "harness/base/secrets.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <initializer_list>

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

// "tlsKey-file" -> TLS KEY FILE
std::vector<std::string> WordsOf(std::string_view name) {
  std::vector<std::string> words;
  bool begins = true;
  char before = ' ';
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    const bool camel =
        std::isupper(byte) != 0 && std::islower(static_cast<unsigned char>(before)) != 0;
    if (std::isalnum(byte) == 0) {
      begins = true;
    } else {
      if (begins || camel) words.emplace_back();
      words.back() += static_cast<char>(std::toupper(byte));
      begins = false;
    }
    before = c;
  }
  return words;
}

bool IsOneOf(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
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
  const std::vector<std::string> words = WordsOf(name);
  if (words.empty() || IsOneOf(words.back(), {"FILE", "PATH", "DIR", "FOLDER", "LOCATION"}))
    return false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    for (const char* mark : {"PASS", "TOKEN", "SECRET", "PWD", "CREDENTIAL", "COOKIE", "APIKEY"})
      if (word.find(mark) != std::string::npos) return true;
    if (word.starts_with("AUTHORIZ")) return true;
    const bool last = i + 1 == words.size();
    if (word == "AUTH" && last) return true;
    // "api_key" and "access_key_id"; what is called "key" alone is that of a record.
    if (word == "KEY" && i > 0) return true;
  }
  return false;
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

std::string_view SecretInQuery(std::string_view text) {
  const std::size_t begin = text.find('?');
  if (begin == std::string_view::npos) return {};
  std::string_view query = text.substr(begin + 1);
  query = query.substr(0, query.find_first_of(" #"));
  while (!query.empty()) {
    const std::string_view item = query.substr(0, query.find_first_of("&;"));
    query.remove_prefix(std::min(item.size() + 1, query.size()));
    const std::size_t equals = item.find('=');
    if (equals != std::string_view::npos && equals + 1 < item.size() &&
        LooksSecret(item.substr(0, equals)))
      return item.substr(equals + 1);
  }
  return {};
}

}  // namespace mbench
