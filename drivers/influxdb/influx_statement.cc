// SPDX-License-Identifier: Apache-2.0
#include "drivers/influxdb/influx_statement.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "drivers/common/http_text.h"
#include "harness/base/text.h"

namespace mbench::influx {
namespace {

// Digits of the longest body that is sent; blanks in front of a value of a header mean nothing.
constexpr std::size_t kLengthDigits = 12;
constexpr std::string_view kBodyOfQuery = "q=";

constexpr std::array<std::string_view, 4> kUnits = {"ns", "us", "ms", "s"};

TimeUnit UnitOf(std::string_view text) {
  return static_cast<TimeUnit>(std::ranges::find(kUnits, text) - kUnits.begin());
}

std::string Parameter(std::string_view name, std::string_view value) {
  std::string text = fmt::format("{}=", name);
  AppendFormValue(value, &text);
  return text;
}

// "db=plant&rp=short" and the like.
std::string Where(const Settings& settings, bool writes, const std::string& policy) {
  std::string where;
  if (settings.v2 && writes) {
    where = Parameter("org", settings.org) + "&" + Parameter("bucket", settings.database);
  } else {
    where = Parameter("db", settings.database);
    if (!policy.empty()) where += "&" + Parameter("rp", policy);
  }
  return where;
}

std::string HeadOf(std::string_view method, std::string_view target, const Settings& settings) {
  std::string head = fmt::format("{} {}{} HTTP/1.1\r\nHost: {}\r\nUser-Agent: mbench\r\n", method,
                                 settings.base_path, target, settings.authority);
  if (!settings.authorization.empty())
    head += fmt::format("Authorization: {}\r\n", settings.authorization);
  return head;
}

constexpr std::string_view kLengthFollows = "Content-Length: ";

std::string WriteHead(const Settings& settings, const std::string& policy, TimeUnit unit) {
  std::string_view precision = kUnits[static_cast<std::size_t>(unit)];
  if (!settings.v2 && precision == "us") precision = "u";
  return HeadOf("POST",
                fmt::format("{}?{}&precision={}", settings.v2 ? "/api/v2/write" : "/write",
                            Where(settings, true, policy), precision),
                settings) +
         "Content-Type: text/plain; charset=utf-8\r\n" + std::string(kLengthFollows);
}

std::string QueryHead(const Settings& settings, const std::string& where) {
  return HeadOf("POST", "/query?" + where + (where.empty() ? "" : "&") + "epoch=ns", settings) +
         "Content-Type: application/x-www-form-urlencoded\r\n" + std::string(kLengthFollows);
}

void AppendForm(const TextTemplate& text, std::span<const std::string_view> arguments,
                std::string* out) {
  for (const TextTemplate::Piece& piece : text.Pieces()) {
    AppendFormValue(piece.text, out);
    if (piece.argument != TextTemplate::kNoArgument)
      AppendFormValue(arguments[piece.argument], out);
  }
}

}  // namespace

void Request::AppendTo(std::span<const std::string_view> arguments, std::string* out) const {
  out->append(head);
  if (kind == Kind::kGet) return;
  const std::size_t length_at = out->size();
  out->append(kLengthDigits, ' ');
  out->append("\r\n\r\n");
  const std::size_t body_at = out->size();
  if (kind == Kind::kWrite) {
    lines.AppendTo(arguments, out);
  } else {
    out->append(kBodyOfQuery);
    AppendForm(query, arguments, out);
  }
  fmt::format_to_n(out->data() + length_at, kLengthDigits, "{:>12}", out->size() - body_at);
}

Request ReadStatement(const StatementSpec& spec, const Settings& settings, Complaints* complaints) {
  StatementReader reader({"influxdb", kWords}, spec, complaints);
  if (reader.Head() == nullptr) return {};
  const std::string policy = reader.Text("policy");
  if (settings.v2 && !policy.empty())
    reader.Complain("policy", "a bucket of api v2 has no policies to choose from");
  if (reader.Head()->name == "query") {
    Request request{.kind = Request::Kind::kQuery, .query = reader.Template("query")};
    if (const ValueNode* const said = reader.Find("query"); said && Trim(said->text).empty())
      reader.Complain(*said, "the query is empty; expected something like \"SHOW DATABASES\"");
    request.head = QueryHead(settings, Where(settings, false, policy));
    return request;
  }
  const TimeUnit unit = UnitOf(reader.Text("precision"));
  Request request{.kind = Request::Kind::kWrite,
                  .shape = ReadPointShape(&reader),
                  .policy = policy,
                  .unit = unit};
  request.lines = PointLines(request.shape, unit);
  request.head = WriteHead(settings, policy, unit);
  return request;
}

Request Get(std::string_view target, const Settings& settings) {
  return {.kind = Request::Kind::kGet, .head = HeadOf("GET", target, settings) + "\r\n"};
}

Request Query(std::string text, bool in_database, const Settings& settings) {
  return {.kind = Request::Kind::kQuery,
          .head = QueryHead(settings, in_database ? Where(settings, false, "") : ""),
          .query = TextTemplate::Constant(std::move(text))};
}

std::string QuotedName(std::string_view name) {
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

}  // namespace mbench::influx
