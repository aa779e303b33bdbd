// SPDX-License-Identifier: Apache-2.0
//
// Points of series, as a statement of any driver that takes them says:
//
//   ingest:
//     write: sensors                       measurement or table
//     tags: {machine: "{machine}"}         which series
//     fields: {value: "{value}"}           what was measured
//     time: "{time}"                       when, in ns since 1970; not said: the system's time
//     batch: 5000                          so many sets of arguments in each op
//
// In a file with a fleet the last four may be left out: they are the fleet's
// (harness/config/read_fleet.cc).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "drivers/statement_reader.h"

namespace mbench {

struct PointColumn {
  std::string name;
  TextTemplate value;
  ValueType type = ValueType::kText;

  // The argument that is all of its value; TextTemplate::kNoArgument: it is made of other things.
  std::size_t OnlyArgument() const;
};

struct PointShape {
  std::string table;
  std::vector<PointColumn> tags, fields;
  std::optional<PointColumn> time;
  std::size_t arguments = 0;  // of one point: Op::arguments has those of many

  std::size_t PointsIn(std::size_t arguments_of_op) const {
    return arguments == 0 ? 1 : arguments_of_op / arguments;
  }
};

// The words of such a statement, for the table of a driver. `where`: it may stand there; `of`: the
// heads it goes with, where the driver has more than one for points.
constexpr WordSpec WriteWord(std::string_view help, WordPlaces where = kInOne) {
  return {.name = "write",
          .type = WordType::kText,
          .help = help,
          .example = "sensors",
          .is_head = true,
          .where = where};
}
constexpr WordSpec TagsWord(std::string_view help, WordPlaces where = kInOne,
                            std::string_view of = "write") {
  return {.name = "tags",
          .type = WordType::kMap,
          .help = help,
          .example = "{machine: \"{machine}\"}",
          .fallback = "those of the fleet",
          .of = of,
          .where = where};
}
constexpr WordSpec FieldsWord(std::string_view help, WordPlaces where = kInOne,
                              std::string_view of = "write") {
  return {.name = "fields",
          .type = WordType::kMap,
          .help = help,
          .example = "{value: \"{value}\"}",
          .fallback = "those of the fleet",
          .of = of,
          .required = true,
          .where = where};
}
constexpr WordSpec PointTimeWord(std::string_view help, WordPlaces where = kInOne,
                                 std::string_view of = "write") {
  return {.name = "time",
          .type = WordType::kTemplate,
          .help = help,
          .example = "\"{time}\"",
          .of = of,
          .where = where};
}
constexpr WordSpec PointBatchWord(WordPlaces where = kInStatement | kInLoad,
                                  std::string_view of = "write") {
  return {.name = "batch",
          .type = WordType::kCount,
          .help = "points in one op, each with values of its own",
          .example = "5000",
          .fallback = "1",
          .min = 1,
          .max = 100'000,
          .range = "1 to 100k",
          .of = of,
          .where = where};
}

// REQUIRES: the head names the table, and the words above go with it.
PointShape ReadPointShape(StatementReader* reader);

}  // namespace mbench
