// SPDX-License-Identifier: Apache-2.0
#include "drivers/victoriametrics/victoria_reply.h"

#include <charconv>
#include <nlohmann/json.hpp>

#include "drivers/common/json_scan.h"
#include "harness/base/text.h"

namespace mbench::victoria {

// {"status":"success","data":{"result":[{"value":[...]},{"values":[[...],[...]]}]}}
QueryReply ReadQueryReply(std::string_view body) {
  constexpr int kDataDepth = 2, kSeriesDepth = 4, kValueDepth = 5, kRowDepth = 6;
  QueryReply reply;
  std::string status, error;
  bool one = false, many = false, partial = false;
  ScanJson(
      body,
      [&](int depth) {
        reply.rows += (depth == kValueDepth && one) || (depth == kRowDepth && many) ? 1 : 0;
      },
      [&](int depth, std::string_view key, std::string_view rest) {
        if (depth == kSeriesDepth) {
          one = key == "value";
          many = key == "values";
        } else if (depth == kDataDepth && key == "resultType") {
          const std::string type = JsonStringIn(rest);
          if (type == "scalar" || type == "string") reply.rows = 1;
        } else if (depth == 1 && key == "status") {
          status = JsonStringIn(rest);
        } else if (depth == 1 && key == "error") {
          error = JsonStringIn(rest);
        } else if (depth == 1 && key == "isPartial") {
          partial = Trim(rest).starts_with("true");
        }
      });
  if (status != "success")
    reply.error = status != "error" ? "no reply to a query" : error.empty() ? "error" : error;
  else if (partial)
    reply.error = "partial response";
  return reply;
}

std::uint64_t ReadCount(std::string_view body) {
  const nlohmann::json::json_pointer at("/data/result/0/value/1");
  const auto parsed = nlohmann::json::parse(body, nullptr, false);
  if (!parsed.is_object() || !parsed.contains(at) || !parsed.at(at).is_string()) return 0;
  const std::string text = parsed.at(at).get<std::string>();
  double count = 0;  // large ones have an exponent
  std::from_chars(text.data(), text.data() + text.size(), count);
  return count > 0 ? static_cast<std::uint64_t>(count) : 0;
}

std::string ErrorText(std::string_view body) {
  std::string text = JsonErrorText(body);
  const std::size_t uri = text.find("; requestURI: ");
  if (!text.starts_with("remoteAddr: ") || uri == std::string::npos) return text;
  const std::size_t end = text.find("; ", uri + 2);
  return end == std::string::npos ? text : text.substr(end + 2);
}

std::string ErrorClass(std::string_view text) {
  constexpr std::string_view kInQuery = "error when executing query=";
  const std::size_t behind = text.find("): ");
  if (!text.starts_with(kInQuery) || behind == std::string_view::npos) return GeneralPart(text);
  std::string_view rest = text.substr(behind + 3);
  const std::string what = GeneralPart(rest);
  const std::size_t colon = rest.find(": ");
  const std::string more = colon == what.size() ? GeneralPart(rest.substr(colon + 2)) : "";
  return "error when executing query: " + what + (more.empty() ? "" : ": " + more);
}

}  // namespace mbench::victoria
