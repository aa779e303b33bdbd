// SPDX-License-Identifier: Apache-2.0
#include "drivers/influxdb/influx_statement.h"

#include <fmt/format.h>

#include <utility>

#include "drivers/common/http_text.h"
#include "harness/base/text.h"

namespace mbench::influx {
namespace {

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

std::string WriteTarget(const Settings& settings, const std::string& policy, TimeUnit unit) {
  std::string_view precision = NameOf(unit);
  if (!settings.v2 && precision == "us") precision = "u";
  return fmt::format("{}?{}&precision={}", settings.v2 ? "/api/v2/write" : "/write",
                     Where(settings, true, policy), precision);
}

PointRequest QueryOf(TextTemplate text, const std::string& where, const Settings& settings) {
  return QueryRequest(settings.place,
                      fmt::format("/query?{}{}epoch=ns", where, where.empty() ? "" : "&"),
                      {{"q", std::move(text)}});
}

}  // namespace

PointRequest ReadStatement(const StatementSpec& spec, const Settings& settings,
                           Complaints* complaints) {
  StatementReader reader({"influxdb", kWords}, spec, complaints);
  if (reader.Head() == nullptr) return {};
  const std::string policy = reader.Text("policy");
  if (settings.v2 && !policy.empty())
    reader.Complain("policy", "a bucket of api v2 has no policies to choose from");
  if (reader.Head()->name == "query") {
    if (const ValueNode* const said = reader.Find("query"); said && Trim(said->text).empty())
      reader.Complain(*said, "the query is empty; expected something like \"SHOW DATABASES\"");
    return QueryOf(reader.Template("query"), Where(settings, false, policy), settings);
  }
  const TimeUnit unit = TimeUnitOf(reader.Text("precision"));
  PointRequest request = WriteRequest(settings.place, WriteTarget(settings, policy, unit),
                                      ReadPointShape(&reader), unit, settings.gzip_level);
  request.policy = policy;
  return request;
}

PointRequest Query(std::string text, bool in_database, const Settings& settings) {
  return QueryOf(TextTemplate::Constant(std::move(text)),
                 in_database ? Where(settings, false, "") : "", settings);
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
