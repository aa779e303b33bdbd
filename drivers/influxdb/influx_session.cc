// SPDX-License-Identifier: Apache-2.0
#include "drivers/influxdb/influx_session.h"

#include <algorithm>

#include "drivers/influxdb/influx_reply.h"

namespace mbench::influx {
namespace {

const std::string kVersionHeader[] = {"x-influxdb-version"};

std::uint32_t Items(std::uint64_t count) {
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(count, UINT32_MAX));
}

}  // namespace

HttpExpected Protocol::Expect(const Call& call) {
  const bool asks_who = requests_[call.op.statement].kind == Request::Kind::kGet;
  return {.headers = asks_who ? std::span(kVersionHeader) : std::span<const std::string>()};
}

// A write that went well has nothing to say.
bool Protocol::WantsBody(const Call& call, int status) {
  return status >= 300 || requests_[call.op.statement].kind != Request::Kind::kWrite;
}

Answer Protocol::Judge(Call* call, const HttpReply& reply) {
  const Request& request = requests_[call->op.statement];
  const bool writes = request.kind == Request::Kind::kWrite;
  if (reply.status < 200 || reply.status >= 300) {
    return JudgeError(*call, reply.status, ErrorText(reply.body));
  }
  Answer answer{.value = reply.body};
  if (writes) {
    if (tally_ != nullptr) tally_->Add(request, call->op.statement, call->op.arguments);
    answer.items = Items(request.shape.PointsIn(call->op.arguments.size()));
  } else if (request.kind == Request::Kind::kQuery) {
    QueryReply read = ReadQueryReply(reply.body);
    if (!read.error.empty()) return JudgeError(*call, reply.status, std::move(read.error));
    answer.items = Items(read.rows);
  } else if (!reply.headers.empty() && reply.headers[0].data() != nullptr) {
    version_ = reply.headers[0];
  }
  return answer;
}

Answer Protocol::JudgeError(const Call& call, int status, std::string text) {
  const bool writes = requests_[call.op.statement].kind == Request::Kind::kWrite;
  if (const auto dropped = DroppedPoints(text); dropped && writes && tally_ != nullptr)
    tally_->AddPartial(*dropped);
  const bool busy = status == 429 || status == 503 || SaysOverloaded(text);
  std::string error = ErrorClass(text);
  if (status != 200 && status != 400)
    error = fmt::format("status {}{}{}", status, error.empty() ? "" : ": ", error);
  if (error.empty()) error = fmt::format("status {}", status);
  message_ = std::move(text);
  return {.outcome = busy ? Outcome::kRejected : Outcome::kFailed, .error = errors_->Code(error)};
}

}  // namespace mbench::influx
