// SPDX-License-Identifier: Apache-2.0
#include "drivers/influxdb/influx_options.h"

#include "drivers/common/http_text.h"
#include "drivers/driver.h"

namespace mbench::influx {

std::vector<OptionMistake> CheckOptions(const OptionValues& options) {
  std::vector<OptionMistake> mistakes;
  const auto wrong = [&mistakes](std::string_view option, std::string message) {
    mistakes.push_back({option, std::move(message)});
  };
  const Result<Url> url = ParseUrl(options.Text("url"));
  if (!url) return {{"url", url.error().message}};
  if (url->has_user)
    wrong("url", "user and password do not belong there; give user, and password: \"${VAR}\"");
  if (!url->query.empty()) wrong("url", "a query does not belong there; name the database");
  const bool v2 = options.Text("api") == "v2";
  const bool has_user = !options.Text("user").empty();
  if (options.Text("database").empty())
    wrong("database", "it is empty; expected a name such as plant");
  if (BreaksHeader(options.Text("database"))) wrong("database", "it has a line break in it");
  if (BreaksHeader(options.Text("token"))) wrong("token", "it has a line break in it");
  if (has_user && !options.Text("token").empty())
    wrong("token", "give either a token, or user and password");
  if (!has_user && !options.Text("password").empty())
    wrong("password", "a password without a user; give user too");
  if (options.Text("user").find(':') != std::string::npos)
    wrong("user", "the name of a user cannot have a colon in it");
  if (!v2 && !options.Text("org").empty())
    wrong("org", "it is for api: v2; version 1 knows no organizations");
  if (v2 && options.Flag("create"))
    wrong("create", "databases are made with api: v1; make the bucket beforehand");
  return mistakes;
}

Result<Settings> ReadSettings(const OptionValues& options) {
  if (Status right = ToStatus(CheckOptions(options)); !right) return Failed(right);
  Settings settings{.url = *ParseUrl(options.Text("url")),
                    .database = options.Text("database"),
                    .org = options.Text("org"),
                    .v2 = options.Text("api") == "v2",
                    .create = options.Flag("create")};
  Url& url = settings.url;
  if (url.port == 0) url.port = settings.IsTls() ? 443 : 80;
  const std::string host =
      url.host.find(':') == std::string::npos ? url.host : "[" + url.host + "]";
  settings.authority = fmt::format("{}:{}", host, url.port);
  settings.base_path = url.raw_path;
  while (settings.base_path.ends_with('/')) settings.base_path.pop_back();
  if (BreaksHeader(settings.authority + settings.base_path))
    return BadConfig("option 'url' cannot have line breaks");
  const std::string& user = options.Text("user");
  const std::string& token = options.Text("token");
  if (!user.empty())
    settings.authorization = BasicAuthorization(user + ":" + options.Text("password"));
  if (!token.empty()) settings.authorization = "Token " + token;
  return settings;
}

}  // namespace mbench::influx
