// SPDX-License-Identifier: Apache-2.0
#include "harness/base/url.h"

#include <algorithm>
#include <charconv>

#include "harness/base/text.h"

namespace mbench {
namespace {

Status ReadUserInfo(std::string_view text, Url* url) {
  const std::size_t colon = text.find(':');
  const auto user = PercentDecode(text.substr(0, colon));
  const auto password =
      PercentDecode(colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1));
  if (!user || !password) {
    return BadConfig("user or password of the URL has a % without two hex digits; write %25 for %");
  }
  url->has_user = true;
  url->user = *user;
  url->password = *password;
  return {};
}

Status ReadPort(std::string_view text, Url* url) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), url->port);
  if (error != std::errc() || end != text.data() + text.size() || url->port == 0) {
    return BadConfig("{} is no port of a URL; expected a number from 1 to 65535", Quote(text));
  }
  return {};
}

Status ReadHostAndPort(std::string_view text, Url* url) {
  std::string_view rest;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return BadConfig("the URL has [ without ]");
    url->host = text.substr(1, end - 1);
    rest = text.substr(end + 1);
  } else {
    const std::size_t colon = text.find(':');
    url->host = text.substr(0, colon);
    rest = colon == std::string_view::npos ? std::string_view() : text.substr(colon);
  }
  if (url->host.empty()) return BadConfig("the URL names no host");
  if (rest.empty()) return {};
  if (rest[0] != ':') return BadConfig("the URL has text between its host and its port");
  return ReadPort(rest.substr(1), url);
}

}  // namespace

Result<Url> ParseUrl(std::string_view text) {
  Url url;
  const std::size_t fragment = text.find('#');
  if (fragment != std::string_view::npos) {
    return BadConfig("the URL has a #; write %23 for a # in a user name, password or path");
  }
  if (const std::size_t query = text.find('?'); query != std::string_view::npos) {
    url.query = text.substr(query + 1);
    text = text.substr(0, query);
  }
  if (text.starts_with("unix:")) {
    url.scheme = "unix";
    url.path = text.substr(5);
    while (url.path.starts_with("//")) url.path.erase(0, 1);
    if (url.path.empty()) return BadConfig("the URL names no socket; expected unix:/path/of/it");
    return url;
  }
  const std::size_t separator = text.find("://");
  if (separator == std::string_view::npos || separator == 0) {
    return BadConfig("not a URL; expected something like scheme://host:port");
  }
  url.scheme = text.substr(0, separator);
  text.remove_prefix(separator + 3);
  const std::size_t slash = std::min(text.find('/'), text.size());
  const auto path = PercentDecode(text.substr(slash));
  if (!path) return BadConfig("the path of the URL has a % without two hex digits");
  url.path = *path;
  url.raw_path = text.substr(slash);
  text = text.substr(0, slash);
  if (const std::size_t at = text.rfind('@'); at != std::string_view::npos) {
    if (Status read = ReadUserInfo(text.substr(0, at), &url); !read) return Failed(read);
    text.remove_prefix(at + 1);
  }
  if (Status read = ReadHostAndPort(text, &url); !read) return Failed(read);
  return url;
}

std::string WrongParameter(std::string_view query, std::span<const std::string_view> known) {
  std::vector<std::string_view> seen;
  for (const std::string_view pair : Split(query, '&')) {
    if (pair.empty()) continue;
    const std::string_view name = pair.substr(0, pair.find('='));
    if (name.size() == pair.size()) return "it has a parameter without a value; write name=value";
    if (std::ranges::find(known, name) == known.end()) {
      return fmt::format("there is no parameter {} of a URL here{}", Quote(name),
                         known.empty() ? "; it takes none" : Suggest(name, known));
    }
    if (std::ranges::find(seen, name) != seen.end())
      return fmt::format("the parameter {} is there twice", Quote(name));
    seen.push_back(name);
  }
  return "";
}

std::string QueryValue(std::string_view query, std::string_view name) {
  for (const std::string_view pair : Split(query, '&')) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos || pair.substr(0, equals) != name) continue;
    return PercentDecode(pair.substr(equals + 1)).value_or("");
  }
  return "";
}

}  // namespace mbench
