// SPDX-License-Identifier: Apache-2.0
#include "drivers/common/point_session.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace mbench {
namespace {

std::uint32_t Items(std::uint64_t count) {
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(count, UINT32_MAX));
}

}  // namespace

PointProtocol::PointProtocol(const PointReplies* replies, const PointRequests* requests,
                             WriteTally* tally, ErrorTable* errors)
    : HttpExchange(errors),
      replies_(*replies),
      version_header_{std::string(replies->version_header)},
      requests_(*requests),
      tally_(tally),
      errors_(errors) {
  for (const PointRequest& request : requests_)
    if (request.gzip_level > 0 && !coder_) coder_.emplace(request.gzip_level);
}

HttpExpected PointProtocol::Expect(const Call& call) {
  const bool asks_who =
      requests_[call.op.statement].kind == PointRequest::Kind::kGet && !version_header_[0].empty();
  return {.headers = asks_who ? std::span(version_header_) : std::span<const std::string>()};
}

// A write that went well has nothing to say.
bool PointProtocol::WantsBody(const Call& call, int status) {
  return status >= 300 || requests_[call.op.statement].kind != PointRequest::Kind::kWrite;
}

Answer PointProtocol::Judge(Call* call, const HttpReply& reply) {
  const PointRequest& request = requests_[call->op.statement];
  const bool writes = request.kind == PointRequest::Kind::kWrite;
  if (reply.status < 200 || reply.status >= 300) {
    return JudgeError(*call, reply.status, replies_.error(reply.body));
  }
  Answer answer{.value = reply.body};
  if (writes) {
    if (tally_ != nullptr) tally_->Add(request.shape, call->op.statement, call->op.arguments);
    answer.items = Items(request.shape.PointsIn(call->op.arguments.size()));
  } else if (request.kind == PointRequest::Kind::kQuery) {
    QueryReply read = replies_.query(reply.body);
    if (!read.error.empty()) return JudgeError(*call, reply.status, std::move(read.error));
    answer.items = Items(read.rows);
  } else if (!reply.headers.empty() && reply.headers[0].data() != nullptr) {
    version_ = reply.headers[0];
  }
  return answer;
}

Answer PointProtocol::JudgeError(const Call& call, int status, std::string text) {
  const bool writes = requests_[call.op.statement].kind == PointRequest::Kind::kWrite;
  if (const auto dropped = replies_.dropped(text); dropped && writes && tally_ != nullptr)
    tally_->AddPartial(*dropped);
  const bool busy = status == 429 || status == 503 || replies_.is_busy(text);
  std::string error = replies_.error_class(text);
  if (status != 200 && status != 400)
    error = fmt::format("status {}{}{}", status, error.empty() ? "" : ": ", error);
  if (error.empty()) error = fmt::format("status {}", status);
  message_ = std::move(text);
  return {.outcome = busy ? Outcome::kRejected : Outcome::kFailed, .error = errors_->Code(error)};
}

}  // namespace mbench
