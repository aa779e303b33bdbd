// SPDX-License-Identifier: Apache-2.0
#include "drivers/http/http1_session.h"

#include <algorithm>

namespace mbench {
namespace {

std::string_view ErrorOf(HttpRead read) {
  switch (read) {
    case HttpRead::kNotHttp:
      return "reply is not HTTP/1";
    case HttpRead::kBadHeader:
      return "malformed header in a reply";
    case HttpRead::kHeadTooLong:
      return "headers of a reply too long";
    case HttpRead::kBadChunk:
      return "malformed chunk in a reply";
    case HttpRead::kWhole:
    case HttpRead::kIncomplete:
      break;
  }
  return "";
}

// Fields of Call::step. Codes of errors and labels are at most ErrorTable::kMost + 1.
constexpr unsigned kOutcomeShift = 8, kErrorShift = 16, kLabelShift = 24;
constexpr std::uint32_t kClosesBit = 0x80, kByte = 0xff;
static_assert(ErrorTable::kMost < kByte);

}  // namespace

Reply Http1Protocol::ReadReply(std::string_view in, bool at_end, Call* call) {
  if (call->step != 0) return ReadOn(in, 0, at_end, Stored(*call), call);
  if (in.empty()) return {};
  const HttpStatement& statement = programs_[call->op.statement].statement;
  HttpHead head;
  const HttpRead read = ReadHead(in, statement.wanted_headers, Values(statement), &head);
  if (read == HttpRead::kIncomplete) return Incomplete(at_end);
  if (read != HttpRead::kWhole) return Malformed(read);
  // 100 and 103 come before the reply. 101 would end HTTP, and we never ask for that.
  if (head.status == 101) return Malformed(HttpRead::kNotHttp);
  if (head.status < 200) return {.kind = Reply::Kind::kIncomplete, .consumed = head.size};
  return ReadBodyBehind(head, in, at_end, call);
}

Reply Http1Protocol::ReadBodyBehind(const HttpHead& head, std::string_view in, bool at_end,
                                    Call* call) {
  const HttpStatement& statement = programs_[call->op.statement].statement;
  const HttpBody body = BodyAfter(head, statement.is_head);
  if (statement.wants_body || want_values_) return ReadWhole(head, body, in, at_end, call);
  const Answer answer = judge_.Judge(statement, call->op, head.status, Values(statement), {});
  const bool closes = closes_ || head.closes || body.part == HttpBody::Part::kUntilEnd;
  return ReadOn(in, head.size, at_end, {.answer = answer, .body = body, .closes = closes}, call);
}

// Somebody looks at the body: it stays where it is until all of it is there.
Reply Http1Protocol::ReadWhole(const HttpHead& head, HttpBody body, std::string_view in,
                               bool at_end, Call* call) {
  const bool closes = closes_ || head.closes || body.part == HttpBody::Part::kUntilEnd;
  const bool framed = body.part != HttpBody::Part::kLength;
  std::size_t consumed = head.size;
  text_.clear();
  const HttpRead read = ReadBody(in, at_end, &body, &consumed, framed ? &text_ : nullptr);
  if (body.bytes + body.left > HttpJudge::kMostBodyBytes) {
    return {.kind = Reply::Kind::kMalformed, .answer = judge_.Fail("body too long to look into")};
  }
  if (read == HttpRead::kIncomplete) return Incomplete(at_end);
  if (read != HttpRead::kWhole) return Malformed(read);
  const std::string_view text = framed ? text_ : in.substr(head.size, body.bytes);
  const HttpStatement& statement = programs_[call->op.statement].statement;
  Answer answer = judge_.Judge(statement, call->op, head.status, Values(statement), text);
  answer.value = text;
  return {.kind = Reply::Kind::kDone, .consumed = consumed, .answer = answer, .closes = closes};
}

// Nobody looks at the body: what has come of it is done with.
Reply Http1Protocol::ReadOn(std::string_view in, std::size_t consumed, bool at_end, Left left,
                            Call* call) {
  const HttpRead read = ReadBody(in, at_end, &left.body, &consumed, nullptr);
  if (read == HttpRead::kIncomplete) {
    Store(left, call);
    Reply reply = Incomplete(at_end);
    reply.consumed = consumed;
    return reply;
  }
  if (read != HttpRead::kWhole) return Malformed(read);
  return {.kind = Reply::Kind::kDone,
          .consumed = consumed,
          .answer = left.answer,
          .closes = left.closes};
}

Reply Http1Protocol::Malformed(HttpRead read) {
  return {.kind = Reply::Kind::kMalformed, .answer = judge_.Fail(ErrorOf(read))};
}

Reply Http1Protocol::Incomplete(bool at_end) {
  if (!at_end) return {};
  return {.kind = Reply::Kind::kMalformed,
          .answer = judge_.Fail("connection closed within a reply")};
}

void Http1Protocol::Store(const Left& left, Call* call) {
  call->step = static_cast<std::uint32_t>(left.body.part) | (left.closes ? kClosesBit : 0) |
               static_cast<std::uint32_t>(left.answer.outcome) << kOutcomeShift |
               static_cast<std::uint32_t>(left.answer.error) << kErrorShift |
               static_cast<std::uint32_t>(left.answer.label) << kLabelShift;
  call->state = left.body.left;
  call->progress = left.body.bytes;
}

Http1Protocol::Left Http1Protocol::Stored(const Call& call) {
  Left left;
  left.answer.outcome = static_cast<Outcome>(call.step >> kOutcomeShift & kByte);
  left.answer.error = static_cast<std::uint16_t>(call.step >> kErrorShift & kByte);
  left.answer.label = static_cast<std::uint16_t>(call.step >> kLabelShift & kByte);
  left.body.part = static_cast<HttpBody::Part>(call.step & (kClosesBit - 1));
  left.body.left = call.state;
  left.body.bytes = call.progress;
  left.closes = (call.step & kClosesBit) != 0;
  return left;
}

}  // namespace mbench
