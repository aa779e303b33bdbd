// SPDX-License-Identifier: Apache-2.0
//
// One worker's connections to a system that takes points as lines over HTTP.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "drivers/common/http_exchange.h"
#include "drivers/common/point_reply.h"
#include "drivers/common/point_request.h"
#include "drivers/common/write_tally.h"

namespace mbench {

class PointProtocol final : public HttpExchange {
 public:
  // `replies`, `requests`, and `tally` if not null, outlive it.
  PointProtocol(const PointReplies* replies, const PointRequests* requests, WriteTally* tally,
                ErrorTable* errors);

  void AppendRequest(Call* call, std::string* out) override {
    requests_[call->op.statement].AppendTo(call->op.arguments, coder_ ? &*coder_ : nullptr, out);
  }
  // Of the last reply that was an error.
  const std::string& Message() const { return message_; }
  const std::string& Version() const { return version_; }  // that the last reply named

 private:
  HttpExpected Expect(const Call& call) override;
  bool WantsBody(const Call& call, int status) override;
  Answer Judge(Call* call, const HttpReply& reply) override;
  Answer JudgeError(const Call& call, int status, std::string text);

  const PointReplies& replies_;
  const std::string version_header_[1];
  const PointRequests& requests_;
  std::optional<GzipCoder> coder_;
  WriteTally* const tally_;
  ErrorTable* const errors_;
  std::string message_, version_;
};

class PointSession final : public StreamSession {
 public:
  PointSession(const SessionPlan& session_plan, std::uint32_t pipeline,
               std::shared_ptr<TlsContext> tls, const PointReplies* replies,
               std::shared_ptr<const PointRequests> requests, WriteTally* tally)
      : StreamSession(session_plan, pipeline, std::move(tls)),
        system_(replies->system),
        requests_(std::move(requests)),
        protocol_(replies, requests_.get(), tally, &errors()) {}

  std::string LastMessage() const override { return protocol_.Message(); }
  const std::string& Version() const { return protocol_.Version(); }

 private:
  StreamProtocol& Protocol() override { return protocol_; }
  std::uint16_t Refuse(const Op& op) override {
    const bool known = op.kind == OpKind::kStatement && op.statement < requests_->size();
    return known ? std::uint16_t{0}
                 : errors().Code(std::string(system_) + " knows statements only");
  }

  const std::string_view system_;
  std::shared_ptr<const PointRequests> requests_;
  PointProtocol protocol_;
};

}  // namespace mbench
