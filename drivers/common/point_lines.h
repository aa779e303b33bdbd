// SPDX-License-Identifier: Apache-2.0
//
// Points as lines of InfluxDB's protocol, which others take too:
//
//   sensors,site=a,machine=m-1 value=20.25,count=7i,quality="good" 1700000000000000000
//
// Names and texts are escaped as it wants: no value can end its line and begin another. What it
// cannot say is a line break in a tag, which becomes a blank, and \ before what is escaped or
// before its end, which becomes /. A tag or a field that is missing is left out, and so is a point
// without fields.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/common/point_shape.h"

namespace mbench {

// What a point's time is written in; those of arguments are in ns.
enum class TimeUnit : std::uint8_t { kNanoseconds, kMicroseconds, kMilliseconds, kSeconds };

// Thread: any; immutable.
class PointLines {
 public:
  PointLines() = default;
  PointLines(const PointShape& shape, TimeUnit unit);

  // One line for each set of arguments; returns how many that were.
  // REQUIRES: whole sets.
  std::size_t AppendTo(std::span<const std::string_view> arguments, std::string* out) const;

 private:
  enum class Escape : std::uint8_t { kNone, kTag, kText };
  // Text as it is, then a value.
  struct Piece {
    std::string text;
    std::size_t argument = TextTemplate::kNoArgument;
    Escape escape = Escape::kNone;
    bool begins = false;  // a column: without its value all of it is left out
  };
  void AddColumn(const PointColumn& column, bool is_tag);
  char* AppendLine(std::span<const std::string_view> values, char* to) const;
  static char* AppendColumns(std::span<const Piece> pieces,
                             std::span<const std::string_view> values, char* to);
  static char* AppendValue(std::string_view value, Escape escape, char* to);

  std::string name_;
  std::vector<Piece> tags_, fields_;
  std::size_t time_ = TextTemplate::kNoArgument;
  std::size_t cut_ = 0;        // digits of a time that are left out
  std::size_t arguments_ = 0;  // of one point
  std::size_t fixed_ = 0;      // bytes of a line beside its values
  // By argument: what a byte of it comes to at most. It may stand in several columns, escaped.
  std::vector<std::size_t> most_per_byte_;
};

}  // namespace mbench
