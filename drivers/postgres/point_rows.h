// SPDX-License-Identifier: Apache-2.0
//
// Points as the rows of a COPY, in its text format:
//
//   COPY "sensors" ("time","machine","value") FROM STDIN
//   2023-11-14 22:13:20.123456+00 <tab> m-1 <tab> 20.5
//
// No value can end its column or its row and begin another. One that is missing is \N.
// Source: "COPY" in the manual of PostgreSQL, Text Format.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/common/point_shape.h"

namespace mbench::postgres {

// Thread: any; immutable.
class PointRows {
 public:
  PointRows() = default;
  explicit PointRows(const PointShape& shape);

  bool Empty() const { return columns_.empty(); }
  std::string Sql() const;
  // What fails where the table or a column is not there: a COPY is looked at when it runs.
  std::string ProbeSql() const;
  std::size_t RowsIn(std::size_t arguments) const {
    return arguments_ == 0 ? 1 : arguments / arguments_;
  }

  // The messages that come behind the COPY: its rows, and their end.
  void AppendTo(std::span<const std::string_view> arguments, std::string* out) const;

 private:
  std::string Names() const;
  void AppendRow(std::span<const std::string_view> values, std::string* out) const;
  static void AppendColumn(const PointColumn& column, std::span<const std::string_view> values,
                           std::string* out);

  std::string table_;
  std::vector<PointColumn> columns_;  // the time first, if there is one
  bool has_time_ = false;
  std::size_t arguments_ = 0;  // of one point
};

// Appends ns since 1970 as a timestamptz in UTC, in whole microseconds, which are all it can hold.
// What is no number stands as it is.
void AppendTimestamp(std::string_view ns, std::string* out);

}  // namespace mbench::postgres
