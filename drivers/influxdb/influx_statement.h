// SPDX-License-Identifier: Apache-2.0
//
// A statement of a workload file as a request to InfluxDB.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/common/point_lines.h"
#include "drivers/common/point_shape.h"
#include "drivers/influxdb/influx_options.h"
#include "drivers/op.h"

namespace mbench::influx {

inline constexpr auto kWords = std::to_array<WordSpec>({
    WriteWord("measurement that points are written to, as lines; with a fleet its points"),
    TagsWord("of each point; values are texts"),
    FieldsWord("of each point: numbers as numbers, whole ones with i, texts in quotes"),
    PointTimeWord("when, in ns since 1970; not said: when the server gets it"),
    PointBatchWord(),
    {.name = "precision",
     .type = WordType::kChoice,
     .help = "what times are sent in",
     .example = "ms",
     .fallback = "ns",
     .choices = "ns|us|ms|s",
     .of = "write",
     .where = kInOne},
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

struct Request {
  enum class Kind { kWrite, kQuery, kGet };
  Kind kind = Kind::kGet;
  // Up to what differs from op to op: the length of the body, and the body. All of it for kGet.
  std::string head;
  PointShape shape;
  std::string policy;                      // "": the default one
  TimeUnit unit = TimeUnit::kNanoseconds;  // times are sent in
  PointLines lines;
  TextTemplate query;

  void AppendTo(std::span<const std::string_view> arguments, std::string* out) const;
};
using Requests = std::vector<Request>;

Request ReadStatement(const StatementSpec& spec, const Settings& settings, Complaints* complaints);

// For what the driver asks by itself.
Request Get(std::string_view target, const Settings& settings);
// `in_database`: false where it may not be there yet.
Request Query(std::string text, bool in_database, const Settings& settings);

// "name", as InfluxQL writes names.
std::string QuotedName(std::string_view name);

}  // namespace mbench::influx
