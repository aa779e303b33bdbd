// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/rows.h"

#include <algorithm>

#include "harness/base/text_hash.h"

namespace mbench {

std::size_t Rows::Find(std::string_view name) const {
  return static_cast<std::size_t>(std::ranges::find(columns_, name, &RowColumn::name) -
                                  columns_.begin());
}

std::string_view Rows::Cell(std::size_t row, std::size_t column) const {
  const Span& span = cells_[row * columns_.size() + column];
  if (span.size == kMissing) return {};
  return std::string_view(text_).substr(span.begin, static_cast<std::size_t>(span.size));
}

Rows Rows::Only(const std::vector<std::size_t>& columns) const {
  std::vector<RowColumn> kept;
  for (const std::size_t column : columns) kept.push_back(columns_[column]);
  Rows rows(std::move(kept));
  rows.cells_.reserve(Count() * columns.size());
  for (std::size_t row = 0; row < Count(); ++row) {
    for (const std::size_t column : columns) {
      const std::string_view cell = Cell(row, column);
      cell.data() == nullptr ? rows.AddMissing() : rows.Add(cell);
    }
  }
  return rows;
}

std::uint64_t Rows::Hash() const {
  std::uint64_t hash = HashText(text_);
  for (const Span& span : cells_) hash = hash * 31 + static_cast<std::uint64_t>(span.size);
  for (const RowColumn& column : columns_) {
    hash = hash * 31 + HashText(column.name) + static_cast<std::uint64_t>(column.type);
  }
  return hash;
}

}  // namespace mbench
