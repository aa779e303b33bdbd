// SPDX-License-Identifier: Apache-2.0
#include "drivers/http/http_judge.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/base/result.h"
#include "harness/base/text.h"

namespace mbench {
namespace {

constexpr std::string_view kAbsent = "absent";
constexpr std::size_t kMostLabelBytes = 60;

// The text of the value at the pointer: strings as they are, numbers and flags as JSON writes them.
// Fails with what stands there in its place.
Result<std::string> AtPointer(std::string_view body, const std::string& pointer) {
  using Json = nlohmann::json;
  const Json parsed = Json::parse(body, nullptr, false);
  if (parsed.is_discarded()) return BadConfig("no JSON");
  const Json::json_pointer at(pointer);
  if (!parsed.contains(at)) return BadConfig("{}", kAbsent);
  const Json& value = parsed.at(at);
  if (value.is_string()) return value.get<std::string>();
  if (value.is_object()) return BadConfig("an object");
  if (value.is_array()) return BadConfig("a list");
  return value.dump();
}

bool IsPlain(std::string_view text) {
  return text.size() <= kMostLabelBytes &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < 0x7f; });
}

}  // namespace

Answer HttpJudge::Judge(const HttpStatement& statement, const Op& op, int status,
                        std::span<const std::string_view> headers, std::string_view body) {
  Answer answer;
  const std::string_view raw = body;
  if (statement.has_coding) body = Decode(statement, headers, body, &answer);
  const auto code = static_cast<std::size_t>(status);
  if (!statement.ok_status[code]) {
    // 429 and 503: "not now", and the request was not carried out.
    answer.outcome = status == 429 || status == 503 ? Outcome::kRejected : Outcome::kFailed;
    if (status_errors_[code] == 0)
      status_errors_[code] = errors_->Code(fmt::format("status {}", status));
    answer.error = status_errors_[code];
  } else {
    if (!statement.expected_headers.empty()) CheckHeaders(statement, op, headers, &answer);
    if (statement.expects_body && answer.error == 0) CheckBody(statement, op, body, &answer);
  }
  if (statement.label.from != HttpStatement::Label::kNone) {
    answer.label = Label(statement, status, headers, body);
  }
  answer.value = raw;
  if (statement.version.from != HttpStatement::Label::kNone)
    TakeVersion(statement.version, status, headers, body, &answer);
  return answer;
}

// Of a key that is not there a server says so by its status.
void HttpJudge::TakeVersion(const HttpStatement::Taken& version, int status,
                            std::span<const std::string_view> headers, std::string_view body,
                            Answer* answer) {
  answer->value = {};
  if (status == 404) {
    answer->outcome = Outcome::kNotFound;
    answer->error = 0;
  }
  if (answer->outcome != Outcome::kOk) return;
  if (version.from == HttpStatement::Label::kHeader) {
    answer->value = headers[version.header];
    return;
  }
  Result<std::string> found = AtPointer(body, version.pointer);
  if (!found) return;
  version_ = *std::move(found);
  answer->value = version_;
}

// What cannot be read is not what was expected, and has no label.
std::string_view HttpJudge::Decode(const HttpStatement& statement,
                                   std::span<const std::string_view> headers, std::string_view body,
                                   Answer* answer) {
  std::string_view decoded;
  const std::string_view coding = headers[statement.coding];
  const std::string_view wrong = decoder_.Decode(coding, body, kMostBodyBytes, &decoded);
  if (!wrong.empty()) *answer = Fail(wrong);
  return decoded;
}

void HttpJudge::CheckHeaders(const HttpStatement& statement, const Op& op,
                             std::span<const std::string_view> headers, Answer* answer) {
  for (std::size_t i = 0; i < statement.expected_headers.size(); ++i) {
    expected_.clear();
    statement.expected_headers[i].AppendTo(op.arguments, &expected_);
    if (headers[i].data() != nullptr && headers[i] == expected_) continue;
    *answer = Fail(fmt::format("header {} is {}", statement.wanted_headers[i],
                               headers[i].data() == nullptr ? "missing" : "not as expected"));
    return;
  }
}

void HttpJudge::CheckBody(const HttpStatement& statement, const Op& op, std::string_view body,
                          Answer* answer) {
  expected_.clear();
  statement.body_part.AppendTo(op.arguments, &expected_);
  if (body.find(expected_) != std::string_view::npos) return;
  if (answer->outcome == Outcome::kOk) *answer = Fail("body is not as expected");
}

std::uint16_t HttpJudge::Label(const HttpStatement& statement, int status,
                               std::span<const std::string_view> headers, std::string_view body) {
  switch (statement.label.from) {
    case HttpStatement::Label::kNone:
      return 0;
    case HttpStatement::Label::kStatus: {
      std::uint16_t& label = status_labels_[static_cast<std::size_t>(status)];
      if (label == 0) label = labels_->Code(std::to_string(status));
      return label;
    }
    case HttpStatement::Label::kHeader:
      return LabelOf(headers[statement.label.header].data() == nullptr
                         ? kAbsent
                         : headers[statement.label.header]);
    case HttpStatement::Label::kJson: {
      const Result<std::string> found = AtPointer(body, statement.label.pointer);
      return LabelOf(found ? *found : found.error().message);
    }
  }
  return 0;
}

// A label goes to terminals and reports, and a server can send anything.
std::uint16_t HttpJudge::LabelOf(std::string_view value) {
  return IsPlain(value) ? labels_->Code(value) : labels_->Code(Quote(value, kMostLabelBytes));
}

}  // namespace mbench
