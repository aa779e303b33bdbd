// SPDX-License-Identifier: Apache-2.0
//
// HTTP/1.1 over a StreamLine, for every driver whose system speaks it: a request is rendered, and
// its reply is read and judged. What is asked for and what a reply means is the driver's.
//
//     AppendRequest(call)     the whole request: line, headers, body
//     Expect(call)            which headers somebody looks at; whether the reply can have a body
//     WantsBody(call, status) whether its body is kept until it is whole
//     Judge(call, reply)      what became of the op, or of a step of it
//
// A body that nobody wants is stepped over as it comes, however long it is; who wants to see it
// pass takes it by TakeBody.
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
  // `reply.body` stays until the next Submit or Poll, as Answer::value has to. Where the body is
  // wanted, the answer may be that of a step (`more`), which is told when it has a label:
  // AppendNextStep says what comes next.
  virtual Answer Judge(Call* call, const HttpReply& reply) = 0;

  // For bodies that are not wanted. The label of a step that is told when the head of a reply is
  // there; 0: nobody wants to know. (AppendNextStep is called then, as behind every step: what it
  // appends comes behind the body, when Call::step is 0 again.)
  virtual std::uint16_t HeadLabel(const Call& call) {
    (void)call;
    return 0;
  }
  // Whether TakeBody is to see the body pass, without its framing; then AfterBody has the last word
  // on what Judge said.
  virtual bool WatchesBody(const Call& call) {
    (void)call;
    return false;
  }
  virtual void TakeBody(Call* call, std::string_view text) {
    (void)call;
    (void)text;
  }
  virtual Answer AfterBody(Call* call, const Answer& judged) {
    (void)call;
    return judged;
  }
  // False: the reply came before its request was whole, so that its connection is of no more use.
  virtual bool IsSent(const Call& call) {
    (void)call;
    return true;
  }

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
  Reply End(std::size_t consumed, const Answer& answer, bool closes, Call* call);
  HttpRead PassBody(std::string_view in, bool at_end, HttpBody* body, std::size_t* consumed,
                    Call* call);
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
