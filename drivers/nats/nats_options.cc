// SPDX-License-Identifier: Apache-2.0
#include "drivers/nats/nats_options.h"

#include <fmt/format.h>

#include "drivers/common/address.h"
#include "harness/base/text.h"

namespace mbench::nats {

std::vector<OptionMistake> CheckOptions(const OptionValues& options) {
  std::vector<OptionMistake> mistakes;
  const Result<Url> url = ParseUrl(options.Text("url"));
  if (!url) return {{"url", url.error().message}};
  if (url->path.size() > 1)
    mistakes.push_back(
        {"url", fmt::format("it has the path {}; name subjects in statements", Quote(url->path))});
  if (const std::string parameter = WrongParameter(url->query, {}); !parameter.empty())
    mistakes.push_back({"url", parameter});
  const bool has_user = !options.Text("user").empty() || url->has_user;
  if (!options.Text("password").empty() && !has_user)
    mistakes.push_back({"password", "it has no user; say user"});
  if (!options.Text("token").empty() && has_user)
    mistakes.push_back({"token", "there is a user as well; say one of them"});
  return mistakes;
}

std::string Explain(const std::string& why) {
  struct Advice {
    std::string_view said, advice;
  };
  static constexpr auto kAdvice = std::to_array<Advice>({
      {"connection refused", "start nats-server there, or say where one is (url)"},
      {"this is not NATS", "give the port for clients of a NATS server (url), 4222 by itself"},
      {"no answer in time",
       "a NATS server speaks first: give its port for clients (url), 4222 by itself"},
      {"wants TLS", "say tls:// in url"},
      {"has no TLS", "say nats:// in url"},
      {"before 2.2", "consume and headers want a newer one"},
      {"authorization violation",
       "look at user and password, or token, and at what the server allows"},
      {"authentication", "look at user and password, or token, and at what the server allows"},
      {"permissions violation for subscription",
       "allow the user to subscribe to it, and to _INBOX.> for streams"},
      {"maximum connections exceeded",
       "raise max_connections of the server, or ask for fewer (load.connections)"},
  });
  for (const Advice& one : kAdvice)
    if (why.find(one.said) != std::string::npos) return fmt::format("{}; {}", why, one.advice);
  return why;
}

}  // namespace mbench::nats
