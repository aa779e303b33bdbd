// SPDX-License-Identifier: Apache-2.0
//
// A statement as bytes of HTTP/1.1, and what keeps values of placeholders in their places: no value
// can end a line of a request and begin one of its own.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "drivers/http/http_statement.h"
#include "drivers/op.h"

namespace mbench {

// Appends `text` with %XX for every character that cannot stand in the target of a request, so that
// no value can end the request line. Everything else stays: / ? & and % mean what they mean.
void AppendTarget(std::string_view text, std::string* out);

void AppendTarget(const TextTemplate& text, std::span<const std::string_view> arguments,
                  std::string* out);

// Whether servers want to be told that there is no body.
bool SaysNoBody(const HttpStatement& statement);

// A statement as HTTP/1.1 says it, rendered as far as it is the same for every op.
class HttpRequest {
 public:
  explicit HttpRequest(const HttpStatement& statement);
  void AppendTo(std::span<const std::string_view> arguments, std::string* out) const;

 private:
  struct Piece {
    std::string text;
    std::size_t argument = TextTemplate::kNoArgument;
    bool in_target = false;
  };
  void Add(std::string_view text) { head_.back().text += text; }
  void Add(const TextTemplate& text, bool in_target = false);

  std::vector<Piece> head_{1};  // all of the request when its body is constant
  TextTemplate body_;           // a body with placeholders, which has to be measured for every op
  std::size_t body_bytes_ = 0;  // of its text without values
  bool has_open_body_ = false;
};

// What the sessions of a run share, by Op::statement.
struct HttpProgram {
  HttpStatement statement;
  HttpRequest request;
  explicit HttpProgram(HttpStatement given) : statement(std::move(given)), request(statement) {}
};
using HttpPrograms = std::vector<HttpProgram>;

// Whether bodies are what is wanted as values: not where a statement says what is.
bool WantBodies(const HttpPrograms& programs, bool want_values);

// The class of an op that cannot be sent; "": it can.
std::string_view WhyNotHttp(const HttpPrograms& programs, const Op& op);

}  // namespace mbench
