// SPDX-License-Identifier: Apache-2.0
//
// Statements of memcached, as they stand in a workload file:
//
//   {get: "user:{id}"}                                 {delete: "user:{id}"}
//   {set: "user:{id}", value: "{body}", ttl: 60s}      {cas: "user:{id}", value: "{body}"}
//   {incr: "hits:{page}", by: 2}                       {touch: "user:{id}", ttl: 1h}
#pragma once

#include <array>
#include <string>

#include "drivers/statement_reader.h"
#include "harness/base/clock.h"
#include "harness/base/result.h"
#include "harness/base/text_template.h"

namespace mbench::memcached {

struct Statement {
  enum class Kind { kGet, kSet, kDelete, kCas, kIncr, kTouch };
  Kind kind = Kind::kGet;
  TextTemplate key;
  TextTemplate value;   // set, cas
  TextTemplate number;  // set, cas, touch: time to live in seconds; incr: how much
};

inline constexpr auto kWords = std::to_array<WordSpec>({
    {.name = "get",
     .type = WordType::kTemplate,
     .help = "a key to read",
     .example = "\"user:{id}\"",
     .is_head = true,
     .where = kInOne},
    {.name = "set",
     .type = WordType::kTemplate,
     .help = "a key to write",
     .example = "\"user:{id}\"",
     .is_head = true,
     .where = kInOne},
    {.name = "delete",
     .type = WordType::kTemplate,
     .help = "a key to remove",
     .example = "\"user:{id}\"",
     .is_head = true,
     .where = kInOne},
    {.name = "cas",
     .type = WordType::kTemplate,
     .help = "a key to read, and to write if nobody else has in between",
     .example = "\"user:{id}\"",
     .is_head = true,
     .where = kInOne},
    {.name = "incr",
     .type = WordType::kTemplate,
     .help = "a number to count up",
     .example = "\"hits:{page}\"",
     .is_head = true,
     .where = kInOne},
    {.name = "touch",
     .type = WordType::kTemplate,
     .help = "a key that gets a new time to live",
     .example = "\"user:{id}\"",
     .is_head = true,
     .where = kInOne},
    {.name = "value",
     .type = WordType::kAny,
     .help = "what is written",
     .example = "\"{value}\"",
     .of = "set|cas",
     .required = true,
     .where = kInOne},
    {.name = "ttl",
     .type = WordType::kDuration,
     .help = "time to live, whole seconds up to 30 days; 0s: for ever; not said: the option ttl",
     .example = "60s",
     .of = "set|cas",
     .generated = true,
     .where = kInOne},
    {.name = "ttl",
     .type = WordType::kDuration,
     .help = "the new time to live",
     .example = "1h",
     .of = "touch",
     .required = true,
     .generated = true,
     .where = kInOne},
    {.name = "by",
     .type = WordType::kCount,
     .help = "how much is added",
     .example = "2",
     .fallback = "1",
     .of = "incr",
     .generated = true,
     .where = kInOne},
});

// `ttl` is what set and cas use that say nothing of it: seconds, "" for ever. What is wrong is
// added to `complaints`.
Statement ReadStatement(const StatementSpec& spec, const std::string& ttl, Complaints* complaints);

// Whole seconds as memcached wants them. It would take more than 30 days for a date.
Result<std::string> TtlText(Ticks ttl);

}  // namespace mbench::memcached
