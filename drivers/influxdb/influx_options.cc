// SPDX-License-Identifier: Apache-2.0
#include "drivers/influxdb/influx_options.h"

#include "drivers/common/http_text.h"
#include "drivers/driver.h"

namespace mbench::influx {

std::vector<OptionMistake> CheckOptions(const OptionValues& options) {
  std::vector<OptionMistake> mistakes = CheckHttpPlace(options, "name the database");
  const auto wrong = [&mistakes](std::string_view option, std::string message) {
    mistakes.push_back({option, std::move(message)});
  };
  const bool v2 = options.Text("api") == "v2";
  if (options.Text("database").empty())
    wrong("database", "it is empty; expected a name such as plant");
  if (BreaksHeader(options.Text("database"))) wrong("database", "it has a line break in it");
  if (!v2 && !options.Text("org").empty())
    wrong("org", "it is for api: v2; version 1 knows no organizations");
  if (v2 && options.Flag("create"))
    wrong("create", "databases are made with api: v1; make the bucket beforehand");
  if (std::string why = GzipMistake(options.Text("gzip")); !why.empty())
    wrong("gzip", std::move(why));
  return mistakes;
}

Result<Settings> ReadSettings(const OptionValues& options) {
  if (Status right = ToStatus(CheckOptions(options)); !right) return Failed(right);
  Result<HttpPlace> place = ReadHttpPlace(options, "Token");
  if (!place) return Failed(place);
  return Settings{.place = *std::move(place),
                  .database = options.Text("database"),
                  .org = options.Text("org"),
                  .v2 = options.Text("api") == "v2",
                  .create = options.Flag("create"),
                  .gzip_level = *GzipLevelOf(options.Text("gzip"))};
}

}  // namespace mbench::influx
