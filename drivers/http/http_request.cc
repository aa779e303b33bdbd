// SPDX-License-Identifier: Apache-2.0
#include "drivers/http/http_request.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace mbench {
namespace {

// Characters of a target, RFC 3986, and those that servers take as well.
bool IsTargetCharacter(char c) {
  constexpr std::string_view kOthers = "\"<>\\^`{|}#";
  return c > ' ' && c < 0x7f && kOthers.find(c) == std::string_view::npos;
}

std::array<bool, 256> TargetCharacters() {
  std::array<bool, 256> table{};
  for (std::size_t i = 0; i < table.size(); ++i) table[i] = IsTargetCharacter(static_cast<char>(i));
  return table;
}
const std::array<bool, 256> kTargetCharacters = TargetCharacters();

}  // namespace

void AppendTarget(std::string_view text, std::string* out) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (kTargetCharacters[byte]) {
      *out += c;
    } else {
      *out += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
}

void AppendTarget(const TextTemplate& text, std::span<const std::string_view> arguments,
                  std::string* out) {
  for (const TextTemplate::Piece& piece : text.Pieces()) {
    AppendTarget(piece.text, out);
    if (piece.argument != TextTemplate::kNoArgument) AppendTarget(arguments[piece.argument], out);
  }
}

bool SaysNoBody(const HttpStatement& statement) {
  const std::string& method = statement.method;
  return !statement.has_body && (method == "POST" || method == "PUT" || method == "PATCH");
}

HttpRequest::HttpRequest(const HttpStatement& statement) {
  Add(statement.method + " ");
  Add(statement.target, true);
  Add(" HTTP/1.1\r\nHost: " + statement.authority + "\r\n");
  for (const HttpHeader& header : statement.headers) {
    Add(header.name + ": ");
    Add(header.value);
    Add("\r\n");
  }
  if (!statement.has_body) {
    Add(SaysNoBody(statement) ? "Content-Length: 0\r\n\r\n" : "\r\n");
    return;
  }
  Add("Content-Length: ");
  for (const TextTemplate::Piece& piece : statement.body.Pieces()) body_bytes_ += piece.text.size();
  has_open_body_ = !statement.body.IsConstant();
  body_ = statement.body;
  if (!has_open_body_) Add(fmt::format("{}\r\n\r\n{}", body_bytes_, body_.Pieces()[0].text));
}

void HttpRequest::Add(const TextTemplate& text, bool in_target) {
  for (const TextTemplate::Piece& piece : text.Pieces()) {
    if (in_target) {
      AppendTarget(piece.text, &head_.back().text);
    } else {
      Add(piece.text);
    }
    if (piece.argument == TextTemplate::kNoArgument) continue;
    head_.back().argument = piece.argument;
    head_.back().in_target = in_target;
    head_.emplace_back();
  }
}

void HttpRequest::AppendTo(std::span<const std::string_view> arguments, std::string* out) const {
  for (const Piece& piece : head_) {
    out->append(piece.text);
    if (piece.argument == TextTemplate::kNoArgument) break;
    if (piece.in_target) {
      AppendTarget(arguments[piece.argument], out);
    } else {
      out->append(arguments[piece.argument]);
    }
  }
  if (!has_open_body_) return;
  std::size_t bytes = body_bytes_;
  for (const TextTemplate::Piece& piece : body_.Pieces()) {
    if (piece.argument != TextTemplate::kNoArgument) bytes += arguments[piece.argument].size();
  }
  fmt::format_to(std::back_inserter(*out), "{}\r\n\r\n", bytes);
  body_.AppendTo(arguments, out);
}

bool WantBodies(const HttpPrograms& programs, bool want_values) {
  return want_values && std::ranges::none_of(programs, [](const HttpProgram& program) {
           return program.statement.version.from != HttpStatement::Label::kNone;
         });
}

std::string_view WhyNotHttp(const HttpPrograms& programs, const Op& op) {
  if (op.kind != OpKind::kStatement || op.statement >= programs.size()) {
    return "HTTP knows statements only";
  }
  for (const std::size_t argument : programs[op.statement].statement.header_arguments) {
    if (BreaksHeader(op.arguments[argument])) return "line break in a value for a header";
  }
  return "";
}

}  // namespace mbench
