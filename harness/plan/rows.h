// SPDX-License-Identifier: Apache-2.0
//
// Rows of a file that the user brings: what {row.COLUMN} stands for in the statement of a load.
//
// All cells are texts, as they travel to the drivers; the type of a column says what all of its
// cells can be read as. A cell that is missing (an empty one in a column of another type than text,
// null in JSON) is a view without data.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/value_type.h"

namespace mbench {

struct RowColumn {
  std::string name;
  ValueType type = ValueType::kText;
};

// Thread: any once it is filled.
class Rows {
 public:
  explicit Rows(std::vector<RowColumn> columns) : columns_(std::move(columns)) {}

  const std::vector<RowColumn>& Columns() const { return columns_; }
  // Its number; Columns().size(): there is none.
  std::size_t Find(std::string_view name) const;
  std::size_t Count() const { return columns_.empty() ? 0 : cells_.size() / columns_.size(); }
  // REQUIRES: row < Count(), column < Columns().size().
  std::string_view Cell(std::size_t row, std::size_t column) const;
  std::uint64_t Hash() const;
  // The same rows with these columns, in this order.
  Rows Only(const std::vector<std::size_t>& columns) const;

  // The next cell, row by row.
  void Add(std::string_view text) {
    cells_.push_back({text_.size(), static_cast<std::int64_t>(text.size())});
    text_ += text;
  }
  void AddMissing() { cells_.push_back({text_.size(), kMissing}); }

 private:
  static constexpr std::int64_t kMissing = -1;
  struct Span {
    std::size_t begin;
    std::int64_t size;
  };
  std::vector<RowColumn> columns_;
  std::string text_;
  std::vector<Span> cells_;
};

}  // namespace mbench
