// SPDX-License-Identifier: Apache-2.0
#include "drivers/common/point_request.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "drivers/common/http_text.h"

namespace mbench {
namespace {

// Digits of the longest body that is sent; blanks in front of a value of a header mean nothing.
constexpr std::size_t kLengthDigits = 12;
constexpr std::string_view kLengthFollows = "Content-Length: ";

constexpr std::array<std::string_view, 4> kUnits = {"ns", "us", "ms", "s"};

void AppendForm(std::span<const PointRequest::Field> form,
                std::span<const std::string_view> arguments, std::string* out) {
  std::string_view between = "";
  for (const PointRequest::Field& field : form) {
    out->append(between).append(field.name).append("=");
    between = "&";
    for (const TextTemplate::Piece& piece : field.value.Pieces()) {
      AppendFormValue(piece.text, out);
      if (piece.argument != TextTemplate::kNoArgument)
        AppendFormValue(arguments[piece.argument], out);
    }
  }
}

}  // namespace

void PointRequest::AppendTo(std::span<const std::string_view> arguments, GzipCoder* coder,
                            std::string* out) const {
  out->append(head);
  if (kind == Kind::kGet) return;
  const std::size_t length_at = out->size();
  out->append(kLengthDigits, ' ');
  out->append("\r\n\r\n");
  const std::size_t body_at = out->size();
  if (kind == Kind::kQuery) {
    AppendForm(form, arguments, out);
  } else if (gzip_level > 0) {
    std::string* const plain = coder->Begin();
    lines.AppendTo(arguments, plain);
    coder->AppendPacked(out);
  } else {
    lines.AppendTo(arguments, out);
  }
  fmt::format_to_n(out->data() + length_at, kLengthDigits, "{:>12}", out->size() - body_at);
}

TimeUnit TimeUnitOf(std::string_view text) {
  return static_cast<TimeUnit>(std::ranges::find(kUnits, text) - kUnits.begin());
}

std::string_view NameOf(TimeUnit unit) { return kUnits[static_cast<std::size_t>(unit)]; }

std::int64_t LengthOf(TimeUnit unit) {
  std::int64_t length = 1;
  for (auto i = static_cast<int>(unit); i > 0; --i) length *= 1000;
  return length;
}

PointRequest WriteRequest(const HttpPlace& place, std::string_view target, PointShape shape,
                          TimeUnit unit, int gzip_level) {
  PointRequest request{
      .kind = PointRequest::Kind::kWrite,
      .head = place.HeadOf("POST", target) + "Content-Type: text/plain; charset=utf-8\r\n" +
              (gzip_level > 0 ? "Content-Encoding: gzip\r\n" : "") + std::string(kLengthFollows),
      .shape = std::move(shape),
      .unit = unit,
      .gzip_level = gzip_level};
  request.lines = PointLines(request.shape, unit);
  return request;
}

PointRequest QueryRequest(const HttpPlace& place, std::string_view target,
                          std::vector<PointRequest::Field> form) {
  return {.kind = PointRequest::Kind::kQuery,
          .head = place.HeadOf("POST", target) +
                  "Content-Type: application/x-www-form-urlencoded\r\n" +
                  std::string(kLengthFollows),
          .form = std::move(form)};
}

PointRequest GetRequest(const HttpPlace& place, std::string_view target) {
  return {.kind = PointRequest::Kind::kGet, .head = place.HeadOf("GET", target) + "\r\n"};
}

}  // namespace mbench
