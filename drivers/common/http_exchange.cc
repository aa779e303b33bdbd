// SPDX-License-Identifier: Apache-2.0
#include "drivers/common/http_exchange.h"

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

Reply HttpExchange::ReadReply(std::string_view in, bool at_end, Call* call) {
  if (call->step != 0) return ReadOn(in, 0, at_end, Stored(*call), call);
  if (in.empty()) return {};
  const HttpExpected expected = Expect(*call);
  HttpHead head;
  const HttpRead read =
      ReadHead(in, expected.headers, std::span(values_).first(expected.headers.size()), &head);
  if (read == HttpRead::kIncomplete) return Incomplete(at_end);
  if (read != HttpRead::kWhole) return Malformed(read);
  // 100 and 103 come before the reply. 101 would end HTTP, and we never ask for that.
  if (head.status == 101) return Malformed(HttpRead::kNotHttp);
  if (head.status < 200) return {.kind = Reply::Kind::kIncomplete, .consumed = head.size};
  return ReadBodyBehind(head, expected, in, at_end, call);
}

Reply HttpExchange::ReadBodyBehind(const HttpHead& head, const HttpExpected& expected,
                                   std::string_view in, bool at_end, Call* call) {
  const HttpBody body = BodyAfter(head, expected.bodyless);
  const HttpReply reply{.status = head.status,
                        .headers = std::span(values_).first(expected.headers.size())};
  if (WantsBody(*call, head.status)) return ReadWhole(head, body, reply, in, at_end, call);
  const Answer answer = Judge(call, reply);
  const bool closes = closes_ || head.closes || body.part == HttpBody::Part::kUntilEnd;
  const Left left{.answer = answer, .body = body, .closes = closes};
  const std::uint16_t label = body.part == HttpBody::Part::kDone ? 0 : HeadLabel(*call);
  if (label == 0) return ReadOn(in, head.size, at_end, left, call);
  Store(left, call);
  return {.kind = Reply::Kind::kStep,
          .consumed = head.size,
          .answer = {.outcome = answer.outcome,
                     .more = true,
                     .error = answer.error,
                     .label = label,
                     .items = 0}};
}

// Somebody looks at the body: it stays where it is until all of it is there.
Reply HttpExchange::ReadWhole(const HttpHead& head, HttpBody body, const HttpReply& reply,
                              std::string_view in, bool at_end, Call* call) {
  const bool closes = closes_ || head.closes || body.part == HttpBody::Part::kUntilEnd;
  const bool framed = body.part != HttpBody::Part::kLength;
  std::size_t consumed = head.size;
  text_.clear();
  const HttpRead read = ReadBody(in, at_end, &body, &consumed, framed ? &text_ : nullptr);
  if (body.bytes + body.left > kMostWantedBody) {
    return {.kind = Reply::Kind::kMalformed, .answer = Fail("body too long to look into")};
  }
  if (read == HttpRead::kIncomplete) return Incomplete(at_end);
  if (read != HttpRead::kWhole) return Malformed(read);
  HttpReply whole = reply;
  whole.body = framed ? std::string_view(text_) : in.substr(head.size, body.bytes);
  return End(consumed, Judge(call, whole), closes, call);
}

// A connection that the server ends behind a step fails the op.
Reply HttpExchange::End(std::size_t consumed, const Answer& answer, bool closes, Call* call) {
  call->step = 0;
  const auto step = answer.label == 0 ? Reply::Kind::kGoOn : Reply::Kind::kStep;
  return {.kind = answer.more ? step : Reply::Kind::kDone,
          .consumed = consumed,
          .answer = answer,
          .closes = closes || !IsSent(*call)};
}

HttpRead HttpExchange::PassBody(std::string_view in, bool at_end, HttpBody* body,
                                std::size_t* consumed, Call* call) {
  if (!WatchesBody(*call)) return ReadBody(in, at_end, body, consumed, nullptr);
  const bool framed = body->part != HttpBody::Part::kLength;
  const std::size_t begin = *consumed;
  text_.clear();
  const HttpRead read = ReadBody(in, at_end, body, consumed, framed ? &text_ : nullptr);
  TakeBody(call, framed ? std::string_view(text_) : in.substr(begin, *consumed - begin));
  return read;
}

// Nobody looks at the body: what has come of it is done with.
Reply HttpExchange::ReadOn(std::string_view in, std::size_t consumed, bool at_end, Left left,
                           Call* call) {
  const HttpRead read = PassBody(in, at_end, &left.body, &consumed, call);
  if (read == HttpRead::kIncomplete) {
    Store(left, call);
    Reply reply = Incomplete(at_end);
    reply.consumed = consumed;
    return reply;
  }
  if (read != HttpRead::kWhole) return Malformed(read);
  return End(consumed, AfterBody(call, left.answer), left.closes, call);
}

Reply HttpExchange::Malformed(HttpRead read) {
  return {.kind = Reply::Kind::kMalformed, .answer = Fail(ErrorOf(read))};
}

Reply HttpExchange::Incomplete(bool at_end) {
  if (!at_end) return {};
  return {.kind = Reply::Kind::kMalformed, .answer = Fail("connection closed within a reply")};
}

void HttpExchange::Store(const Left& left, Call* call) {
  call->step = static_cast<std::uint32_t>(left.body.part) | (left.closes ? kClosesBit : 0) |
               static_cast<std::uint32_t>(left.answer.outcome) << kOutcomeShift |
               static_cast<std::uint32_t>(left.answer.error) << kErrorShift |
               static_cast<std::uint32_t>(left.answer.label) << kLabelShift;
  call->state = left.body.left;
  call->progress = left.body.bytes;
  call->items = left.answer.items;
}

HttpExchange::Left HttpExchange::Stored(const Call& call) {
  Left left;
  left.answer.outcome = static_cast<Outcome>(call.step >> kOutcomeShift & kByte);
  left.answer.error = static_cast<std::uint16_t>(call.step >> kErrorShift & kByte);
  left.answer.label = static_cast<std::uint16_t>(call.step >> kLabelShift & kByte);
  left.body.part = static_cast<HttpBody::Part>(call.step & (kClosesBit - 1));
  left.body.left = call.state;
  left.body.bytes = call.progress;
  left.answer.items = call.items;
  left.closes = (call.step & kClosesBit) != 0;
  return left;
}

}  // namespace mbench
