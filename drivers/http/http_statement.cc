// SPDX-License-Identifier: Apache-2.0
#include "drivers/http/http_statement.h"

#include <algorithm>
#include <array>

#include "harness/base/text.h"

namespace mbench {
namespace {

bool IsTokenCharacter(char c) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         kMarks.find(c) != std::string_view::npos;
}

bool IsToken(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), IsTokenCharacter);
}

class HttpStatementReader {
 public:
  HttpStatementReader(const StatementSpec& spec, const HttpCommon& common, Complaints* complaints)
      : common_(common), reader_({"http", kHttpWords}, spec, complaints) {
    made_.name = spec.name;
    made_.authority = common_.authority;
  }

  HttpStatement Read() {
    ReadRequestLine();
    ReadHeaders();
    if (const ValueNode* const body = reader_.Find("body")) {
      made_.has_body = true;
      made_.body = reader_.Parse(TextOf(*body), *body);
    }
    ReadExpect();
    ReadLabel();
    ReadVersion();
    AskForCoding();
    return std::move(made_);
  }

 private:
  void ReadRequestLine() {
    const ValueNode* const said = reader_.Find("http");
    if (said == nullptr) return;
    const std::string_view line = Trim(said->text);
    const std::size_t blank = std::min(line.find_first_of(" \t"), line.size());
    made_.method = line.substr(0, blank);
    made_.is_head = made_.method == "HEAD";
    const std::string_view target = Trim(line.substr(blank));
    const bool whole_server = target == "*" && made_.method == "OPTIONS";
    if (!IsToken(made_.method) || IsMisspelt(made_.method) || made_.method == "CONNECT") {
      reader_.Complain(
          *said,
          fmt::format("{} begins with no method; expected something like \"GET /products/{{key}}\"",
                      Quote(line)));
    } else if (target.find_first_of(" \t\r\n") != std::string_view::npos) {
      reader_.Complain(*said,
                       fmt::format("the target {} has a blank in it; write %20", Quote(target)));
    } else if (!target.starts_with('/') && !whole_server) {
      reader_.Complain(
          *said, fmt::format("the target {} does not begin with /; expected something like \"{} "
                             "/products\"",
                             Quote(target), made_.method));
    } else {
      made_.target =
          reader_.Parse(whole_server ? "*" : common_.base_path + std::string(target), *said);
    }
  }

  // Methods have any name, and upper and lower case matter: one in lower case that everybody knows
  // in upper case is a mistake.
  static bool IsMisspelt(std::string_view method) {
    constexpr std::array<std::string_view, 8> kKnown = {"get",    "head",    "post",  "put",
                                                        "delete", "options", "patch", "trace"};
    const std::string lower = LowerCase(method);
    const bool has_lower = std::ranges::any_of(method, [](char c) { return c >= 'a' && c <= 'z'; });
    return has_lower && std::ranges::find(kKnown, lower) != kKnown.end();
  }

  void ReadHeaders() {
    if (const ValueNode* const headers = reader_.Find("headers"))
      for (const ValueNode& header : headers->children) ReadHeader(header);
    AddDefault("user-agent", common_.user_agent);
    AddDefault("authorization", common_.authorization);
    if (common_.closes) AddDefault("connection", "close");
  }

  void ReadHeader(const ValueNode& header) {
    constexpr std::array<std::string_view, 6> kOurs = {
        "content-length", "transfer-encoding", "keep-alive", "upgrade", "te", "trailer"};
    const std::string& name = header.key;
    if (!CheckHeaderName(header)) return;
    if (LowerCase(name) == "connection") {
      return reader_.complaints()->Add(
          header.key_place,
          fmt::format("the header {} is the driver's own business; for a connection for each "
                      "request give it connection: close",
                      Quote(name)));
    }
    if (std::ranges::find(kOurs, LowerCase(name)) != kOurs.end()) {
      return reader_.complaints()->Add(
          header.key_place,
          fmt::format("the header {} is the driver's own business; leave it out", Quote(name)));
    }
    if (!header.IsScalar())
      return reader_.Complain(header, fmt::format("the header {} is no text", Quote(name)));
    if (BreaksHeader(header.text)) {
      return reader_.Complain(header,
                              fmt::format("the header {} has a line break in it", Quote(name)));
    }
    TextTemplate value = reader_.Parse(Trim(header.text), header);
    if (LowerCase(name) == "host") return ReadHost(header, value);
    for (const TextTemplate::Piece& piece : value.Pieces()) {
      if (piece.argument == TextTemplate::kNoArgument) continue;
      made_.header_arguments.push_back(piece.argument);
    }
    made_.headers.push_back({name, std::move(value)});
  }

  bool CheckHeaderName(const ValueNode& header) {
    if (IsToken(header.key)) return true;
    reader_.complaints()->Add(header.key_place,
                              fmt::format("{} is no name of a header", Quote(header.key)));
    return false;
  }

  void ReadHost(const ValueNode& node, const TextTemplate& host) {
    if (!host.IsConstant())
      return reader_.Complain(node, "the header 'host' cannot have placeholders");
    made_.authority = host.Pieces()[0].text;
  }

  void AddDefault(const std::string& name, const std::string& value) {
    const auto same = [&](const HttpHeader& header) { return IsNamed(header.name, name); };
    if (value.empty() || std::ranges::any_of(made_.headers, same)) return;
    // Not a template: a token may have braces in it.
    made_.headers.push_back({name, TextTemplate::Constant(value)});
  }

  void ReadExpect() {
    const WordMap expect(kHttpExpectWords, reader_.Find("expect"));
    if (const ValueNode* const status = expect.Find("status")) {
      ReadStatuses(*status);
    } else {
      for (std::size_t code = 200; code < 400; ++code) made_.ok_status.set(code);
    }
    if (const ValueNode* const body = expect.Find("body")) {
      made_.wants_body = made_.expects_body = true;
      made_.body_part = reader_.Parse(TextOf(*body), *body);
    }
    if (const ValueNode* const headers = expect.Find("header")) ReadExpectedHeaders(*headers);
  }

  void ReadStatuses(const ValueNode& said) {
    if (!said.IsList()) return ReadStatus(said);
    for (const ValueNode& one : said.children) ReadStatus(one);
  }

  // 200, or a class, 2xx.
  void ReadStatus(const ValueNode& said) {
    const std::string& text = said.text;
    const bool begins = said.IsScalar() && text.size() == 3 && text[0] >= '1' && text[0] <= '9';
    const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
    if (begins && text.substr(1) == "xx") {
      const auto first = static_cast<std::size_t>(text[0] - '0') * 100;
      for (std::size_t i = 0; i < 100; ++i) made_.ok_status.set(first + i);
    } else if (begins && digit(1) && digit(2)) {
      made_.ok_status.set(static_cast<std::size_t>(std::stoi(text)));
    } else {
      reader_.Complain(said, fmt::format("{} is no status of a reply; expected something like 200, "
                                         "2xx or [200, 404]",
                                         Quote(TextOf(said))));
    }
  }

  void ReadExpectedHeaders(const ValueNode& headers) {
    for (const ValueNode& header : headers.children) {
      if (!CheckHeaderName(header)) continue;
      made_.wanted_headers.push_back(LowerCase(header.key));
      made_.expected_headers.push_back(reader_.Parse(TextOf(header), header));
    }
    // The label's, the version's and content-encoding.
    constexpr std::size_t kMost = kMostWantedHeaders - 3;
    if (made_.wanted_headers.size() <= kMost) return;
    reader_.Complain(headers, fmt::format("it expects {} headers; at most {} are possible",
                                          made_.wanted_headers.size(), kMost));
  }

  // Behind what is expected.
  void AskForCoding() {
    if (!made_.wants_body || made_.has_coding) return;
    made_.has_coding = true;
    made_.coding = made_.wanted_headers.size();
    made_.wanted_headers.emplace_back("content-encoding");
  }

  void ReadLabel() {
    const std::string label = reader_.Text("label");
    if (label.empty() || ReadTaken(label, true, &made_.label)) return;
    reader_.Complain("label", fmt::format("label {} is not known; expected status, header:NAME or "
                                          "json:/pointer",
                                          Quote(label)));
  }

  void ReadVersion() {
    const WordMap reads(kHttpReadsWords, reader_.Find("reads"));
    const ValueNode* const said = reads.Find("version");
    if (said == nullptr || ReadTaken(said->text, false, &made_.version)) return;
    reader_.Complain(*said, fmt::format("{} is nothing of a reply that can be a version; expected "
                                        "json:/pointer or header:NAME",
                                        Quote(said->text)));
  }

  // False: it is none of these.
  bool ReadTaken(std::string_view text, bool may_be_status, HttpStatement::Taken* taken) {
    if (text == "status" && may_be_status) {
      taken->from = HttpStatement::Label::kStatus;
    } else if (text.starts_with("header:") && IsToken(text.substr(7))) {
      taken->from = HttpStatement::Label::kHeader;
      AskForCoding();
      taken->header = made_.wanted_headers.size();
      made_.wanted_headers.push_back(LowerCase(text.substr(7)));
    } else if (text.starts_with("json:") && IsPointer(text.substr(5))) {
      taken->from = HttpStatement::Label::kJson;
      taken->pointer = text.substr(5);
      made_.wants_body = true;
    } else {
      return false;
    }
    return true;
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

  const HttpCommon& common_;
  StatementReader reader_;
  HttpStatement made_;
};

}  // namespace

HttpStatement ReadHttpStatement(const StatementSpec& spec, const HttpCommon& common,
                                Complaints* complaints) {
  return HttpStatementReader(spec, common, complaints).Read();
}

}  // namespace mbench
