// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "drivers/common/gzip_coder.h"
#include "drivers/common/http_place.h"
#include "drivers/common/tls.h"
#include "drivers/url_form.h"
#include "harness/base/options.h"

namespace mbench::influx {

// influxdb://127.0.0.1:8086/mydb
inline constexpr auto kUrls = std::to_array<UrlForm>({
    {.scheme = "influxdb",
     .before_host = "http://",
     .path_option = "database",
     .statement = "write: mbench, fields: {value: \"{sequence}\"}"},
});

inline constexpr auto kOptions = WithTlsOptions(std::to_array<OptionSpec>({
    HttpUrlOption("http://127.0.0.1:8086"),
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
    HttpUserOption("user name, where the server asks for one (api v1)"),
    HttpPasswordOption(),
    HttpTokenOption(),
    GzipOption("whether points are sent by gzip: true, false, or a level, 1 (quick) to 12 (small)"),
    PipelineOption("requests in flight on one connection at most"),
}));

struct Settings {
  HttpPlace place;
  std::string database, org;
  bool v2 = false, create = false;
  int gzip_level = 0;  // 0: points are sent as they are
};

std::vector<OptionMistake> CheckOptions(const OptionValues& options);
// Fails with kUsage.
Result<Settings> ReadSettings(const OptionValues& options);

}  // namespace mbench::influx
