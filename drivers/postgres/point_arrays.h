// SPDX-License-Identifier: Apache-2.0
//
// Points of many rows in one statement whose text does not depend on how many there are: each
// column is an array, and a parameter.
//
//   INSERT INTO "sensors" ("time", "machine", "value")
//   SELECT to_timestamp(c0 / 1e9), c1, c2
//   FROM unnest($1::bigint[], $2::text[], $3::float8[]) AS points (c0, c1, c2)
//
// So it is prepared once, and the server plans it once, whatever `batch` says.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/common/point_shape.h"

namespace mbench::postgres {

// Thread: any; immutable.
class PointArrays {
 public:
  PointArrays() = default;
  explicit PointArrays(const PointShape& shape);

  bool Empty() const { return columns_.empty(); }
  std::size_t Columns() const { return columns_.size(); }
  std::string Sql() const;

  // The values of one column of all points, as an array: {1,NULL,2}.
  void AppendColumn(std::size_t column, std::span<const std::string_view> arguments,
                    std::string* out) const;

 private:
  static void AppendValue(const PointColumn& column, std::span<const std::string_view> values,
                          std::string* out);

  std::string table_;
  std::vector<PointColumn> columns_;  // the time first, if there is one
  bool has_time_ = false;
  std::size_t arguments_ = 0;  // of one point
};

}  // namespace mbench::postgres
