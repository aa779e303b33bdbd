// SPDX-License-Identifier: Apache-2.0
#include "drivers/http/http_statement.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "drivers/http/http_reader.h"
#include "harness/base/text.h"

namespace mbench {
namespace {

using Json = nlohmann::json;

bool IsTokenCharacter(char c) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         kMarks.find(c) != std::string_view::npos;
}

bool IsToken(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), IsTokenCharacter);
}

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  return lower;
}

// Reads one StatementSpec; messages begin with its name.
class StatementReader {
 public:
  StatementReader(const StatementSpec& spec, const HttpCommon& common)
      : spec_(spec), common_(common) {}

  Result<HttpStatement> Read() {
    made_.name = spec_.name;
    made_.authority = common_.authority;
    for (const auto step : {&StatementReader::CheckKeys, &StatementReader::ReadRequestLine,
                            &StatementReader::ReadHeaders, &StatementReader::ReadBodyText,
                            &StatementReader::ReadExpect, &StatementReader::ReadLabel}) {
      if (const Status status = (this->*step)(); !status) {
        return BadConfig("statement {}: {}", Quote(spec_.name), status.error().message);
      }
    }
    return std::move(made_);
  }

 private:
  const std::string* Find(const std::string& key) const {
    const auto found = spec_.body.find(key);
    return found == spec_.body.end() ? nullptr : &found->second;
  }

  Status CheckKeys() {
    constexpr std::array<std::string_view, 4> kKeys = {"http", "headers", "body", "expect"};
    if (!spec_.steps.empty()) {
      return BadConfig("HTTP has no transactions; write its steps as statements of their own");
    }
    for (const auto& [key, value] : spec_.body) {
      if (std::ranges::find(kKeys, key) != kKeys.end()) continue;
      const std::string_view closest = ClosestMatch(key, kKeys);
      return BadConfig("the driver http does not know {}; {}", Quote(key),
                       closest.empty() ? "expected http, headers, body, expect or label"
                                       : fmt::format("did you mean '{}'?", closest));
    }
    if (Find("http") == nullptr) {
      return BadConfig(
          "it has no request; expected something like http: \"GET /products/{{key}}\"");
    }
    return {};
  }

  Status Parse(std::string_view text, TextTemplate* into) const {
    Result<TextTemplate> parsed = TextTemplate::Parse(text, spec_.arguments);
    if (!parsed) return Failed(parsed);
    *into = std::move(*parsed);
    return {};
  }

  Status ReadRequestLine() {
    const std::string_view line = Trim(*Find("http"));
    const std::size_t blank = std::min(line.find_first_of(" \t"), line.size());
    made_.method = line.substr(0, blank);
    const std::string_view target = Trim(line.substr(blank));
    const bool upper =
        std::none_of(made_.method.begin(), made_.method.end(), [](char c) { return c >= 'a'; });
    if (!IsToken(made_.method) || !upper || made_.method == "CONNECT") {
      return BadConfig(
          "{} begins with no method; expected something like \"GET /products/{{key}}\"",
          Quote(line));
    }
    if (target.find_first_of(" \t\r\n") != std::string_view::npos) {
      return BadConfig("the target {} has a blank in it; write %20", Quote(target));
    }
    const bool whole_server = target == "*" && made_.method == "OPTIONS";
    if (!target.starts_with('/') && !whole_server) {
      return BadConfig(
          "the target {} does not begin with /; expected something like \"{} /products\"",
          Quote(target), made_.method);
    }
    return Parse(whole_server ? "*" : common_.base_path + std::string(target), &made_.target);
  }

  Status ReadHeaders() {
    Json given = Json::object();
    if (const std::string* text = Find("headers"); text != nullptr) {
      given = Json::parse(*text, nullptr, false);
    }
    if (!given.is_object()) {
      return BadConfig("headers is no map; expected something like headers: {{accept: text/html}}");
    }
    for (const auto& [name, value] : given.items()) {
      if (Status read = ReadHeader(name, value); !read) return read;
    }
    if (Status read = AddDefault("user-agent", common_.user_agent); !read) return read;
    return AddDefault("authorization", common_.authorization);
  }

  Status ReadHeader(const std::string& name, const Json& value) {
    constexpr std::array<std::string_view, 7> kOurs = {
        "content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", "te",
        "trailer"};
    if (!IsToken(name)) return BadConfig("{} is no name of a header", Quote(name));
    if (std::ranges::find(kOurs, LowerCase(name)) != kOurs.end()) {
      return BadConfig("the header {} is the driver's own business; leave it out", Quote(name));
    }
    if (value.is_structured() || value.is_null()) {
      return BadConfig("the header {} is no text", Quote(name));
    }
    const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
    if (BreaksHeader(text)) return BadConfig("the header {} has a line break in it", Quote(name));
    TextTemplate parsed;
    if (Status read = Parse(Trim(text), &parsed); !read) return read;
    if (LowerCase(name) == "host") return ReadHost(parsed);
    for (const TextTemplate::Piece& piece : parsed.Pieces()) {
      if (piece.argument == TextTemplate::kNoArgument) continue;
      made_.header_arguments.push_back(piece.argument);
    }
    made_.headers.push_back({name, std::move(parsed)});
    return {};
  }

  Status ReadHost(const TextTemplate& host) {
    if (!host.IsConstant()) return BadConfig("the header 'host' cannot have placeholders");
    made_.authority = host.Pieces()[0].text;
    return {};
  }

  Status AddDefault(const std::string& name, const std::string& value) {
    const auto same = [&](const HttpHeader& header) { return IsNamed(header.name, name); };
    if (value.empty() || std::ranges::any_of(made_.headers, same)) return {};
    // Not a template: a token may have braces in it.
    made_.headers.push_back({name, TextTemplate::Constant(value)});
    return {};
  }

  Status ReadBodyText() {
    const std::string* text = Find("body");
    made_.has_body = text != nullptr;
    return text == nullptr ? Status{} : Parse(*text, &made_.body);
  }

  Status ReadExpect() {
    for (std::size_t status = 200; status < 400; ++status) made_.ok_status.set(status);
    const std::string* text = Find("expect");
    if (text == nullptr) return {};
    const Json expect = Json::parse(*text, nullptr, false);
    if (!expect.is_object()) {
      return BadConfig("expect is no map; expected something like expect: {{status: 200}}");
    }
    for (const auto& [key, value] : expect.items()) {
      Status read;
      if (key == "status") {
        read = ReadStatuses(value);
      } else if (key == "body") {
        read = ReadBodyPart(value);
      } else if (key == "header") {
        read = ReadExpectedHeaders(value);
      } else {
        read = BadConfig("expect does not know {}; expected status, body or header", Quote(key));
      }
      if (!read) return read;
    }
    return {};
  }

  Status ReadStatuses(const Json& value) {
    made_.ok_status.reset();
    if (!value.is_array()) return ReadStatus(value);
    for (const Json& one : value) {
      if (Status read = ReadStatus(one); !read) return read;
    }
    return {};
  }

  // 200, "200" or a class, "2xx".
  Status ReadStatus(const Json& value) {
    const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
    const bool begins = text.size() == 3 && text[0] >= '1' && text[0] <= '9';
    const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
    if (begins && text.substr(1) == "xx") {
      const auto first = static_cast<std::size_t>(text[0] - '0') * 100;
      for (std::size_t i = 0; i < 100; ++i) made_.ok_status.set(first + i);
    } else if (begins && digit(1) && digit(2)) {
      made_.ok_status.set(static_cast<std::size_t>(std::stoi(text)));
    } else {
      return BadConfig("{} is no status of a reply; expected something like 200, 2xx or [200, 404]",
                       Quote(text));
    }
    return {};
  }

  Status ReadBodyPart(const Json& value) {
    made_.wants_body = made_.expects_body = true;
    return Parse(value.is_string() ? value.get<std::string>() : value.dump(), &made_.body_part);
  }

  Status ReadExpectedHeaders(const Json& value) {
    if (!value.is_object()) {
      return BadConfig("header of expect is no map; expected something like {{x-cache: HIT}}");
    }
    for (const auto& [name, text] : value.items()) {
      if (!IsToken(name)) return BadConfig("{} is no name of a header", Quote(name));
      made_.wanted_headers.push_back(LowerCase(name));
      made_.expected_headers.emplace_back();
      const Status read = Parse(text.is_string() ? text.get<std::string>() : text.dump(),
                                &made_.expected_headers.back());
      if (!read) return read;
    }
    if (made_.wanted_headers.size() < kMostWantedHeaders) return {};  // one for the label
    return BadConfig("it expects {} headers; at most {} are possible", made_.wanted_headers.size(),
                     kMostWantedHeaders - 1);
  }

  Status ReadLabel() {
    const std::string_view label = spec_.label;
    if (label.empty()) return {};
    if (label == "status") {
      made_.label = HttpStatement::Label::kStatus;
    } else if (label.starts_with("header:") && IsToken(label.substr(7))) {
      made_.label = HttpStatement::Label::kHeader;
      made_.wanted_headers.push_back(LowerCase(label.substr(7)));
    } else if (label.starts_with("json:") && IsPointer(label.substr(5))) {
      made_.label = HttpStatement::Label::kJson;
      made_.pointer = label.substr(5);
      made_.wants_body = true;
    } else {
      return BadConfig("label {} is not known; expected status, header:NAME or json:/pointer",
                       Quote(label));
    }
    return {};
  }

  // RFC 6901: ~ stands for itself only as ~0, and for / as ~1.
  static bool IsPointer(std::string_view text) {
    if (!text.empty() && text[0] != '/') return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] != '~') continue;
      if (i + 1 == text.size() || (text[i + 1] != '0' && text[i + 1] != '1')) return false;
    }
    return true;
  }

  const StatementSpec& spec_;
  const HttpCommon& common_;
  HttpStatement made_;
};

}  // namespace

bool BreaksHeader(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

Result<HttpStatement> ReadHttpStatement(const StatementSpec& spec, const HttpCommon& common) {
  return StatementReader(spec, common).Read();
}

}  // namespace mbench
