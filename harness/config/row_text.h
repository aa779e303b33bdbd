// SPDX-License-Identifier: Apache-2.0
//
// The text of a file of rows, and where mistakes in it are told; what reads it, by format.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "harness/config/row_files.h"

namespace mbench {

// The text of the file, and where in it something is wrong.
class RowText {
 public:
  RowText(std::string name, std::string text, Mistakes* mistakes);

  std::string_view text() const { return text_; }
  bool Tired() const { return count_ >= kMostRowMistakes; }
  std::size_t Count() const { return count_; }

  // `at`: of its first byte.
  void Add(std::size_t at, std::string message, std::size_t width = 1);
  void AddWhole(std::string message);

 private:
  const std::string name_;
  std::string text_;
  Mistakes* mistakes_;
  std::optional<std::uint32_t> source_;
  std::size_t count_ = 0;
};

// Both: null when a mistake was found, or there is nothing.
std::shared_ptr<Rows> ReadCsvRows(const RowFormat& format, RowText* file);   // csv_rows.cc
std::shared_ptr<Rows> ReadJsonRows(const RowFormat& format, RowText* file);  // json_rows.cc

}  // namespace mbench
