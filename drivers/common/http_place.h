// SPDX-License-Identifier: Apache-2.0
//
// Where a system is that is asked over HTTP, by options that drivers call the same: url, user,
// password, token, and what of it stands in the head of every request.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/base/options.h"
#include "harness/base/url.h"

namespace mbench {

constexpr OptionSpec HttpUrlOption(std::string_view fallback) {
  return {.name = "url",
          .type = OptionType::kUrl,
          .fallback = fallback,
          .help = "http://host:port or https://..., with a path that stands before every target",
          .choices = "http|https"};
}
constexpr OptionSpec HttpUserOption(std::string_view help) {
  return {.name = "user", .fallback = "", .help = help};
}
constexpr OptionSpec HttpPasswordOption() {
  return {.name = "password", .fallback = "", .help = "its password, as ${VAR}", .secret = true};
}
constexpr OptionSpec HttpTokenOption() {
  return {.name = "token",
          .fallback = "",
          .help = "token, as ${VAR}, in the place of user and password",
          .secret = true};
}

struct HttpPlace {
  Url url;
  std::string authority, base_path;  // "127.0.0.1:8086", "/influx"
  std::string authorization;         // of the header; "": none

  bool IsTls() const { return url.scheme == "https"; }
  std::string Address() const { return url.scheme + "://" + authority; }  // for messages
  // The line of a request and its first headers; more, and the empty line, come behind.
  std::string HeadOf(std::string_view method, std::string_view target) const;
};

// What is wrong with those options. `instead`: what to do in the place of a query in the URL.
std::vector<OptionMistake> CheckHttpPlace(const OptionValues& options, std::string_view instead);
// `token_scheme`: how the system calls it in the header, "Token" or "Bearer".
// REQUIRES: CheckHttpPlace found nothing. Fails with kUsage.
Result<HttpPlace> ReadHttpPlace(const OptionValues& options, std::string_view token_scheme);

}  // namespace mbench
