// SPDX-License-Identifier: Apache-2.0
//
// HTTP/1.1 over a StreamLine, for every driver whose system speaks it: a request is rendered, and
// its reply is read and judged. What is asked for and what a reply means is the driver's.
//
//     AppendRequest(call)     the whole request: line, headers, body
//     Expect(call)            which headers somebody looks at; whether the reply can have a body
//     WantsBody(call, status) whether its body is kept until it is whole
//     Judge(call, reply)      what became of the op
//
// A body that nobody wants is stepped over as it comes, however long it is.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "drivers/common/http_reader.h"
#include "drivers/common/stream_line.h"

namespace mbench {

struct HttpReply {
  int status = 0;
  // Values of HttpExpected::headers; a view of nullptr for one that did not come.
  std::span<const std::string_view> headers = {};
  std::string_view body = {};  // without its framing; empty when it was not wanted
};

struct HttpExpected {
  std::span<const std::string> headers = {};  // names in lower case; at most kMostWantedHeaders
  bool bodyless = false;                      // the request was a HEAD
};

// Thread: one session.
class HttpExchange : public StreamProtocol {
 public:
  // `closes`: each connection ends with the reply to its request.
  explicit HttpExchange(ErrorTable* errors, bool closes = false)
      : errors_(errors), closes_(closes) {}

  Reply ReadReply(std::string_view in, bool at_end, Call* call) final;

 protected:
  virtual HttpExpected Expect(const Call& call) = 0;
  virtual bool WantsBody(const Call& call, int status) = 0;
  // `reply.body` stays until the next Submit or Poll, as Answer::value has to.
  virtual Answer Judge(Call* call, const HttpReply& reply) = 0;

  Answer Fail(std::string_view error) {
    return {.outcome = Outcome::kFailed, .error = errors_->Code(error)};
  }

 private:
  // What is known of a reply whose end has not come: it stays in the call.
  struct Left {
    Answer answer;
    HttpBody body;
    bool closes = false;
  };
  static void Store(const Left& left, Call* call);
  static Left Stored(const Call& call);

  Reply ReadBodyBehind(const HttpHead& head, const HttpExpected& expected, std::string_view in,
                       bool at_end, Call* call);
  Reply ReadWhole(const HttpHead& head, HttpBody body, const HttpReply& reply, std::string_view in,
                  bool at_end, Call* call);
  Reply ReadOn(std::string_view in, std::size_t consumed, bool at_end, Left left, Call* call);
  Reply Malformed(HttpRead read);
  Reply Incomplete(bool at_end);

  ErrorTable* const errors_;
  const bool closes_;
  std::array<std::string_view, kMostWantedHeaders> values_;  // of the headers of one reply
  std::string text_;                                         // a body without its framing
};

}  // namespace mbench
