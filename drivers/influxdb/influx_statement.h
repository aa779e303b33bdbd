// SPDX-License-Identifier: Apache-2.0
//
// A statement of a workload file as a request to InfluxDB.
#pragma once

#include <string>
#include <string_view>

#include "drivers/common/point_request.h"
#include "drivers/influxdb/influx_options.h"

namespace mbench::influx {

inline constexpr auto kWords = std::to_array<WordSpec>({
    WriteWord("measurement that points are written to, as lines; with a fleet its points"),
    TagsWord("of each point; values are texts"),
    FieldsWord("of each point: numbers as numbers, whole ones with i, texts in quotes"),
    PointTimeWord("when, in ns since 1970; not said: when the server gets it"),
    PointBatchWord(),
    PrecisionWord("ns", "what times are sent in"),
    {.name = "policy",
     .type = WordType::kText,
     .help = "retention policy to write to or to ask; not said: the default one (api v1)",
     .example = "a_week",
     .where = kInOne},
    {.name = "query",
     .type = WordType::kTemplate,
     .help = "InfluxQL; values stand in it as they are, so quotes around texts are yours to write",
     .example = "\"SELECT mean(value) FROM sensors WHERE machine = '{machine}'\"",
     .is_head = true,
     .where = kInOne},
});

PointRequest ReadStatement(const StatementSpec& spec, const Settings& settings,
                           Complaints* complaints);

// For what the driver asks by itself.
// `in_database`: false where it may not be there yet.
PointRequest Query(std::string text, bool in_database, const Settings& settings);

// "name", as InfluxQL writes names.
std::string QuotedName(std::string_view name);

}  // namespace mbench::influx
