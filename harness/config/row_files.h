// SPDX-License-Identifier: Apache-2.0
//
// Files of rows that a user brings: CSV (RFC 4180, with any separator) and JSON lines.
//
// Every cell is read and checked before anything is loaded. What is wrong is reported in the file
// itself, with line and column; after kMostRowMistakes of them the rest is left alone.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/config/mistakes.h"
#include "harness/plan/rows.h"

namespace mbench {

inline constexpr std::size_t kLargestRowFile = 1ULL << 30;
inline constexpr std::size_t kLargestFeederFile = 256ULL << 20;
inline constexpr std::size_t kMostRowMistakes = 20;

// `columns`: those whose type was given.
struct RowFormat {
  std::string path;
  bool json = false;
  char separator = ',';
  std::size_t largest = kLargestRowFile;
  std::vector<RowColumn> columns;
};

// Null when the file cannot be read or something in it is wrong, which is reported: what concerns
// the file as a whole at `place`.
std::shared_ptr<const Rows> ReadRowFile(const RowFormat& format, const Place& place,
                                        Mistakes* mistakes);

// "" when `text` can be read as a value of that type; else what it is not, and what would be right.
std::string DescribeWrongValue(std::string_view text, ValueType type);

}  // namespace mbench
