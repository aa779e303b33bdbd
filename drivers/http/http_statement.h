// SPDX-License-Identifier: Apache-2.0
//
// A statement of a workload file as this driver understands it: what is asked of the server, what
// is expected of its reply and what splits the results.
//
//   get_product:
//     http: "GET /products/{key}"                          method and target
//     headers: {accept: application/json}
//     body: "..."
//     expect: {status: [200, 2xx], body: "part of it", header: {name: value}}
//     label: status | header:NAME | json:/pointer
//     reads: {key: "{key}", version: json:/pointer | header:NAME}
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/common/http_reader.h"
#include "drivers/common/http_text.h"
#include "drivers/common/value_check.h"
#include "drivers/common/version_words.h"
#include "drivers/statement_reader.h"
#include "harness/base/result.h"
#include "harness/base/text_template.h"

namespace mbench {

struct HttpHeader {
  std::string name;  // as written
  TextTemplate value;
};

// What every request of a run has in common.
struct HttpCommon {
  std::string authority;  // host and port
  std::string base_path;  // in front of every target; "" or "/api"
  std::string user_agent;
  std::string authorization;  // "": none
  bool closes = false;        // the connection ends with each request
};

struct HttpStatement {
  std::string name;
  std::string method;
  bool is_head = false;  // whose replies have no body
  TextTemplate target;
  std::string authority;  // host of a header of the statement, else that of the URL
  std::vector<HttpHeader> headers;
  bool has_body = false;
  TextTemplate body;
  // Arguments that stand in a header: a line break in one of them would begin another header.
  std::vector<std::size_t> header_arguments;

  std::bitset<1000> ok_status;
  bool wants_body = false;  // something of the body is looked at
  bool expects_body = false;
  bool has_coding = false;  // wanted_headers has content-encoding
  std::size_t coding = 0;   // its place
  TextTemplate body_part;
  // Names of headers that are looked at, in lower case: those expected, in the order of
  // `expected_headers`, then content-encoding when the body is looked at, and those of the label
  // and of the version; kMostWantedHeaders at most.
  std::vector<std::string> wanted_headers;
  std::vector<TextTemplate> expected_headers;
  enum class Label : std::uint8_t { kNone, kStatus, kHeader, kJson };
  // Something that a reply says.
  struct Taken {
    Label from = Label::kNone;
    std::string pointer;     // kJson: RFC 6901
    std::size_t header = 0;  // kHeader: in wanted_headers
  };
  Taken label;
  Taken version;  // `reads`
};

inline constexpr auto kHttpExpectWords = std::to_array<WordSpec>({
    {.name = "status",
     .type = WordType::kAny,
     .help = "a status, a class of them, or a list",
     .example = "[200, 404]"},
    {.name = "body", .type = WordType::kAny, .help = "text that is a part of the body"},
    {.name = "header",
     .type = WordType::kMap,
     .help = "names of headers and their values",
     .example = "{x-cache: HIT}"},
});
inline constexpr auto kHttpReadsWords = std::to_array<WordSpec>({
    FollowedKeyWord(),
    {.name = "version",
     .help = "where the version stands in the reply: json:/pointer (RFC 6901) or header:NAME",
     .example = "json:/price",
     .required = true},
});
inline constexpr auto kHttpWords = std::to_array<WordSpec>({
    {.name = "http",
     .type = WordType::kTemplate,
     .help = "method and target; the path of the URL stands in front of it",
     .example = "\"GET /products/{key}\"",
     .is_head = true,
     .where = kInOne | kInCheck},
    {.name = "headers",
     .type = WordType::kMap,
     .help = "of the request; host, user-agent and authorization replace the driver's",
     .example = "{accept: application/json}",
     .where = kInOne | kInCheck},
    {.name = "body",
     .type = WordType::kAny,
     .help = "text, or a map or list that is sent as JSON; its length is sent with it, its type is "
             "not: write content-type",
     .example = "{name: \"{value}\"}",
     .where = kInOne | kInCheck},
    {.name = "expect",
     .type = WordType::kMap,
     .help = "what the reply must be, or it has failed; not said: any status from 200 to 399",
     .example = "{status: 200}",
     .where = kInOne,
     .words = kHttpExpectWords},
    ExpectWord(),
    EqualToWord(),
    {.name = "value",
     .help =
         "where the number stands in the reply: json:/pointer (RFC 6901), header:NAME or status",
     .example = "json:/count",
     .required = true,
     .where = kInCheck},
    LabelWord(
        "splits the results: status, header:NAME or json:/pointer (RFC 6901); 64 at most, what "
        "comes later is counted as one",
        "status"),
    WritesWord({}, kInStatement),
    ReadsWord("the key that it reads, and where its version stands; 404 says that there is none",
              {}, "{key: \"{key}\", version: json:/price}", kHttpReadsWords),
});

// What is wrong is added to `complaints`.
HttpStatement ReadHttpStatement(const StatementSpec& spec, const HttpCommon& common,
                                Complaints* complaints);

}  // namespace mbench
