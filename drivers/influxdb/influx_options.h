// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "drivers/common/tls.h"
#include "drivers/url_form.h"
#include "harness/base/options.h"
#include "harness/base/url.h"

namespace mbench::influx {

// influxdb://127.0.0.1:8086/mydb
inline constexpr auto kUrls = std::to_array<UrlForm>({
    {.scheme = "influxdb",
     .before_host = "http://",
     .path_option = "database",
     .statement = "write: mbench, fields: {value: \"{sequence}\"}"},
});

inline constexpr auto kOptions = WithTlsOptions(std::to_array<OptionSpec>({
    {.name = "url",
     .type = OptionType::kUrl,
     .fallback = "http://127.0.0.1:8086",
     .help = "http://host:port or https://..., with a path that stands before every target",
     .choices = "http|https"},
    {.name = "database",
     .fallback = "",
     .help = "where points go and what queries are asked of; api v2: the bucket",
     .required = true},
    {.name = "create",
     .type = OptionType::kFlag,
     .fallback = "false",
     .help = "make the database when it is not there (api v1)"},
    {.name = "api",
     .type = OptionType::kChoice,
     .fallback = "v1",
     .help = "how points are written: v1 by /write, v2 by /api/v2/write; queries go to /query",
     .choices = "v1|v2"},
    {.name = "org", .fallback = "", .help = "api v2: the organization that has the bucket"},
    {.name = "user", .fallback = "", .help = "user name, where the server asks for one (api v1)"},
    {.name = "password", .fallback = "", .help = "its password, as ${VAR}", .secret = true},
    {.name = "token",
     .fallback = "",
     .help = "token, as ${VAR}, in the place of user and password",
     .secret = true},
    PipelineOption("requests in flight on one connection at most"),
}));

struct Settings {
  Url url;
  std::string database, org, authorization;  // of the header; "": none
  std::string authority, base_path;
  bool v2 = false, create = false;

  bool IsTls() const { return url.scheme == "https"; }
};

std::vector<OptionMistake> CheckOptions(const OptionValues& options);
// Fails with kUsage.
Result<Settings> ReadSettings(const OptionValues& options);

}  // namespace mbench::influx
