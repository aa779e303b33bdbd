// SPDX-License-Identifier: Apache-2.0
#include "drivers/common/http_place.h"

#include <fmt/format.h>

#include <utility>

#include "drivers/common/http_text.h"

namespace mbench {

std::string HttpPlace::HeadOf(std::string_view method, std::string_view target) const {
  std::string head = fmt::format("{} {}{} HTTP/1.1\r\nHost: {}\r\nUser-Agent: mbench\r\n", method,
                                 base_path, target, authority);
  if (!authorization.empty()) head += fmt::format("Authorization: {}\r\n", authorization);
  return head;
}

std::vector<OptionMistake> CheckHttpPlace(const OptionValues& options, std::string_view instead) {
  std::vector<OptionMistake> mistakes;
  const auto wrong = [&mistakes](std::string_view option, std::string message) {
    mistakes.push_back({option, std::move(message)});
  };
  const Result<Url> url = ParseUrl(options.Text("url"));
  if (!url) return {{"url", url.error().message}};
  if (url->has_user)
    wrong("url", "user and password do not belong there; give user, and password: \"${VAR}\"");
  if (!url->query.empty()) wrong("url", fmt::format("a query does not belong there; {}", instead));
  const bool has_user = !options.Text("user").empty();
  if (BreaksHeader(options.Text("token"))) wrong("token", "it has a line break in it");
  if (has_user && !options.Text("token").empty())
    wrong("token", "give either a token, or user and password");
  if (!has_user && !options.Text("password").empty())
    wrong("password", "a password without a user; give user too");
  if (options.Text("user").find(':') != std::string::npos)
    wrong("user", "the name of a user cannot have a colon in it");
  return mistakes;
}

Result<HttpPlace> ReadHttpPlace(const OptionValues& options, std::string_view token_scheme) {
  HttpPlace place{.url = *ParseUrl(options.Text("url"))};
  Url& url = place.url;
  if (url.port == 0) url.port = place.IsTls() ? 443 : 80;
  const std::string host =
      url.host.find(':') == std::string::npos ? url.host : "[" + url.host + "]";
  place.authority = fmt::format("{}:{}", host, url.port);
  place.base_path = url.raw_path;
  while (place.base_path.ends_with('/')) place.base_path.pop_back();
  if (BreaksHeader(place.authority + place.base_path))
    return BadConfig("option 'url' cannot have line breaks");
  const std::string& user = options.Text("user");
  const std::string& token = options.Text("token");
  if (!user.empty())
    place.authorization = BasicAuthorization(user + ":" + options.Text("password"));
  if (!token.empty()) place.authorization = fmt::format("{} {}", token_scheme, token);
  return place;
}

}  // namespace mbench
