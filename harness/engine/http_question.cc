// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/http_question.h"

#include <fmt/format.h>
#include <httplib.h>

#include "harness/base/clock.h"
#include "harness/base/url.h"

namespace mbench {

std::string AskHttp(const std::string& url, int status) {
  const Result<Url> parsed = ParseUrl(url);
  if (!parsed) return parsed.error().message;
  httplib::Client client(parsed->host, parsed->port == 0 ? 80 : parsed->port);
  client.set_connection_timeout(1);
  client.set_read_timeout(1);
  client.set_write_timeout(1);
  std::string path = parsed->raw_path.empty() ? "/" : parsed->raw_path;
  if (!parsed->query.empty()) path += "?" + parsed->query;
  const Ticks deadline = Clock::Now() + 2 * kSecond;  // also of one that sends byte by byte
  const httplib::Result reply = client.Get(
      path.c_str(), [deadline](const char*, std::size_t) { return Clock::Now() < deadline; });
  if (!reply) return httplib::to_string(reply.error());
  const bool is_right = status == 0 ? reply->status / 100 == 2 : reply->status == status;
  return is_right ? "" : fmt::format("status {}", reply->status);
}

}  // namespace mbench
