// SPDX-License-Identifier: Apache-2.0
//
// A request over HTTP to a system that keeps points of series: lines that are written, a form that
// asks, or a page that is got. What its target is, and what stands in its form, is the driver's.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/common/gzip_coder.h"
#include "drivers/common/http_place.h"
#include "drivers/common/point_lines.h"
#include "drivers/common/point_shape.h"

namespace mbench {

struct PointRequest {
  enum class Kind { kWrite, kQuery, kGet };
  // "query" and what it is; both are encoded as they are appended.
  struct Field {
    std::string_view name;
    TextTemplate value;
  };

  Kind kind = Kind::kGet;
  // Up to what differs from op to op: the length of the body, and the body. All of it for kGet.
  std::string head;
  // Of writes.
  PointShape shape;
  std::string policy;                      // of retention; "": the default one
  TimeUnit unit = TimeUnit::kNanoseconds;  // times are sent in
  PointLines lines;
  int gzip_level = 0;  // 0: as they are; the same for all of a run
  // Of queries.
  std::vector<Field> form;

  // `coder`: not null where lines are packed.
  void AppendTo(std::span<const std::string_view> arguments, GzipCoder* coder,
                std::string* out) const;
};
using PointRequests = std::vector<PointRequest>;

// "ns", "us", "ms", "s", as words of statements say them.
constexpr std::string_view kTimeUnits = "ns|us|ms|s";
TimeUnit TimeUnitOf(std::string_view text);
std::string_view NameOf(TimeUnit unit);
// In ns.
std::int64_t LengthOf(TimeUnit unit);

constexpr WordSpec PrecisionWord(std::string_view fallback, std::string_view help) {
  return {.name = "precision",
          .type = WordType::kChoice,
          .help = help,
          .example = "ms",
          .fallback = fallback,
          .choices = kTimeUnits,
          .of = "write",
          .where = kInOne};
}

// `target`: with its parameters. `gzip_level`: 0: lines are sent as they are.
PointRequest WriteRequest(const HttpPlace& place, std::string_view target, PointShape shape,
                          TimeUnit unit, int gzip_level);
PointRequest QueryRequest(const HttpPlace& place, std::string_view target,
                          std::vector<PointRequest::Field> form);
PointRequest GetRequest(const HttpPlace& place, std::string_view target);

}  // namespace mbench
