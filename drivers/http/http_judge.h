// SPDX-License-Identifier: Apache-2.0
//
// Says what a reply means for the op: as expected or not, and under which label it is counted.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "drivers/common/http_reader.h"
#include "drivers/common/line_session.h"
#include "drivers/http/http_coding.h"
#include "drivers/http/http_statement.h"

namespace mbench {

// Thread: one session.
class HttpJudge {
 public:
  // A body longer than this is not looked into (expect, label): such an op fails.
  static constexpr std::size_t kMostBodyBytes = kMostWantedBody;

  HttpJudge(ErrorTable* errors, ErrorTable* labels) : errors_(errors), labels_(labels) {}

  // `headers`: values of statement.wanted_headers; a view of nullptr for one that did not come.
  // `body`: empty unless statement.wants_body. Answer::value is the version of a statement that
  // reads one, until the next call, else the body.
  Answer Judge(const HttpStatement& statement, const Op& op, int status,
               std::span<const std::string_view> headers, std::string_view body);

  Answer Fail(std::string_view error) {
    return {.outcome = Outcome::kFailed, .error = errors_->Code(error)};
  }

 private:
  void CheckHeaders(const HttpStatement& statement, const Op& op,
                    std::span<const std::string_view> headers, Answer* answer);
  std::string_view Decode(const HttpStatement& statement, std::span<const std::string_view> headers,
                          std::string_view body, Answer* answer);
  void CheckBody(const HttpStatement& statement, const Op& op, std::string_view body,
                 Answer* answer);
  std::uint16_t Label(const HttpStatement& statement, int status,
                      std::span<const std::string_view> headers, std::string_view body);
  void TakeVersion(const HttpStatement::Taken& version, int status,
                   std::span<const std::string_view> headers, std::string_view body,
                   Answer* answer);
  std::uint16_t LabelOf(std::string_view value);

  ErrorTable* errors_;
  ErrorTable* labels_;
  std::array<std::uint16_t, 1000> status_errors_{};  // by status; 0: not met yet
  std::array<std::uint16_t, 1000> status_labels_{};
  std::string expected_, version_;
  BodyDecoder decoder_;
};

}  // namespace mbench
