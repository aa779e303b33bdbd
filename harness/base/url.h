// SPDX-License-Identifier: Apache-2.0
//
// URLs that say where a system listens.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "harness/base/result.h"

namespace mbench {

// scheme://user:password@host:port/path?query#fragment, as in RFC 3986. User, password and path are
// percent-decoded; a fragment is refused. IPv6 hosts stand in brackets. After "unix:" everything up
// to "?" is the path of a socket.
struct Url {
  std::string scheme;
  std::string user;
  std::string password;
  bool has_user = false;
  std::string host;
  std::uint16_t port = 0;  // 0: not given
  std::string path;        // with its leading /
  std::string raw_path;    // the same as written: %2F is no /
  std::string query;       // without ?, as written
};

// Messages never repeat the text, which may carry a password.
Result<Url> ParseUrl(std::string_view text);

// What is wrong with the names in a=1&b=2 when only some are known: one is another, or stands there
// twice; "": nothing. Never repeats a value.
std::string WrongParameter(std::string_view query, std::span<const std::string_view> known);

// The value of `name` in a=1&b=2, percent-decoded; "" when it is not there.
std::string QueryValue(std::string_view query, std::string_view name);

}  // namespace mbench
