// SPDX-License-Identifier: Apache-2.0
#include "drivers/victoriametrics/victoria_statement.h"

#include <fmt/format.h>

#include <utility>

#include "drivers/common/http_text.h"
#include "drivers/driver.h"
#include "harness/base/text.h"

namespace mbench::victoria {
namespace {

constexpr std::string_view kAsk = "/api/v1/query", kAskRange = "/api/v1/query_range";

std::string WriteTarget(const Settings& settings, TimeUnit unit) {
  std::string target = "/write?";
  if (!settings.database.empty()) {
    target += "db=";
    AppendFormValue(settings.database, &target);
    target += "&";
  }
  const std::string_view name = NameOf(unit);
  return fmt::format("{}precision={}", target, name == "us" ? "u" : name);
}

// A text in double quotes.
std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

PointRequest ReadQuery(StatementReader* reader, const Settings& settings) {
  if (const ValueNode* const said = reader->Find("promql"); said && Trim(said->text).empty())
    reader->Complain(*said, "the query is empty; expected something like \"up\"");
  std::vector<PointRequest::Field> form = {{"query", reader->Template("promql")}};
  const bool is_range = reader->Says("step");
  for (const std::string_view word : {"step", "start", "end"}) {
    if (reader->Says(word)) form.push_back({word, reader->Template(word)});
    if (!is_range && reader->Says(word))
      reader->Complain(word, fmt::format("'{}' is of a range of times; give step too", word));
  }
  if (is_range && !reader->Says("start"))
    reader->Complain("step", "a range of times wants start too; expected something like -1h");
  if (reader->Flag("nocache")) form.push_back({"nocache", TextTemplate::Constant("1")});
  return QueryRequest(settings.place, is_range ? kAskRange : kAsk, std::move(form));
}

}  // namespace

std::vector<OptionMistake> CheckOptions(const OptionValues& options) {
  std::vector<OptionMistake> mistakes = CheckHttpPlace(options, "give database");
  if (BreaksHeader(options.Text("database")))
    mistakes.push_back({"database", "it has a line break in it"});
  if (std::string why = GzipMistake(options.Text("gzip")); !why.empty())
    mistakes.push_back({"gzip", std::move(why)});
  return mistakes;
}

Result<Settings> ReadSettings(const OptionValues& options) {
  if (Status right = ToStatus(CheckOptions(options)); !right) return Failed(right);
  Result<HttpPlace> place = ReadHttpPlace(options, "Bearer");
  if (!place) return Failed(place);
  return Settings{.place = *std::move(place),
                  .database = options.Text("database"),
                  .gzip_level = *GzipLevelOf(options.Text("gzip"))};
}

PointRequest ReadStatement(const StatementSpec& spec, const Settings& settings,
                           Complaints* complaints) {
  StatementReader reader({"victoriametrics", kWords}, spec, complaints);
  if (reader.Head() == nullptr) return {};
  if (reader.Head()->name == "promql") return ReadQuery(&reader, settings);
  const TimeUnit unit = TimeUnitOf(reader.Text("precision"));
  return WriteRequest(settings.place, WriteTarget(settings, unit), ReadPointShape(&reader), unit,
                      settings.gzip_level);
}

PointRequest Query(std::string promql, std::int64_t time_ms, const Settings& settings) {
  return QueryRequest(
      settings.place, kAsk,
      {{"query", TextTemplate::Constant(std::move(promql))},
       {"time", TextTemplate::Constant(fmt::format("{}.{:03}", time_ms / 1000, time_ms % 1000))},
       {"nocache", TextTemplate::Constant("1")}});
}

bool AsksForRange(const PointRequest& request) {
  return request.kind == PointRequest::Kind::kQuery &&
         request.head.find(kAskRange) != std::string::npos;
}

std::string SelectorOf(const PointShape& shape, std::size_t field, std::string_view lacking,
                       const Settings& settings) {
  const std::string name = Quoted(shape.table + "_" + shape.fields[field].name);
  const std::string db =
      settings.database.empty() ? "" : fmt::format(",db={}", Quoted(settings.database));
  return fmt::format("{{__name__={}{},{}=\"\"}}", name, db, lacking);
}

}  // namespace mbench::victoria
