// SPDX-License-Identifier: Apache-2.0
//
// A statement of a workload file as a request to VictoriaMetrics, and the options it is made with.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/common/point_request.h"
#include "drivers/common/tls.h"
#include "drivers/url_form.h"

namespace mbench::victoria {

// victoriametrics://127.0.0.1:8428/mydb
inline constexpr auto kUrls = std::to_array<UrlForm>({
    {.scheme = "victoriametrics",
     .before_host = "http://",
     .path_option = "database",
     .statement = "write: mbench, fields: {value: \"{sequence}\"}"},
});

inline constexpr auto kOptions = WithTlsOptions(std::to_array<OptionSpec>({
    HttpUrlOption("http://127.0.0.1:8428"),
    {.name = "database",
     .fallback = "",
     .help = "the label db of what is written; nothing has to be made for it"},
    HttpUserOption("user name, where the server asks for one"),
    HttpPasswordOption(),
    HttpTokenOption(),
    GzipOption("whether points are sent by gzip: true, false, or a level, 1 (quick) to 12 (small)"),
    PipelineOption("requests in flight on one connection at most"),
}));

struct Settings {
  HttpPlace place;
  std::string database;
  int gzip_level = 0;  // 0: points are sent as they are
};

std::vector<OptionMistake> CheckOptions(const OptionValues& options);
// Fails with kUsage.
Result<Settings> ReadSettings(const OptionValues& options);

inline constexpr auto kWords = std::to_array<WordSpec>({
    WriteWord("measurement that points are written to, as lines of InfluxDB; with a fleet its "
              "points; each field is a metric MEASUREMENT_FIELD"),
    TagsWord("of each point: its labels"),
    FieldsWord("of each point: numbers; a text is stored as 0"),
    PointTimeWord("when, in ns since 1970; not said: when the server gets it"),
    PointBatchWord(),
    PrecisionWord("ms", "what times are sent in; nothing finer than ms is stored"),
    {.name = "promql",
     .type = WordType::kTemplate,
     .help = "a query in PromQL or MetricsQL; values stand in it as they are, so quotes around "
             "texts are yours to write",
     .example = "'avg_over_time(sensors_value{machine=\"{machine}\"}[1m])'",
     .is_head = true,
     .where = kInOne},
    {.name = "step",
     .type = WordType::kTemplate,
     .help = "the query is asked for a range of times, so far apart",
     .example = "15s",
     .of = "promql",
     .where = kInOne},
    {.name = "start",
     .type = WordType::kTemplate,
     .help = "where the range begins: seconds since 1970, or before now; wants step",
     .example = "-1h",
     .of = "promql",
     .where = kInOne},
    {.name = "end",
     .type = WordType::kTemplate,
     .help = "where it ends; not said: now",
     .example = "-5m",
     .of = "promql",
     .where = kInOne},
    {.name = "nocache",
     .type = WordType::kFlag,
     .help = "past the cache of results",
     .example = "true",
     .fallback = "false",
     .of = "promql",
     .where = kInOne},
});

PointRequest ReadStatement(const StatementSpec& spec, const Settings& settings,
                           Complaints* complaints);

// For what the driver asks by itself, at `time_ms` since 1970.
PointRequest Query(std::string promql, std::int64_t time_ms, const Settings& settings);

// Whether it asks for a range of times.
bool AsksForRange(const PointRequest& request);

// The metric that a field of a measurement becomes, with its label db and without the label
// `lacking`, as a selector.
std::string SelectorOf(const PointShape& shape, std::size_t field, std::string_view lacking,
                       const Settings& settings);

}  // namespace mbench::victoria
